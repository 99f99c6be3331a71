import { type Instance, ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, test } from 'vitest';
import { callEvent, launchOf, messageFor, orderFor, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { type Account, instance, instancesWorld } from '../../test/support/instances/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './instance-imds-v2.ts';

const set = (HttpTokens: 'optional' | 'required') => new ModifyInstanceMetadataOptionsCommand({ InstanceId: 'i-1', HttpTokens });
/** An account with one instance whose requests without tokens are those of the days. */
const world = (tokenless: readonly number[] | undefined, more: Parameters<typeof instance>[1] = {}, account: Account = {}) => {
  const tokens = tokenless && { tokenless: { 'i-1': tokenless } };
  return () => instancesWorld({ instances: [instance('i-1', more)], ...tokens, ...account });
};
const made = runInstances('i-1');
const unused = [0, 0, 0];
/** The changing call, as its only public record has it. */
const changed = callEvent('ModifyInstanceMetadataOptions', {
  requestParameters: { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'optional', InstanceId: 'i-1' } },
});
const options = (more: Instance['MetadataOptions']) => ({ MetadataOptions: { ...instance('i-1').MetadataOptions, ...more } });
/** Made an hour ago, by the first network interface: a stop and a start would only change the time of the launch. */
const anHourOld: Partial<Instance> = {
  LaunchTime: new Date('2026-11-21T08:30:00Z'),
  NetworkInterfaces: [{ Attachment: { AttachTime: new Date('2026-11-21T08:00:00Z') } }],
  BlockDeviceMappings: [{ Ebs: { AttachTime: new Date('2026-11-21T08:00:01Z') } }, {}],
};
const denied = awsError('AccessDenied', 'User is not authorized to perform: cloudwatch:GetMetricData', 403);

testControl(control, {
  valid: [
    { name: 'an instance that demands tokens', world: world(undefined, options({ HttpTokens: 'required' })), event: made },
    { name: 'one whose metadata service is off', world: world([7], options({ HttpEndpoint: 'disabled' })), event: changed },
  ],
  invalid: [
    {
      name: 'one that nobody asks without a token',
      world: world(unused),
      event: made,
      sends: [set('required')],
      status: 'fixed',
      says: 'Found: Its metadata service answers without a session token (IMDSv1). No request of the last 14 days came without one. Now: Its metadata service demands session tokens.',
    },
    {
      name: 'kubernetes-sigs/aws-load-balancer-controller#3321: two requests a day of a controller with an old SDK',
      world: world([2, 2, 2]),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /In the last 14 days, 6 requests came without one, and would have failed/,
      advice: /Find the program that asks without a token before you say yes/,
    },
    {
      name: 'kubernetes-sigs/aws-ebs-csi-driver#1632: a driver that panics without IMDSv1, whose owner says yes',
      world: world([1]),
      event: made,
      isApproved: true,
      sends: [set('required')],
      status: 'fixed',
      says: /1 request came without one, and would have failed\. Now: /,
    },
    {
      name: 'aws/containers-roadmap#930: containers behind a hop limit of 1 get no token',
      world: world(unused, options({ HttpPutResponseHopLimit: 1 })),
      event: made,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /answers without a session token/,
      advice:
        /Containers on it get a token only with a hop limit of 2, .*`aws ec2 modify-instance-metadata-options --instance-id i-1 --http-put-response-hop-limit 2`/,
    },
    {
      name: 'one that was stopped for two weeks, of which there are no data',
      world: world(undefined, { State: { Name: 'stopped' } }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /How many requests of the last 14 days had none is not known: CloudWatch has no number of them/,
    },
    {
      name: 'one whose metric Redress may not read',
      world: world(unused, {}, { refuses: { 'cloudwatch:GetMetricData': denied } }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress cannot read their number: cloudwatch:GetMetricData: User is not authorized/,
    },
    {
      name: 'one whose metric CloudWatch could read in part only',
      world: world(unused, {}, { status: 'InternalError' }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /CloudWatch has no number of them/,
    },
    {
      name: 'one that somebody let answer without tokens: who made it is not known',
      world: world(unused),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /did not see who made it/,
    },
    {
      name: 'one of a group, whose template is the source',
      world: world(unused, { tags: { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' } }),
      event: launchOf('i-1'),
      sends: [set('required')],
      status: 'fixed',
      says: /Now: Its metadata service demands session tokens/,
    },
    {
      name: 'one of a group without a template: it is told what to replace',
      world: world([1], { tags: { 'aws:autoscaling:groupName': 'web' } }),
      event: launchOf('i-1'),
      sends: [],
      status: 'awaiting-approval',
      says: /1 request came/,
      advice:
        /The Auto Scaling group web launched it, .* Set it in the launch template of the group, then have the group replace its instances: `aws autoscaling start-instance-refresh --auto-scaling-group-name web`/,
    },
  ],
  skipped: [
    { name: 'a terminated instance', world: world(unused, { State: { Name: 'terminated' } }), event: made, says: /is terminated/ },
    { name: 'one whose options AWS does not show', world: world(unused, { MetadataOptions: {} }), event: made, says: /does not show/ },
    {
      name: 'one of a CloudFormation stack',
      world: world(unused, { tags: { 'aws:cloudformation:stack-name': 'shop' } }),
      event: made,
      says: /The CloudFormation stack shop manages it/,
      advice: /^CloudFormation: set `MetadataOptions: \{ HttpTokens: required \}` on the AWS::EC2::Instance/,
    },
  ],
  undo: [{ name: 'it answers without tokens again', world: world(unused), event: made, sends: [set('optional')] }],
});

describe('a burst of launches', () => {
  const ids = Array.from({ length: 200 }, (_, n) => `i-${n}`);

  test('shares its reads: one DescribeInstances and one GetMetricData, page by page', async () => {
    const its = instancesWorld({ instances: ids.map((id) => instance(id)), tokenless: Object.fromEntries(ids.map((id) => [id, [1]])) });
    const harness = new Harness({ controls: [control], world: its });
    harness.put(messageFor(control.id, runInstances(...ids)));
    await harness.settle();
    const findings = await harness.findings();
    expect(findings.length).toBe(200);
    for (const { says } of findings) expect(says).toMatch(/1 request came without one/);
    expect(its.asked.filter((action) => action === 'ec2:DescribeInstances').length).toBeLessThanOrEqual(2);
    // the world answers two results a page
    expect(its.asked.filter((action) => action === 'cloudwatch:GetMetricData').length).toBe(100);
  });

  test('asks CloudWatch about none that demands tokens or is new', async () => {
    const required = options({ HttpTokens: 'required' });
    const its = instancesWorld({ instances: [instance('i-1', required), instance('i-2', anHourOld)] });
    const harness = new Harness({ controls: [control], world: its });
    harness.put(messageFor(control.id, scheduled()));
    await harness.settle();
    expect(its.asked).not.toContain('cloudwatch:GetMetricData');
  });
});

describe('a new instance', () => {
  const start = (tokenless: readonly number[] | undefined, mode: 'approve' | 'fix' = 'fix') => {
    const harness = new Harness({
      controls: [control],
      config: { controls: { [control.id]: { mode } } },
      world: world(tokenless, anHourOld)(),
    });
    harness.put(messageFor(control.id, made));
    return harness;
  };

  test('waits for a day, and is not asked about before', async () => {
    const harness = start(unused);
    await harness.settle();
    expect((await harness.findings())[0]?.says).toMatch(/too new to know .* Redress fixes it at 2026-11-22T10:00:00\.000Z, if/);
    expect(harness.reads.map(({ api }) => api)).not.toContain('cloudwatch:GetMetricData');
    await harness.settle(48);
    expect(harness.writes.map(({ input }) => input)).toEqual([{ InstanceId: 'i-1', HttpTokens: 'required' }]);
    expect(harness.now >= new Date('2026-11-22T09:55:00Z')).toBe(true);
    expect(harness.reads.map(({ api }) => api)).toContain('cloudwatch:GetMetricData');
  });

  test.each([
    ['was asked without a token meanwhile', [3], /3 requests came without one/],
    ['has no data after that day', undefined, /CloudWatch has no number/],
  ])('that %s waits for a person', async (_what, tokenless, says) => {
    const harness = start(tokenless);
    await harness.settle(48);
    expect(harness.writes).toEqual([]);
    const [finding] = harness.announced.slice(-1);
    expect([finding?.status, finding?.says]).toEqual(['awaiting-approval', expect.stringMatching(says)]);
  });

  test('is the choice of a person at once, where one is asked anyway', async () => {
    const harness = start(unused, 'approve');
    await harness.settle();
    const [waiting] = await harness.findings();
    expect([waiting?.status, waiting?.says]).toEqual(['awaiting-approval', expect.stringContaining('It is too new to know')]);
    harness.put(orderFor(control.id, 'fix', waiting?.id ?? ''));
    await harness.settle(1);
    expect((await harness.findings())[0]?.status).toBe('fixed');
  });
});

describe('what the owner of the account or of the organization refuses', () => {
  const refuses: Record<string, Error> = {};
  afterEach(() => void delete refuses['ec2:ModifyInstanceMetadataOptions']);

  function start() {
    const its = instancesWorld({ instances: [instance('i-1')], tokenless: { 'i-1': unused }, refuses });
    const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world: its });
    harness.put(messageFor(control.id, made));
    return harness;
  }

  test('delenamalan.co.za, ec2:MetadataHttpTokens vs ec2:Attribute/HttpTokens: a policy with the wrong key denies the fix too', async () => {
    const denial =
      'You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/redress-instances-eu-west-1/x is not authorized to perform: ec2:ModifyInstanceMetadataOptions on resource: arn:aws:ec2:eu-west-1:111122223333:instance/i-1 with an explicit deny in a service control policy';
    refuses['ec2:ModifyInstanceMetadataOptions'] = awsError('UnauthorizedOperation', denial, 403);
    const harness = start();
    await harness.settle();
    const [finding] = await harness.findings();
    expect([finding?.status, finding?.says]).toEqual(['failed', expect.stringContaining('in a service control policy')]);
    expect(harness.writes.length).toBe(1);
  });

  test('httpTokensEnforced keeps an undo from coming through, and the finding says so', async () => {
    const harness = start();
    await harness.settle();
    const [fixed] = await harness.findings();
    expect(fixed?.status).toBe('fixed');
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-existing-instances.html#modify-restore-IMDSv1
    const enforced = "You can't modify the instance because httpTokensEnforced is enabled for this account.";
    refuses['ec2:ModifyInstanceMetadataOptions'] = awsError('UnsupportedOperation', enforced);
    harness.put(orderFor(control.id, 'undo', fixed?.id ?? ''));
    await harness.settle();
    expect(harness.announced.at(-1)?.says).toContain('AWS refused the undo: UnsupportedOperation');
    expect(harness.announced.at(-1)?.says).toContain('httpTokensEnforced is enabled');
  });
});
