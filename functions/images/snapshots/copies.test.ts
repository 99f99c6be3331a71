import { describe, expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { createSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { type Account, type Held, openSnapshot as open, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import control from './snapshot-encrypted.ts';

/*
 * CopySnapshot takes no token: sent twice, it makes two copies, which are both paid for. So the ledger, the mark in the creating call and
 * time have to tell whether one was made.
 */
const mark = { Key: 'redress:copy-of', Value: 'snap-1' };
const unanswered = () => awsError('InternalError', 'An internal error has occurred', 500);
const event = createSnapshot('snap-1', { eventID: 'e-1' });

function start(account: Account = {}) {
  const world = snapshotsWorld({ snapshots: [open('snap-1')], ...account });
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world });
  harness.put(messageFor(control.id, event));
  return { harness, snapshots: world.snapshots };
}

const copiesIn = (snapshots: readonly Held[]) => snapshots.filter(({ SnapshotId }) => SnapshotId?.startsWith('snap-copy'));
const original = (snapshots: readonly Held[]) => snapshots.find(({ SnapshotId }) => SnapshotId === 'snap-1');
const sent = ({ writes }: Harness, api: string) => writes.filter((one) => one.api === api).length;

/** The state at the end of a fix that made one copy, whatever happened meanwhile. */
async function expectOne({ harness, snapshots }: ReturnType<typeof start>, where: string): Promise<void> {
  await harness.settle(24);
  const findings = await harness.findings();
  expect(
    findings.map(({ status, says }) => `${status} ${says}`),
    where,
  ).toEqual([expect.stringMatching(/^superseded /)]);
  expect(copiesIn(snapshots), where).toMatchObject([{ Encrypted: true, Tags: [mark] }]);
  expect(original(snapshots), where).toMatchObject({ Encrypted: false, Tags: [{ Key: 'redress:superseded-by', Value: 'snap-copy1' }] });
  expect(harness.dead, where).toEqual([]);
  expect(new Set(harness.announced.map(({ announcement }) => announcement)).size, where).toBe(1);
  // what the ledger knows holds at the next look too
  const writes = harness.writes.length;
  harness.put({ control: control.id, event: { ...scheduled(), id: 'sweep-later' } });
  await harness.settle(24);
  expect(harness.writes.length, where).toBe(writes);
  expect(
    (await harness.findings()).map(({ status }) => status),
    where,
  ).toEqual(['superseded']);
}

/** Invokes the function until it has had something to do so often; a minute passes between. */
async function busy(harness: Harness, times: number, kill?: Parameters<Harness['invoke']>[0]): Promise<void> {
  for (let done = 0; done < times && !harness.isIdle; ) {
    await harness.invoke(kill);
    if (harness.calls.length > 0) done += 1;
    if (kill === undefined || done === 0) harness.now = new Date(harness.now.getTime() + 60_000);
  }
}

// of a new one no marks are looked for, unless an answer was lost
const isNew = { ...open('snap-1'), StartTime: new Date('2026-11-21T09:00:00Z') };

describe.each([
  ['of a snapshot shows at once', 0, open('snap-1')],
  ['of a snapshot shows only after fourteen minutes', 840, open('snap-1')],
  ['of a new snapshot shows at once', 0, isNew],
  ['of a new snapshot shows only after fourteen minutes', 840, isNew],
  ['of a new snapshot shows after two minutes', 120, isNew],
])('killed before and after every external call, where a copy %s', (_name, hidden, one) => {
  test('one encrypted copy, and the original kept and tagged', async () => {
    const account = { snapshots: [one], hidden, pending: hidden + 30 };
    const undisturbed = start(account).harness;
    const invocations: string[][] = [];
    while (!undisturbed.isIdle) {
      await busy(undisturbed, 1);
      invocations.push(undisturbed.calls);
    }
    expect(invocations.flat()).toEqual(expect.arrayContaining(['ec2:CopySnapshot', 'ec2:CreateTags']));
    // of those that only wait, the first is enough
    const telling = invocations.flatMap((calls, n) => (n < 2 || calls.includes('ec2:CreateTags') ? [[n, calls] as const] : []));
    expect(telling.length).toBeGreaterThan(1);
    for (const [n, calls] of telling) {
      for (let at = 1; at <= calls.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const started = start(account);
          await busy(started.harness, n);
          await busy(started.harness, 1, { at, when });
          await expectOne(started, `killed ${when} call ${at} of invocation ${n + 1}, ${calls[at - 1]}`);
        }
      }
    }
  }, 30_000);
});

describe('an answer that was lost', () => {
  test('is waited for a quarter of an hour, and the copy that shows by then is taken', async () => {
    const started = start({ hidden: 800 });
    const { harness } = started;
    // the call is taken, and its answer is lost on the way back
    await harness.invoke({ at: callsUntil(await calm(), 'ec2:CopySnapshot'), when: 'after' });
    expect(sent(harness, 'ec2:CopySnapshot')).toBe(1);
    await expectOne(started, 'lost');
    expect(sent(harness, 'ec2:CopySnapshot')).toBe(1);
  });

  test('of a call that was never taken is sent again after that, and not before', async () => {
    const started = start({ refuses: { 'ec2:CopySnapshot': [unanswered()] } });
    const { harness } = started;
    await harness.settle(14.9 / 60);
    expect(sent(harness, 'ec2:CopySnapshot')).toBe(1);
    await harness.settle(1);
    expect(sent(harness, 'ec2:CopySnapshot')).toBe(2);
    await expectOne(started, 'not taken');
  });

  test('is not told from a copy that somebody else marks meanwhile: a person looks, and none is made more', async () => {
    const { harness, snapshots } = start();
    await harness.invoke({ at: callsUntil(await calm(), 'ec2:CopySnapshot'), when: 'after' });
    snapshots.push({ ...open('snap-9'), Encrypted: true, StartTime: new Date(harness.now), Tags: [mark] });
    await harness.settle(24);
    const [finding] = await harness.findings();
    expect(finding).toMatchObject({ status: 'awaiting-approval', says: expect.stringContaining('is marked as a copy of it already') });
    expect(copiesIn(snapshots)).toHaveLength(1);
    expect(original(snapshots)?.Tags).toEqual([]);
  });

  test('is reported where AWS goes on not to answer, and what was made after all is found', async () => {
    const refusals = Array.from({ length: 200 }, unanswered);
    const { harness, snapshots } = start({ refuses: { 'ec2:CopySnapshot': refusals } });
    await harness.settle(6);
    expect(harness.announced.map(({ status }) => status)).toContain('failed');
    expect(copiesIn(snapshots)).toEqual([]);
    // no more than four an hour: each might have been taken
    expect(sent(harness, 'ec2:CopySnapshot')).toBeLessThanOrEqual(25);
    refusals.length = 0;
    snapshots.push({ ...open('snap-copy1'), Encrypted: true, StartTime: new Date(harness.now), Tags: [mark] });
    const before = sent(harness, 'ec2:CopySnapshot');
    await harness.settle(24);
    expect(await harness.findings()).toMatchObject([{ status: 'superseded' }]);
    expect([copiesIn(snapshots).length, sent(harness, 'ec2:CopySnapshot')]).toEqual([1, before]);
  });
});

test('a throttled copy, and one of too many at once, is sent again soon: AWS did not take it', async () => {
  const started = start({
    refuses: { 'ec2:CopySnapshot': [awsError('RequestLimitExceeded', 'Slow down', 503), awsError('ResourceLimitExceeded')] },
  });
  await started.harness.settle(1 / 60);
  expect(sent(started.harness, 'ec2:CopySnapshot')).toBe(3);
  await expectOne(started, 'throttled');
});

test('an event that comes again makes no other copy, at once or after days', async () => {
  const started = start({ pending: 60 });
  for (let n = 0; n < 3; n += 1) started.harness.put(messageFor(control.id, event));
  await expectOne(started, 'at once');
  started.harness.now = new Date(started.harness.now.getTime() + 3 * 86_400_000);
  started.harness.put(messageFor(control.id, event), 0, 1);
  await started.harness.settle();
  expect(copiesIn(started.snapshots)).toHaveLength(1);
});

test('an image that is made of the snapshot while it is copied does not stop what has begun', async () => {
  const images: { ImageId: string; BlockDeviceMappings: { Ebs: { SnapshotId: string } }[] }[] = [];
  const started = start({ pending: 600, images });
  await started.harness.invoke();
  images.push({ ImageId: 'ami-1', BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1' } }] });
  await expectOne(started, 'an image');
});

test('where the copy that Redress made is gone, a person decides about another', async () => {
  const { harness, snapshots } = start();
  await harness.settle();
  snapshots.splice(1, 1);
  for (const one of snapshots) one.Tags = [];
  harness.put({ control: control.id, event: { ...scheduled(), id: 's-2' } });
  await harness.settle(24);
  expect((await harness.findings()).find(({ status }) => status !== 'superseded')).toMatchObject({
    status: 'awaiting-approval',
    says: expect.stringContaining('AWS does not show the copy snap-copy1 that Redress made'),
  });
});

/** The external calls of an invocation that nothing disturbs. */
async function calm(): Promise<readonly string[]> {
  const { harness } = start();
  await harness.invoke();
  return harness.calls;
}

function callsUntil(calls: readonly string[], name: string): number {
  return calls.indexOf(name) + 1;
}
