import type { Volume } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, test } from 'vitest';
import { controls } from '../../functions/volumes/controls.ts';
import { actionOf } from '../../shared/actions.ts';
import type { RedressConfig } from '../../shared/config.ts';
import type { AwsCommand } from '../../shared/control.ts';
import { attachVolume, callEvent, createVolume, ebsSetting, messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { type Account, volumesWorld } from '../functions/volumes/world.ts';
import { awsError, Harness, type World } from '../harness.ts';

const volume = (id: string, more: Partial<Volume> = {}): Volume => ({
  VolumeId: id,
  Encrypted: false,
  State: 'available',
  VolumeType: 'gp3',
  Size: 8,
  Iops: 3000,
  Throughput: 125,
  AvailabilityZone: 'eu-west-1a',
  Attachments: [],
  Tags: [],
  ...more,
});
const fixing: RedressConfig = { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } };
const ofVolume = (id: string) => messageFor('volume-encrypted', createVolume(id, { eventID: `event-${id}` }));
const turnedOff = () => messageFor('ebs-default-encryption', ebsSetting('DisableEbsEncryptionByDefault'));

let worlds: World[] = [];
afterEach(() => {
  for (const world of worlds) world.restore?.();
  worlds = [];
});

/** A harness over both volume controls; `around` sees every command before the world does. */
function start(
  account: Account,
  config: RedressConfig = fixing,
  around?: (command: AwsCommand, next: () => Promise<unknown>) => Promise<unknown>,
) {
  const world = volumesWorld(account);
  worlds.push(world);
  const send: World['send'] = (command) => (around ? around(command, () => world.send(command)) : world.send(command));
  return { harness: new Harness({ controls, config, world: { send } }), volumes: world.volumes };
}

const copiesOf = (volumes: readonly Volume[], id: string) => volumes.filter(({ SourceVolumeId }) => SourceVolumeId === id);
const statuses = async (harness: Harness) => (await harness.findings()).map(({ status, resource }) => `${resource.id} ${status}`).sort();

describe('a message that cannot be used', () => {
  test.each([
    ['is not JSON', '{"control": "volume-encr', /not JSON/],
    ['has no event', { control: 'volume-encrypted' }, /neither an event nor an order/],
    [
      'has an event of another kind',
      messageFor('volume-encrypted', { ...createVolume('vol-1'), 'detail-type': 'EC2 Spot Instance Interruption Warning' }),
      /not one that Redress handles/,
    ],
    ['has a record without a name', messageFor('volume-encrypted', callEvent('x', { eventName: 7 })), /event\.detail\.eventName/],
    ['is for a control that is not here', messageFor('bucket-private', createVolume('vol-1')), /no control "bucket-private"/],
    ['is of another account', messageFor('volume-encrypted', { ...createVolume('vol-1'), account: '999999999999' }), /of 999999999999/],
    ['is of another Region', messageFor('volume-encrypted', { ...createVolume('vol-1'), region: 'us-east-1' }), /in us-east-1/],
    ['orders something of an unknown finding', orderFor('volume-encrypted', 'fix', 'f-20261121-0123456789ab'), /does not hold/],
  ])('that %s reaches the dead-letter queue, and stops nothing else of its batch', async (_name, body, reason) => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] });
    harness.put(body);
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
    await harness.settle();
    expect(harness.dead).toHaveLength(1);
    expect(harness.logs.map(({ error }) => error).join(' ')).toMatch(reason);
  });

  test('is not quoted in any log', async () => {
    const { harness } = start({});
    harness.put('{"control":"volume-encrypted","password":"hunter2hunter2"');
    await harness.settle();
    expect(await harness.output()).not.toContain('hunter2');
  });
});

test('a record over 100 KB, whose answer CloudTrail left out, makes every volume be looked at', async () => {
  const { harness } = start({ volumes: [volume('vol-1'), volume('vol-2')] }, { controls: { 'volume-encrypted': { mode: 'observe' } } });
  harness.put(
    messageFor(
      'volume-encrypted',
      callEvent('CreateVolume', { requestParameters: { omitted: true }, responseElements: { omitted: true } }),
    ),
  );
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 would-fix', 'vol-2 would-fix']);
});

describe('throttling', () => {
  test.each(['ec2:DescribeVolumes', 'ec2:CopyVolumes', 'ec2:CreateTags'])(
    'of %s five times, then success: the event is kept, and written once',
    async (api) => {
      let refusals = 5;
      const { harness, volumes } = start({ volumes: [volume('vol-1')] }, fixing, (command, next) => {
        if (actionOf(command) === api && refusals > 0) {
          refusals -= 1;
          throw awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
        }
        return next();
      });
      harness.put(ofVolume('vol-1'));
      await harness.settle();
      expect(refusals).toBe(0);
      expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
      expect(await statuses(harness)).toEqual(['vol-1 superseded']);
      expect(harness.dead).toEqual([]);
      const tries = harness.writes.filter((one) => one.api === api).length;
      expect(tries).toBe(api === 'ec2:DescribeVolumes' ? 0 : 6);
    },
  );
});

describe('a denied call', () => {
  const denied = awsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);

  test('of a write becomes a finding that names the action, and can be tried again', async () => {
    let isDenied = true;
    const { harness } = start({ volumes: [volume('vol-1')] }, fixing, (command, next) => {
      if (actionOf(command) === 'ec2:CopyVolumes' && isDenied) throw denied;
      return next();
    });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [finding] = await harness.findings();
    expect(finding?.status).toBe('failed');
    expect(finding?.says).toMatch(/may not ec2:CopyVolumes/);
    expect(harness.dead).toEqual([]);
    isDenied = false;
    harness.put(orderFor('volume-encrypted', 'fix', finding?.id ?? ''));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('of a read becomes a finding that names the action', async () => {
    const { harness } = start({ volumes: [volume('vol-1')], refuses: { DescribeVolumes: denied } });
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    expect((await harness.findings())[0]?.says).toMatch(/may not ec2:DescribeVolumes/);
    expect(harness.writes).toEqual([]);
  });
});

test('a refused write is observed once more, told once, and ends in the dead-letter queue; redriven, it is tried anew', async () => {
  let isRefused = true;
  const { harness } = start({ volumes: [volume('vol-1')] }, fixing, (command, next) => {
    if (actionOf(command) === 'ec2:CopyVolumes' && isRefused) throw awsError('VolumeLimitExceeded', 'You have reached your volume limit.');
    return next();
  });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.map(({ status }) => status)).toEqual(['failed']);
  expect(harness.announced[0]?.says).toMatch(/VolumeLimitExceeded: You have reached/);
  expect(harness.dead).toHaveLength(1);
  isRefused = false;
  harness.put(harness.dead[0]);
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 superseded']);
});

describe('a kill', () => {
  test('between any two calls, then redelivery: nothing is lost, and nothing is written twice', async () => {
    const calm = start({ volumes: [volume('vol-1')] });
    calm.harness.put(ofVolume('vol-1'));
    await calm.harness.invoke();
    const { calls } = calm.harness;
    expect(calls.length).toBeGreaterThan(10);
    for (let at = 1; at <= calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { harness, volumes } = start({ volumes: [volume('vol-1')] });
        harness.put(ofVolume('vol-1'));
        await harness.invoke({ at, when });
        await harness.settle();
        const where = `killed ${when} call ${at}, ${calls[at - 1]}`;
        expect(copiesOf(volumes, 'vol-1'), where).toHaveLength(1);
        expect(await statuses(harness), where).toEqual(['vol-1 superseded']);
        expect(harness.dead, where).toEqual([]);
        expect(harness.writes.filter(({ api }) => api === 'ec2:CreateTags').length, where).toBeLessThanOrEqual(2);
        expect(new Set(harness.announced.map(({ announcement }) => announcement)).size, where).toBe(1);
      }
    }
  });

  test('at every delivery of a begun fix: a critical alert before the dead-letter queue', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] });
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    const copied = harness.calls.indexOf('ec2:CopyVolumes') + 1;
    const again = start({ volumes: [volume('vol-2')] });
    again.harness.put(ofVolume('vol-2'));
    await again.harness.invoke({ at: copied, when: 'after' });
    for (let receive = 2; receive <= 5; receive += 1) {
      again.harness.now = new Date(again.harness.now.getTime() + 400_000);
      const look = receive < 5 ? 3 : 5;
      await again.harness.invoke({ at: look, when: 'after' });
    }
    expect(again.harness.announced.map(({ severity }) => severity)).toContain('critical');
    expect(again.harness.dead).toHaveLength(1);
    again.harness.put(again.harness.dead[0]);
    again.harness.now = new Date(again.harness.now.getTime() + 400_000);
    await again.harness.settle();
    expect(await statuses(again.harness)).toEqual(['vol-2 superseded']);
  });
});

test('the same message twice at once, in one batch and in two invocations: one copy, one finding, one announcement', async () => {
  const { harness, volumes } = start({ volumes: [volume('vol-1')] });
  harness.put(ofVolume('vol-1'));
  harness.put(ofVolume('vol-1'));
  const first = harness.invoke();
  harness.put(ofVolume('vol-1'));
  await Promise.all([first, harness.invoke()]);
  await harness.settle();
  expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
  expect(harness.announced.map(({ status, count }) => [status, count])).toEqual([['superseded', 1]]);
});

describe('reads that lag', () => {
  test('make Redress wait and look again, not send again', async () => {
    let stale = 4;
    const { harness } = start({}, {}, (command, next) => {
      const isAfterFix = harness.writes.length > 0;
      if (actionOf(command) === 'ec2:GetEbsEncryptionByDefault' && isAfterFix && stale > 0) {
        stale -= 1;
        return Promise.resolve({ EbsEncryptionByDefault: false });
      }
      return next();
    });
    harness.put(turnedOff());
    await harness.settle();
    expect(harness.writes).toHaveLength(1);
    expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed']);
  });

  test('for ever end in a finding that says so', async () => {
    const { harness } = start({}, {}, (command, next) =>
      actionOf(command) === 'ec2:GetEbsEncryptionByDefault' ? Promise.resolve({ EbsEncryptionByDefault: false }) : next(),
    );
    harness.put(turnedOff());
    await harness.settle();
    expect(harness.writes).toHaveLength(1);
    expect((await harness.findings())[0]).toMatchObject({
      status: 'failed',
      says: expect.stringContaining('reads still show the old state'),
    });
  });

  test('of a copy that is being made are waited for', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')], copyState: 'creating' });
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes']);
    const [copy] = copiesOf(volumes, 'vol-1');
    if (copy) copy.State = 'available';
    await harness.settle();
    expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });
});

describe('the kill switch', () => {
  const pause = { by: 'arn:aws:iam::111122223333:user/dana', at: '2026-11-21T09:00:00.000Z', reason: 'a migration' };

  test('stops every fix that has not begun, and each goes on after it', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] });
    await harness.ledger.setPause(pause);
    harness.put(ofVolume('vol-1'));
    await harness.settle(2);
    expect(harness.writes).toEqual([]);
    expect(harness.announced.map(({ says }) => says).join()).toMatch(/paused by .*dana.*: a migration/);
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('thrown in the middle of a fix lets its completing steps run', async () => {
    const started = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) => {
      const answer = await next();
      if (actionOf(command) === 'ec2:CopyVolumes') await started.harness.ledger.setPause(pause);
      return answer;
    });
    started.harness.put(ofVolume('vol-1'));
    await started.harness.settle(2);
    expect(await statuses(started.harness)).toEqual(['vol-1 superseded']);
  });
});

test('a full blast-radius window: what is over waits for the next one, and one alert says so', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `vol-${n}`);
  const { harness, volumes } = start({ volumes: ids.map((id) => volume(id)) });
  for (const id of ids) harness.put(ofVolume(id));
  await harness.invoke();
  expect(volumes.filter(({ SourceVolumeId }) => SourceVolumeId)).toHaveLength(25);
  expect(harness.announced.filter(({ says }) => says.includes('until the next window'))).toHaveLength(1);
  await harness.settle();
  for (const id of ids) expect(copiesOf(volumes, id)).toHaveLength(1);
  expect((await statuses(harness)).every((text) => text.endsWith('superseded'))).toBe(true);
});

test('a batch shares its reads and joins its tags: calls do not grow with the number of volumes', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `vol-${n}`);
  const world = volumesWorld({ volumes: ids.map((id) => volume(id, { Tags: [] })) });
  worlds.push(world);
  const harness = new Harness({ controls, config: { controls: { 'volume-encrypted': { mode: 'observe' } } }, world });
  for (const id of ids) harness.put(ofVolume(id));
  for (const id of ids) harness.put(messageFor('ebs-default-encryption', createVolume(id)));
  await harness.invoke();
  const counts = Map.groupBy(harness.reads, ({ api }) => api);
  expect(counts.get('ec2:DescribeVolumes')).toHaveLength(2);
  expect(counts.get('ec2:GetEbsEncryptionByDefault')).toHaveLength(2);
});

test('many events about one case are one finding with a count', async () => {
  const { harness } = start({ volumes: [volume('vol-1', { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] })] });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  for (let n = 0; n < 3; n += 1) harness.put(messageFor('volume-encrypted', attachVolume('vol-1', 'i-1')));
  await harness.settle();
  const findings = await harness.findings();
  expect(findings.map(({ count, status }) => [count, status])).toEqual([[4, 'open']]);
  expect(harness.announced).toHaveLength(1);
});

test('a resource that comes back wrong three times within an hour is left alone, and the alert names who changes it back', async () => {
  const { harness } = start({});
  for (let n = 0; n < 3; n += 1) {
    harness.put(turnedOff());
    await harness.settle();
    harness.now = new Date(harness.now.getTime() + 60_000);
    await worlds[0]?.send(new (await import('@aws-sdk/client-ec2')).DisableEbsEncryptionByDefaultCommand({}));
  }
  const writes = harness.writes.length;
  harness.put(turnedOff());
  await harness.settle();
  expect(harness.writes).toHaveLength(writes);
  expect(harness.announced.at(-1)?.says).toMatch(/came back wrong 3 times within an hour, last by dana/);
});

test('a volume that is attached while it settles is not copied', async () => {
  const { harness, volumes } = start({ volumes: [volume('vol-1')] }, { controls: { 'volume-encrypted': { mode: 'fix' } } });
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  expect(harness.announced[0]?.says).toMatch(/To be fixed at 2026-11-21T09:15:00.000Z, if it is still as it is now/);
  const [target] = volumes;
  if (target) Object.assign(target, { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] });
  await harness.settle();
  expect(harness.writes).toEqual([]);
  expect(await statuses(harness)).toEqual(['vol-1 open']);
});

describe('an order', () => {
  const approving: RedressConfig = { controls: { 'volume-encrypted': { mode: 'approve', settleSeconds: 0 } } };

  test('to fix what waits for approval fixes it, and the finding says by whose word', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [waiting] = await harness.findings();
    expect(waiting?.status).toBe('awaiting-approval');
    expect(waiting?.changes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes']);
    expect(waiting?.later.map(({ api }) => api)).toEqual(['ec2:CreateTags']);
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    const [fixed] = await harness.findings();
    expect([fixed?.id, fixed?.status, fixed?.order?.by, fixed?.order?.sender]).toEqual([
      waiting?.id,
      'superseded',
      'arn:aws:iam::111122223333:user/dana',
      'AIDAEXAMPLE',
    ]);
  });

  test('to fix what no longer applies says so', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const [waiting] = await harness.findings();
    if (volumes[0]) volumes[0].Encrypted = true;
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', waiting?.id ?? ''));
    await harness.settle();
    const [after] = await harness.findings();
    expect(after?.status).toBe('fixed');
    expect(after?.order?.says).toMatch(/no longer applies/);
    expect(harness.writes).toEqual([]);
  });

  test('to fix is refused in mode observe', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, {});
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    harness.put(orderFor('volume-encrypted', 'fix', (await harness.findings())[0]?.id ?? ''));
    await harness.settle();
    expect(harness.writes).toEqual([]);
    expect((await harness.findings())[0]?.order?.says).toMatch(/mode is observe/);
  });

  test('to exempt keeps the resource as it is until its day', async () => {
    const { harness } = start({ volumes: [volume('vol-1')] }, approving);
    harness.put(ofVolume('vol-1'));
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    harness.put(orderFor('volume-encrypted', 'exempt', id, { until: '2026-12-01', reason: 'scratch data' }));
    await harness.settle();
    expect((await harness.findings())[0]).toMatchObject({ id, status: 'exempt', says: expect.stringContaining('Exempt until 2026-12-01') });
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 exempt']);
    harness.now = new Date('2026-12-02T00:00:01Z');
    harness.put(messageFor('volume-encrypted', scheduled()));
    await harness.settle();
    expect(await statuses(harness)).toEqual(['vol-1 awaiting-approval']);
  });

  test('to undo is refused if the resource is no longer as Redress left it', async () => {
    const { harness } = start({ keys: {} });
    harness.put(turnedOff());
    await harness.settle();
    const id = (await harness.findings())[0]?.id ?? '';
    await worlds[0]?.send(new (await import('@aws-sdk/client-ec2')).ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: 'alias/theirs' }));
    const before = harness.writes.length;
    harness.put(orderFor('ebs-default-encryption', 'undo', id));
    await harness.settle();
    expect(harness.writes).toHaveLength(before);
    expect((await harness.findings())[0]?.order?.says).toMatch(/no longer as Redress left it/);
  });
});

test('an exemption in the config holds until its day', async () => {
  const exemptions = [{ control: 'volume-encrypted', resource: 'vol-*', owner: 'dana', reason: 'a test bed', until: '2026-11-30' }];
  const { harness } = start({ volumes: [volume('vol-1')] }, { ...fixing, exemptions });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(await statuses(harness)).toEqual(['vol-1 exempt']);
  expect(harness.writes).toEqual([]);
});

test('a sweep over many volumes goes on in messages of 25', async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `vol-${n}`);
  const { harness } = start({ volumes: ids.map((id) => volume(id)) }, {});
  harness.put(messageFor('volume-encrypted', scheduled()));
  await harness.invoke();
  expect(harness.enqueued).toHaveLength(3);
  await harness.settle();
  expect(await harness.findings()).toHaveLength(60);
});
