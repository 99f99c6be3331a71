import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import { adviceText } from '#shared/control/iac.ts';
import type { Managers } from '#shared/control/manager.ts';
import { alertView } from '../../functions/alerts/view.ts';
import groups from '../../functions/auto-scaling-groups/auto-scaling-group-encrypted.ts';
import templates from '../../functions/launch-templates/launch-template-encrypted.ts';
import volumes from '../../functions/volumes/volume-encrypted.ts';
import { byTerraform, createVolume, messageFor, orderFor, roleSession, runInstances, scheduled } from '../fixtures/events.ts';
import { Harness, type World } from '../support/harness.ts';
import { createGroup, createTemplate } from '../support/launches/events.ts';
import { follow, group, image, launchWorld, template } from '../support/launches/world.ts';
import { ending, made, off, play } from '../support/toys.ts';
import { gp3 } from '../support/volumes/claims.ts';
import { volumesWorld } from '../support/volumes/world.ts';

const tags = (all: { readonly [key: string]: string }) => Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

/** What one control finds in mode `fix`, and every line that a person reads of how to set it right. */
async function found(control: AnyControl, world: World, event: object, settings: object = {}, managers: Managers = {}) {
  const config = { ...managers, controls: { [control.id]: { mode: 'fix', ...settings } } } as const;
  const harness = new Harness({ controls: [control], config, world });
  harness.put(messageFor(control.id, event));
  await harness.settle();
  world.restore?.();
  const [finding] = await harness.findings();
  if (!finding) throw new Error('nothing was found');
  const { advice, source } = alertView(finding);
  return { finding, harness, lines: [...advice, ...source].map(adviceText), writes: harness.writes };
}

const inVolume = (its: object) => () =>
  found(volumes, volumesWorld({ volumes: [{ ...gp3, Tags: tags({ ...its }) }] }), createVolume('vol-1'), { settleSeconds: 0 });
const inTemplate = (its: object) => () =>
  found(
    templates,
    launchWorld({ images: [image('ami-1')], templates: [{ ...template('lt-1', { ImageId: 'ami-1' }), Tags: tags({ ...its }) }] }),
    createTemplate('lt-1'),
  );
const inGroup = (its: object) => () =>
  found(
    groups,
    launchWorld({
      images: [image('ami-1')],
      templates: [{ ...template('lt-1', { ImageId: 'ami-1' }), Tags: tags({ ...its }) }],
      groups: [group('web', { LaunchTemplate: follow('lt-1', '1'), Tags: tags({ ...its }) })],
    }),
    createGroup('web'),
    { allowGroupUpdates: true },
  );

const nodeGroup = { 'eks:cluster-name': 'prod', 'eks:nodegroup-name': 'workers', 'kubernetes.io/cluster/prod': 'owned' };
// terraform-aws-eks-blueprints#138, karpenter#1086, and Karpenter's page on the migration to v1
const karpenter = { 'karpenter.sh/nodepool': 'default', 'karpenter.k8s.aws/ec2nodeclass': 'x', 'eks:eks-cluster-name': 'prod' };
const stack = (name: string, more: object = {}) => ({ 'aws:cloudformation:stack-name': name, ...more });
// elastic-beanstalk-roadmap#202
const beanstalk = { 'elasticbeanstalk:environment-id': 'e-abcdefghij', 'elasticbeanstalk:environment-name': 'shop-prod' };
const others = /AWS::EC2::|AWS::AutoScaling|aws_launch_template|aws_ebs_volume|aws_autoscaling|ec2\.(?:Volume|LaunchTemplate)/;

describe('what a tool manages is left unchanged, named as what it is, with its own way and no other', () => {
  test.each([
    ['a template of an EKS node group', inTemplate(nodeGroup), 'an EKS managed node group', /launch template of its own/],
    ['a group of an EKS node group', inGroup(nodeGroup), 'an EKS managed node group', /launch template of its own/],
    ['a template of Karpenter v1', inTemplate(karpenter), 'Karpenter', /`spec\.blockDeviceMappings` of the EC2NodeClass/],
    ['a volume of Karpenter v1', inVolume(karpenter), 'Karpenter', /`spec\.blockDeviceMappings` of the EC2NodeClass/],
    [
      'a group of self-managed nodes',
      inGroup({ 'kubernetes.io/cluster/prod': 'owned', 'k8s.io/cluster-autoscaler/prod': 'owned' }),
      'a Kubernetes cluster',
      /the node group's own launch template/,
    ],
    ['a group of Beanstalk whose stack does not show', inGroup(beanstalk), 'Elastic Beanstalk', /encryption by default.*custom AMI/],
    ['a volume of Crossplane', inVolume({ 'crossplane-kind': 'ebsvolume.ec2.aws.upbound.io' }), 'Crossplane', /^Crossplane: /m],
    ['a volume of ACK', inVolume({ 'services.k8s.aws/namespace': 'x' }), 'AWS Controllers for Kubernetes (ACK)', /^ACK: /m],
    ['a volume of Pulumi, by a value', inVolume({ Terraform: 'false', ManagedBy: 'Pulumi' }), 'Pulumi', /^Pulumi: /m],
    [
      'a claim of a PersistentVolume',
      inVolume({ CSIVolumeName: 'pv-1' }),
      'a Kubernetes CSI driver',
      /another StorageClass.*cannot be changed/,
    ],
  ])('if a person says so: %s', async (_name, find, name, way) => {
    const { finding, lines, writes } = await find();
    expect(finding).toMatchObject({ status: expect.stringMatching(/awaiting-approval|open/), reason: { code: 'claimed' } });
    expect(finding.says).toContain(`It claims to be managed by ${name}, so a person decides.`);
    expect(lines[0]).toMatch(way);
    if (name !== 'Pulumi' && name !== 'Crossplane') expect(lines.join('\n')).not.toMatch(others);
    expect(writes).toEqual([]);
  });

  test.each([
    ['Beanstalk', stack('awseb-e-abcdefghij-stack', beanstalk), 'Elastic Beanstalk (stack awseb-e-abcdefghij-stack)', /custom AMI/],
    [
      'Service Catalog',
      stack('SC-123456789012-pp-abc', { 'aws:servicecatalog:provisionedProductArn': 'arn' }),
      'Service Catalog (stack SC-123456789012-pp-abc)',
      /new version of the product/,
    ],
    [
      'eksctl',
      stack('eksctl-prod-nodegroup-ng-1', { 'alpha.eksctl.io/nodegroup-name': 'ng-1' }),
      'eksctl (stack eksctl-prod-nodegroup-ng-1)',
      /`volumeEncrypted: true`/,
    ],
  ])('by its stack: %s', async (_name, its, name, way) => {
    for (const find of [inGroup(its), inTemplate(its), inVolume(its)]) {
      const { finding, lines, writes } = await find();
      expect(finding).toMatchObject({ status: 'skipped', reason: { code: 'managed' } });
      expect(finding.says).toContain(`${name} manages it, so it is left unchanged: fix it there.`);
      expect(lines).toEqual([expect.stringMatching(way)]);
      expect(writes).toEqual([]);
    }
  });

  test('a key that its value denies exempts nothing', async () => {
    const { finding } = await inVolume({ Terraform: 'false' })();
    expect(finding.status).toBe('superseded');
  });

  // https://docs.aws.amazon.com/eks/latest/userguide/automode.html: AWS names EKS as the operator of what Auto Mode makes
  test.each([
    [
      'eks.amazonaws.com',
      { 'eks:eks-cluster-name': 'prod' },
      'Amazon EKS Auto Mode',
      [expect.stringMatching(/^Amazon EKS: for nodes, name a key/)],
    ],
    ['workspaces.amazonaws.com', {}, 'workspaces.amazonaws.com', []],
    ['workspaces.amazonaws.com', { Terraform: 'true' }, 'workspaces.amazonaws.com', []],
  ])('by the service that operates it: %s %j', async (Principal, its, name, ways) => {
    const operated = { ...gp3, Tags: tags({ ...its }), Operator: { Managed: true, Principal } };
    const { finding, lines, writes } = await found(volumes, volumesWorld({ volumes: [operated] }), createVolume('vol-1'));
    expect(finding).toMatchObject({
      status: 'skipped',
      reason: { code: 'left-unchanged', says: `${name} manages it, so it is left unchanged.` },
    });
    expect(lines).toEqual(ways);
    expect(writes).toEqual([]);
  });

  test('by what made the template that a group launches from', async () => {
    const world = launchWorld({
      images: [image('ami-1')],
      templates: [{ ...template('lt-1', { ImageId: 'ami-1' }), Tags: tags({ ...stack('awseb-e-abc-stack') }) }],
      groups: [group('web', { LaunchTemplate: follow('lt-1', '1') })],
    });
    const { finding, lines } = await found(groups, world, createGroup('web'), { allowGroupUpdates: true });
    expect(finding.status).toBe('open');
    expect(lines[0]).toBe('Elastic Beanstalk (stack awseb-e-abc-stack) manages the launch template name-of-lt-1: set encryption there.');
    expect(lines).toContainEqual(expect.stringMatching(/^Elastic Beanstalk: .*custom AMI/));
    expect(lines.join()).not.toMatch(others);
  });

  test('what AWS Backup restores waits for a person, with the way to restore it better', async () => {
    const event = createVolume('vol-1', {
      userIdentity: roleSession('AWSBackupDefaultServiceRole', 'x', { invokedBy: 'backup.amazonaws.com' }),
    });
    const { finding, lines } = await found(volumes, volumesWorld({ volumes: [gp3] }), event);
    expect(finding).toMatchObject({ status: 'awaiting-approval' });
    expect(finding.says).toContain('AWS Backup made this volume');
    expect(lines).toEqual([expect.stringMatching(/^AWS Backup: restore with `encrypted`/)]);
  });

  test('a fleet launches for the role that asked for it, which the config can list', async () => {
    const userIdentity = roleSession('KarpenterControllerRole-prod', '1700000000000000001', { invokedBy: 'ec2fleet.amazonaws.com' });
    const event = runInstances('i-1');
    const launch = { ...event, detail: { ...event.detail, userIdentity, userAgent: 'ec2fleet.amazonaws.com' } };
    const attached = {
      ...gp3,
      State: 'in-use' as const,
      Attachments: [{ InstanceId: 'i-1', State: 'attached' as const }],
      Tags: tags(karpenter),
    };
    const managedBy = { kubernetes: ['arn:aws:iam::*:role/KarpenterControllerRole-*'] };
    const { finding, lines } = await found(volumes, volumesWorld({ volumes: [attached] }), launch, {}, { managedBy });
    expect(finding).toMatchObject({ status: 'skipped', actor: { name: 'KarpenterControllerRole-prod' } });
    expect(finding.says).toContain('Karpenter manages it');
    expect(lines).toEqual([expect.stringMatching(/^Karpenter: /)]);
  });
});

describe('the line of the tool that made it comes first, and no other tool is named', () => {
  const line = { tool: 'Terraform', says: 'set `on = true` on the aws_toy.' };
  const byTag = off({ tags: [{ Key: 'Terraform', Value: 'true' }] });
  const toolsIn = (finding: Parameters<typeof alertView>[0] | undefined) => finding?.advice.flatMap(({ tool }) => tool ?? []);

  test.each([
    ['while a person is asked', play(byTag), made()],
    ['where the sweep found it', play(byTag), scheduled()],
    ['where claims do not count', play(off({ tags: byTag.tags }), { claims: 'fix' }), scheduled()],
  ])('%s', async (_name, harness, event) => {
    const finding = await ending(harness, event);
    expect(finding?.status).toBe('awaiting-approval');
    expect(finding?.advice[0]).toEqual(line);
    expect(toolsIn(finding)).toEqual(['Terraform']);
  });

  test('also when it is fixed: by its maker, or by the tags that were read before', async () => {
    expect(toolsIn(await ending(play(off(), { claims: 'fix' }), made(byTerraform)))).toEqual(['Terraform']);
    const harness = play(off({ tags: byTag.tags }));
    const finding = await ending(harness, scheduled());
    harness.put(orderFor('toy-on', 'fix', finding?.id ?? ''));
    await harness.settle();
    const [fixed] = await harness.findings();
    expect(fixed).toMatchObject({ status: 'fixed', advice: [line] });
  });

  test('and all are, where nobody knows the tool', async () => {
    const finding = await ending(play(off(), { claims: 'fix' }), made());
    expect(finding).toMatchObject({ status: 'fixed', advice: [] });
  });
});
