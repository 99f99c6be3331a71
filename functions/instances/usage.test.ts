import { afterEach, describe, expect, test } from 'vitest';
import { messageFor, orderFor, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { anHourOld, instance, instancesWorld } from '../../test/support/instances/world.ts';
import control from './instance-imds-v2.ts';

const made = runInstances('i-1');
const unused = [0, 0, 0];

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
    const required = { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } } as const;
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
      world: instancesWorld({ instances: [instance('i-1', anHourOld)], ...(tokenless && { tokenless: { 'i-1': tokenless } }) }),
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
    expect([finding?.status, finding?.says]).toEqual([
      'open',
      expect.stringContaining('A service control policy of the organization denies'),
    ]);
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
