import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import { adviceText } from '#shared/control/iac.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { messageFor, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { authorized, byService } from '../../../test/support/security-groups/events.ts';
import { type Account, type GroupsWorld, group, groupsWorld, networkInterface, rule } from '../../../test/support/security-groups/world.ts';
import emptied from './default-security-group-empty.ts';
import admin from './security-group-admin-closed.ts';
import cleartext from './security-group-cleartext-closed.ts';

/*
 * What people reported of tools that close security groups, and of what makes them, in public; each test is named for its source.
 */

const fix = (control: AnyControl, world: GroupsWorld, more = {}) =>
  new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix', ...more } } }, world });

async function play(
  control: AnyControl,
  account: Account,
  ...events: object[]
): Promise<{ findings: Finding[]; left: (string | undefined)[] }> {
  const world = groupsWorld(account);
  const harness = fix(control, world);
  for (const event of events) {
    harness.put(messageFor(control.id, event));
    await harness.settle();
  }
  return { findings: await harness.findings(), left: world.rules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId) };
}

const ssh = rule('sgr-ssh', 'tcp 22 0.0.0.0/0');
const advice = (findings: readonly Finding[]) => findings.flatMap((one) => one.advice.map(adviceText)).join('\n');
const byController = {
  userIdentity: roleSession('irsa-alb-controller', '1712345'),
  userAgent: 'elbv2.k8s.aws/v2.4.1 aws-sdk-go/1.42.27 (go1.17.8; linux; amd64)',
};
const ofCluster = { GroupName: 'eks-cluster-sg-shop-123', Tags: [{ Key: 'aws:eks:cluster-name', Value: 'shop' }] };

describe('valid rules that were removed', () => {
  test('aws-solutions/automated-security-response-on-aws#246: all traffic from a group stays beside SSH from the world', async () => {
    const restricted = rule('sgr-all', '-1 -1 sg-2');
    const range = rule('sgr-range', '-1 -1 172.31.0.0/16');
    const { findings, left } = await play(admin, { groups: [group()], rules: [restricted, ssh, range] }, authorized([ssh]));
    expect(findings.map(({ status }) => status)).toEqual(['fixed']);
    expect(left).toEqual(['sgr-all', 'sgr-range']);
  });

  test('aws-solutions/automated-security-response-on-aws#200: all traffic from the world is not passed over', async () => {
    const all = rule('sgr-all', '-1 -1 0.0.0.0/0');
    const { left } = await play(admin, { groups: [group()], rules: [all] }, authorized([all]));
    expect(left).toEqual([]);
  });

  test('mondoohq/cnspec#3675: a range around the port is revoked by its id, in a default VPC too', async () => {
    const wide = rule('sgr-wide', 'tcp 20-25 0.0.0.0/0');
    const { findings, left } = await play(admin, { groups: [group()], rules: [wide] }, authorized([wide]));
    expect(left).toEqual([]);
    expect(findings[0]?.changes.map(({ says }) => says)).toEqual([
      'Revoke sgr-wide (TCP 20-25 from 0.0.0.0/0) of sg-1. Connections that are open stay open.',
    ]);
  });
});

describe('load balancers', () => {
  test('kubernetes-sigs/aws-load-balancer-controller#3012: what the controller would add again is asked about, with its own way', async () => {
    const ofController = group('sg-1', { GroupName: 'k8s-shop-web-0123456789', Tags: [{ Key: 'elbv2.k8s.aws/cluster', Value: 'shop' }] });
    const world = { groups: [ofController], rules: [ssh] };
    const { findings, left } = await play(admin, world, authorized([ssh], byController));
    expect(findings.map(({ status }) => status)).toEqual(['awaiting-approval']);
    expect(findings[0]?.says).toMatch(/claims to be managed by the AWS Load Balancer Controller/);
    expect(advice(findings)).toMatch(/alb\.ingress\.kubernetes\.io\/inbound-cidrs/);
    expect(left).toEqual(['sgr-ssh']);
  });

  test('kubernetes-sigs/aws-load-balancer-controller#3637: the shared rules of node groups stay', async () => {
    const shared = rule('sgr-shared', 'tcp 0-65535 sg-9', { Description: 'elbv2.k8s.aws/targetGroupBinding=shared' });
    const { findings, left } = await play(admin, { groups: [group('sg-1', ofCluster)], rules: [shared, ssh] }, authorized([ssh]));
    expect(findings.map(({ status }) => status)).toEqual(['fixed']);
    expect(left).toEqual(['sgr-shared']);
  });

  test('kubernetes/ingress-nginx#10956: node ports and ICMP from the world are no login', async () => {
    const rules = [
      rule('sgr-http', 'tcp 31080 0.0.0.0/0', { Description: 'kubernetes.io/rule/nlb/client=a' }),
      rule('sgr-https', 'tcp 31443 0.0.0.0/0', { Description: 'kubernetes.io/rule/nlb/client=b' }),
      rule('sgr-mtu', 'icmp 3 0.0.0.0/0', { ToPort: 4, Description: 'kubernetes.io/rule/nlb/mtu' }),
    ];
    expect((await play(admin, { groups: [group()], rules }, authorized(rules))).findings).toEqual([]);
    expect((await play(cleartext, { groups: [group()], rules }, authorized(rules))).findings).toEqual([]);
  });
});

describe('EKS', () => {
  test('kubernetes/kubernetes#108762: a rule that the cluster role opens again and again is left to Amazon EKS, with the way that stops it', async () => {
    const db = rule('sgr-db', 'tcp 3306 0.0.0.0/0');
    const world = { groups: [group('sg-1', { GroupName: 'k8s-elb-a1b2c3' })], rules: [db] };
    const { findings, left } = await play(cleartext, world, authorized([db], byService('eks.amazonaws.com', 'shop-cluster')));
    expect(findings.map(({ status }) => status)).toEqual(['skipped']);
    expect(findings[0]?.says).toMatch(/Amazon EKS manages sgr-db/);
    expect(advice(findings)).toMatch(/loadBalancerSourceRanges/);
    expect(left).toEqual(['sgr-db']);
  });

  test('kubernetes/kubernetes#108762: the same by a cluster that only says so is asked about', async () => {
    const db = rule('sgr-db', 'tcp 3306 0.0.0.0/0');
    const byCluster = { userIdentity: roleSession('shop-cluster', '1'), userAgent: 'kubernetes/v1.18.20-eks' };
    const { findings } = await play(cleartext, { groups: [group()], rules: [db] }, authorized([db], byCluster));
    expect(findings[0]?.says).toMatch(/claims to be managed by a Kubernetes cluster, so a person decides/);
  });
});

describe('EMR', () => {
  test('terraform-aws-modules/terraform-aws-emr#10: protocol -1 with port 22 opens every port', async () => {
    const meant = rule('sgr-6', '-1 22 ::/0');
    const { findings } = await play(admin, { groups: [group()], rules: [meant], interfaces: [networkInterface()] }, authorized([meant]));
    expect(findings[0]?.says).toMatch(/SSH \(22\), RDP \(3389\).* through sgr-6 \(all traffic from ::\/0\)/);
    expect(findings[0]?.says).toMatch(/opens other ports too/);
  });

  test('amazon-archives/aws-training-demo#4: SSH that a person added to the group of EMR is closed, and what EMR made is left to it', async () => {
    const emr = rule('sgr-emr', 'tcp 22 0.0.0.0/0');
    const ofEmr = group('sg-1', { GroupName: 'ElasticMapReduce-master' });
    const service = await play(admin, { groups: [ofEmr], rules: [emr] }, authorized([emr], byService('elasticmapreduce.amazonaws.com')));
    expect(service.findings[0]?.says).toMatch(/Amazon EMR manages sgr-emr/);
    expect(advice(service.findings)).toMatch(/block public access of Amazon EMR/);
    const unseen = await play(admin, { groups: [ofEmr], rules: [emr] }, scheduled());
    expect(unseen.findings[0]?.says).toMatch(/claims to be managed by Amazon EMR, so a person decides/);
    const person = await play(admin, { groups: [ofEmr], rules: [ssh] }, authorized([ssh]));
    expect(person.left).toEqual([]);
  });
});

describe('default groups', () => {
  const own = [rule('sgr-1', '-1 -1 sg-1'), rule('sgr-2', '-1 -1 0.0.0.0/0', { IsEgress: true })];

  test('cloud-custodian#3021: the default group is found by its name, and loses the rules of both directions', async () => {
    const { left } = await play(emptied, { groups: [group('sg-1', { GroupName: 'default' })], rules: own }, scheduled());
    expect(left).toEqual([]);
  });

  test('cloud-custodian#2525: what somebody added to it is asked about', async () => {
    const added = rule('sgr-3', 'tcp 443 10.0.0.0/8');
    const { findings } = await play(emptied, { groups: [group('sg-1', { GroupName: 'default' })], rules: [...own, added] }, scheduled());
    expect(findings[0]?.says).toMatch(/Somebody added rules: sgr-3/);
  });

  test('terraform-aws-modules/terraform-aws-vpc#759: one that Terraform adopted is asked about, with its line', async () => {
    const adopted = group('sg-1', { GroupName: 'default', Tags: [{ Key: 'terraform', Value: 'true' }] });
    const { findings } = await play(emptied, { groups: [adopted], rules: own }, scheduled());
    expect(findings.map(({ status }) => status)).toEqual(['awaiting-approval']);
    expect(advice(findings)).toMatch(/aws_default_security_group without `ingress` and `egress`/);
  });
});

test('cloudposse/terraform-aws-elastic-beanstalk-environment#25: an inline rule of Terraform is asked about, as the next apply brings it back', async () => {
  const inline = rule('sgr-all', '-1 -1 0.0.0.0/0');
  const byTerraform = { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 terraform-provider-aws/6.20.0' };
  const { findings, left } = await play(admin, { groups: [group()], rules: [inline] }, authorized([inline], byTerraform));
  expect(findings.map(({ status }) => status)).toEqual(['awaiting-approval']);
  expect(advice(findings)).toMatch(/inline `ingress` says comes back with the next apply/);
  expect(left).toEqual(['sgr-all']);
});
