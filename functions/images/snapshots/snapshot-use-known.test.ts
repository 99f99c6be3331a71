import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { shareSnapshot, usedSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { type Held, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import snapshotPrivate from './snapshot-private.ts';
import control from './snapshot-use-known.ts';

const held = (...permissions: NonNullable<Held['permissions']>): Held => ({ SnapshotId: 'snap-1', State: 'completed', permissions });
const world = (snapshot: Held) => () => snapshotsWorld({ snapshots: [snapshot] });
const used = usedSnapshot('snap-1');
const says = 'Another account made a volume from it at 2026-11-21T09:00:00Z; AWS does not record which. The snapshot is';

testControl(control, {
  valid: [
    { name: 'a partner that the snapshot names', world: world(held({ UserId: '444455556666' })), event: used },
    {
      name: 'a public snapshot, of which another control tells',
      world: world(held({ Group: 'all' })),
      event: used,
      modes: { 'snapshot-private': 'approve' },
    },
    {
      name: 'a use of a week ago',
      world: world(held()),
      event: { ...used, detail: { ...used.detail, eventTime: '2026-11-14T09:00:05Z' } },
    },
    { name: 'a sweep, which sees no use', world: world(held()), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a use of a snapshot that is private by now',
      world: world(held()),
      event: used,
      mode: 'observe',
      sends: [],
      status: 'open',
      says: `${says} shared with nobody now.`,
      advice: /change every secret that it holds/,
    },
    {
      name: 'a use of less than a week ago',
      world: world(held()),
      event: { ...used, detail: { ...used.detail, eventTime: '2026-11-14T09:00:06Z' } },
      mode: 'observe',
      sends: [],
      status: 'open',
      says: /2026-11-14T09:00:06Z/,
    },
    {
      name: 'a use of a public snapshot, where no other control tells of it',
      world: world(held({ Group: 'all' })),
      event: used,
      modes: { 'snapshot-private': 'off' },
      mode: 'observe',
      sends: [],
      status: 'open',
      says: `${says} public.`,
    },
  ],
  skipped: [{ name: 'a snapshot that is gone', world: () => snapshotsWorld(), event: used, says: 'The resource is gone.' }],
});

test('what a stranger did in the seconds before a fix is reported, though AWS records it later; after a week it ends', async () => {
  const account = snapshotsWorld({ snapshots: [held({ Group: 'all' })] });
  const config = { controls: { 'snapshot-private': { mode: 'fix' as const } } };
  const harness = new Harness({ controls: [snapshotPrivate, control], config, world: account });
  harness.put(messageFor(snapshotPrivate.id, shareSnapshot('snap-1', 'add', [{ group: 'all' }])));
  await harness.settle();
  for (const { id } of [snapshotPrivate, control]) harness.put(messageFor(id, used));
  await harness.settle();
  expect((await harness.findings()).map(({ control: id, status }) => `${id} ${status}`).sort()).toEqual([
    'snapshot-private fixed',
    'snapshot-use-known open',
  ]);
  harness.now = new Date(harness.now.getTime() + 8 * 86_400_000);
  harness.put({ control: control.id, event: { ...scheduled(), id: 's-8', time: harness.now.toISOString() } });
  await harness.settle(48);
  expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed', 'fixed']);
});

test('a later use is reported for a week of its own, whatever was reported before', async () => {
  const harness = new Harness({ controls: [control], world: snapshotsWorld({ snapshots: [held()] }) });
  const day = 86_400_000;
  const look = async (event: object) => {
    harness.put(messageFor(control.id, event));
    await harness.settle(1);
    return (await harness.findings()).map(({ status }) => status);
  };
  const pass = (days: number) => {
    harness.now = new Date(harness.now.getTime() + days * day);
    return harness.now.toISOString();
  };
  expect(await look(used)).toEqual(['open']);
  const eventTime = pass(5);
  expect(await look({ ...used, detail: { ...used.detail, eventTime, eventID: 'later' } })).toEqual(['open']);
  expect(await look({ ...scheduled(), time: pass(3) })).toEqual(['open']);
  expect(await look({ ...scheduled(), time: pass(5) })).toEqual(['fixed']);
});
