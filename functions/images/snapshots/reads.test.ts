import { describe, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { createSnapshot, createSnapshots } from '../../../test/fixtures/snapshot-events.ts';
import { controlsOfFunction } from '../../../test/support/controls.ts';
import { Harness } from '../../../test/support/harness.ts';
import { type Held, openSnapshot, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import control from './snapshot-encrypted.ts';

const ownerTag = 'snapshot-owner-tag';
const open = (id: string, madeAt?: string): Held => ({ ...openSnapshot(id), ...(madeAt && { StartTime: new Date(madeAt) }) });
const copying = (mode: 'fix' | 'observe', ownerTagMode: 'fix' | 'off'): RedressConfig => ({
  controls: { [control.id]: { mode }, [ownerTag]: { mode: ownerTagMode } },
});

function start(snapshots: readonly Held[], config: RedressConfig) {
  const world = snapshotsWorld({ snapshots, pending: 60 });
  return { world, harness: new Harness({ controls: controlsOfFunction('images'), config, world }) };
}

/** What was asked of DescribeSnapshots, of each call. */
const asked = ({ reads }: Harness) => reads.flatMap(({ api, input }) => (api === 'ec2:DescribeSnapshots' ? [JSON.stringify(input)] : []));

describe.each<[string, RedressConfig, string]>([
  ['reported alone', copying('observe', 'off'), 'would-fix'],
  ['reported, and given owner tags, as shipped', {}, 'would-fix'],
  ['copied', copying('fix', 'off'), 'superseded'],
  ['copied, and given owner tags', copying('fix', 'fix'), 'superseded'],
])('a burst of 200 snapshots that are %s', (_name, config, status) => {
  test.each([
    ['of one call, which made them all', (ids: readonly string[]) => [createSnapshots(...ids)]],
    ['of a call for each', (ids: readonly string[]) => ids.map((id) => createSnapshot(id))],
  ])('%s, reads snapshots at most twice in every batch', async (_form, eventsOf) => {
    const ids = Array.from({ length: 200 }, (_, n) => `snap-${n}`);
    const { world, harness } = start(
      ids.map((id) => open(id, '2026-11-21T09:00:00Z')),
      config,
    );
    for (const one of eventsOf(ids)) for (const id of [control.id, ownerTag]) harness.put(messageFor(id, one));
    let images = 0;
    while (!harness.isIdle) {
      const before = harness.reads.length;
      await harness.invoke();
      const apis = harness.reads.slice(before).map(({ api }) => api);
      expect(apis.filter((api) => api === 'ec2:DescribeSnapshots').length).toBeLessThanOrEqual(2);
      images = Math.max(images, apis.filter((api) => api === 'ec2:DescribeImages').length);
      harness.now = new Date(harness.now.getTime() + 2000);
    }
    expect(images).toBeLessThanOrEqual(2);
    const found = (await harness.findings()).filter((one) => one.control === control.id);
    expect(found.map((one) => one.status)).toEqual(ids.map(() => status));
    const copies = world.snapshots.flatMap(({ Tags = [] }) => Tags.flatMap(({ Key, Value }) => (Key === 'redress:copy-of' ? [Value] : [])));
    expect(copies.sort()).toEqual(status === 'superseded' ? ids.toSorted() : []);
  });
});

test('a copy that the ledger knows is read in one call with its original, and no marks are', async () => {
  const { harness, world } = start([open('snap-1')], copying('fix', 'off'));
  harness.put(messageFor(control.id, createSnapshot('snap-1')));
  await harness.settle(24);
  const [, marks, ...later] = asked(harness);
  expect(marks).toContain('tag:redress:copy-of');
  expect(later.length).toBeGreaterThan(1);
  for (const one of later) expect(one).toContain('"Values":["snap-1","snap-copy1"]');
  // one that AWS does not show by its id is looked for by its mark
  world.snapshots.pop();
  harness.put({ control: control.id, event: { ...scheduled(), id: 's-2' } });
  await harness.settle(24);
  expect(asked(harness).at(-1)).toContain('tag:redress:copy-of');
});

describe('the mark of somebody else on a snapshot', () => {
  const theirs = { ...open('snap-9'), Encrypted: true, Tags: [{ Key: 'redress:copy-of', Value: 'snap-1' }] };
  const says = 'snap-9 is marked as a copy that Redress made, without a record.';
  const looked = async (one: Held) => {
    const { harness } = start([one, theirs], copying('observe', 'off'));
    harness.put(messageFor(control.id, createSnapshot('snap-1')));
    await harness.invoke();
    return harness;
  };

  test.each([
    ['older than five minutes', open('snap-1', '2026-11-21T08:55:04Z')],
    ['of unknown age', open('snap-1')],
  ])('%s is looked for and reported', async (_name, one) => {
    const harness = await looked(one);
    expect(asked(harness)).toHaveLength(2);
    expect(JSON.stringify(await harness.findings())).toContain(says);
  });

  test('that is new is looked for, and reported, by the next sweep', async () => {
    const harness = await looked(open('snap-1', '2026-11-21T08:55:06Z'));
    expect(asked(harness)).toHaveLength(1);
    harness.now = new Date('2026-11-22T03:00:00Z');
    harness.put({ control: control.id, event: { ...scheduled(), id: 's-2' } });
    await harness.settle(24);
    expect(JSON.stringify(await harness.findings())).toContain(says);
  });

  test('that is pending is not looked for: AWS does not copy it', async () => {
    const harness = await looked({ ...open('snap-1'), State: 'pending' });
    expect(asked(harness)).toHaveLength(1);
  });
});
