import { DisableEbsEncryptionByDefaultCommand, EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { createVolume, messageFor, orderFor, scheduled } from '../fixtures/events.ts';
import { awsError } from '../support/harness.ts';
import { copiesOf, fixing, ofVolume, pass, pause, start, statuses, turnedOff, volume } from '../support/setting.ts';

/** A volume whose case has waited for 80 minutes behind a pause, and a switch for what its reads answer from then on. */
async function longPaused() {
  const reads: { answer: 'all' | 'none' | Error; count: number } = { answer: 'all', count: 0 };
  const around = async (command: AwsCommand, next: () => Promise<unknown>) => {
    if (actionOf(command) !== 'ec2:DescribeVolumes') return await next();
    reads.count += 1;
    if (reads.answer instanceof Error) throw reads.answer;
    return reads.answer === 'none' ? { Volumes: [] } : await next();
  };
  const started = start({ volumes: [volume('vol-1')] }, fixing, around);
  await started.harness.ledger.setPause(pause);
  started.harness.put(ofVolume('vol-1'));
  await started.harness.settle(4 / 3);
  expect(started.harness.writes).toEqual([]);
  reads.count = 0;
  return { ...started, reads };
}

describe('a case that a pause has held for 80 minutes', () => {
  test('outlives one read that misses the resource', async () => {
    const { harness, volumes, reads } = await longPaused();
    reads.answer = 'none';
    await harness.settle(0.25);
    expect(reads.count).toBeGreaterThan(0);
    expect(await statuses(harness)).toEqual(['vol-1 open']);
    reads.answer = 'all';
    await harness.ledger.setPause(undefined);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(await statuses(harness)).toEqual(['vol-1 superseded']);
  });

  test('is about what is gone only after seven reads over five minutes, as any other', async () => {
    const { harness, reads } = await longPaused();
    reads.answer = 'none';
    let from = 0;
    while (!harness.isIdle) {
      await harness.settle(1 / 120);
      if (reads.count > 0 && from === 0) from = harness.now.getTime();
      pass(harness, 1);
    }
    expect(reads.count).toBe(7);
    expect(harness.now.getTime() - from).toBeGreaterThanOrEqual(300_000);
    expect((await harness.findings()).map(({ reason }) => reason?.code)).toEqual(['gone']);
  });

  test('outlives an hour in which AWS throttles, and asks soon again', async () => {
    const { harness, volumes, reads } = await longPaused();
    await harness.ledger.setPause(undefined);
    reads.answer = awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    await harness.settle(1.25);
    // 5, 10, 20 … seconds apart, and not every 15 minutes from the start
    expect(reads.count).toBeGreaterThan(8);
    expect(harness.dead).toEqual([]);
    reads.answer = 'all';
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(harness.dead).toEqual([]);
  });
});

test('what was throttled for long and is then missed is not gone at the first look', async () => {
  const { harness, reads } = await longPaused();
  reads.answer = awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  await harness.settle(1);
  reads.answer = 'none';
  reads.count = 0;
  await harness.settle();
  expect(reads.count).toBe(7);
});

test('a fix that reads do not show yet outlives many events within a minute', async () => {
  let isVisible = false;
  const { harness, volumes } = start({ volumes: [volume('vol-1')] }, fixing, async (command, next) =>
    JSON.stringify(command.input).includes('"tag:redress:copy-of"') && !isVisible ? { Volumes: [] } : await next(),
  );
  for (let n = 0; n < 20; n += 1) {
    harness.put(messageFor('volume-encrypted', createVolume('vol-1', { eventID: `event-${n}` })));
    await harness.invoke();
    pass(harness, 3);
  }
  isVisible = true;
  await harness.settle();
  expect(harness.announced.map(({ status }) => status)).toEqual(['superseded']);
  expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
});

describe('after three fixes within an hour', () => {
  /** The setting is turned off again after each of three fixes, a minute apart, and then once more. */
  async function fought() {
    const started = start({});
    const { harness, world } = started;
    for (let n = 0; n < 4; n += 1) {
      await world.send(new DisableEbsEncryptionByDefaultCommand({}));
      harness.put(turnedOff());
      await harness.invoke();
      pass(harness, 60);
    }
    expect(harness.announced.at(-1)).toMatchObject({ status: 'open', reason: { code: 'fight' }, changes: [], later: [] });
    return { ...started, writes: harness.writes.length };
  }

  test('a case is looked at again when the first of them is an hour old, and fixed by itself', async () => {
    const { harness, writes } = await fought();
    await harness.settle();
    expect(harness.writes).toHaveLength(writes + 1);
    const [first, ...later] = await harness.findings();
    expect(later.at(-1)).toMatchObject({ status: 'fixed', actor: { name: 'dana' } });
    expect(Date.parse(later.at(-1)?.timings.doneAt ?? '') - Date.parse(first?.timings.doneAt ?? '')).toBe(3_600_000);
    expect(harness.isIdle).toBe(true);
    expect(harness.dead).toEqual([]);
  });

  test('further calls make one look, not many', async () => {
    const { harness, writes } = await fought();
    for (let n = 0; n < 10; n += 1) {
      harness.put(turnedOff());
      await harness.invoke();
      pass(harness, 10);
    }
    const before = harness.enqueued.length;
    await harness.settle();
    expect(harness.writes).toHaveLength(writes + 1);
    expect(harness.enqueued.length - before).toBeLessThan(6);
    expect(harness.announced.filter(({ reason }) => reason?.code === 'fight')).toHaveLength(1);
  });

  test('an order does not wait for the hour, and ends what waits', async () => {
    const { harness, writes } = await fought();
    const open = (await harness.findings()).find(({ status }) => status === 'open') ?? expect.fail('no finding');
    harness.put(orderFor('ebs-default-encryption', 'fix', open.id));
    await harness.invoke();
    expect(harness.writes).toHaveLength(writes + 1);
    await harness.settle();
    expect(harness.writes).toHaveLength(writes + 1);
    expect(harness.isIdle).toBe(true);
  });

  test('what was set right by others meanwhile needs no fix', async () => {
    const { harness, world, writes } = await fought();
    await world.send(new EnableEbsEncryptionByDefaultCommand({}));
    harness.put(messageFor('ebs-default-encryption', scheduled()));
    await harness.settle();
    expect(harness.writes).toHaveLength(writes);
    expect((await harness.findings()).at(-1)?.status).toBe('fixed');
  });
});

describe('a call to the table whose answer is lost, and which the SDK sends again', () => {
  test('finds what it did: nothing waits, is lost or is done twice', async () => {
    const { harness, volumes } = start({ volumes: [volume('vol-1')] });
    harness.table.around = async (_name, call) => {
      call();
      return call();
    };
    harness.put(ofVolume('vol-1'));
    harness.put(turnedOff());
    await harness.invoke();
    expect(await statuses(harness)).toContain('vol-1 superseded');
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect(harness.logs.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(harness.enqueued).toEqual([]);
    expect(harness.isIdle).toBe(true);
  });
});
