import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import { createVolume, messageFor, orderFor } from '../fixtures/events.ts';
import { awsError } from '../support/harness.ts';
import { copiesOf, fixing, ofVolume, start, statuses, turnedOff, volume } from '../support/setting.ts';

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

describe('a repeat of an event that is done', () => {
  const events = ['e-first', 'e-second'].map((eventID, n) => {
    const event = createVolume('vol-1', { eventID });
    return messageFor('volume-encrypted', { ...event, detail: { ...event.detail, eventTime: `2026-11-21T08:0${n}:00Z` } });
  });

  /** The first event is done; its repeat comes in one batch with the second. */
  async function repeated(between: (setting: ReturnType<typeof start>) => Promise<void>) {
    let refusals = 0;
    const setting = start({ volumes: [volume('vol-1')] }, {}, (command, next) => {
      if (actionOf(command) !== 'ec2:DescribeVolumes' || refusals === 0) return next();
      refusals -= 1;
      throw awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    });
    const { harness } = setting;
    harness.put(events[0]);
    await harness.settle();
    await between(setting);
    refusals = 1;
    for (const event of events) harness.put(event);
    await harness.settle();
    return (await harness.findings())[0]?.count;
  }

  test('does not take the event beside it along, where AWS throttles', async () => {
    expect(await repeated(async () => undefined)).toBe(2);
  });

  test('nor where another invocation holds the case', async () => {
    const count = repeated(async ({ harness }) => {
      const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
      await harness.ledger.lease('volume-encrypted', target, 'another', harness.now, 60);
    });
    expect(await count).toBe(2);
  });
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

test('a refused write is observed once more, told once, and ends in the dead-letter queue; redriven, it is tried again', async () => {
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
