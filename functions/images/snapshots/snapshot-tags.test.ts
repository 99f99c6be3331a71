import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { callEvent, scheduled, tagCall } from '../../../test/fixtures/events.ts';
import { password } from '../../../test/fixtures/secrets.ts';
import { createSnapshot, createSnapshots, startSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { tagList } from '../../../test/support/ec2-world.ts';
import { type Held, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { snapshots } from './kind.ts';

const { owner, required, sensitive } = tagControlsOf(snapshots);
const made = { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' };
const set = (tags: Record<string, string>) => new CreateTagsCommand({ Resources: ['snap-1'], Tags: tagList(tags) });
const unset = (...keys: string[]) => new DeleteTagsCommand({ Resources: ['snap-1'], Tags: keys.map((Key) => ({ Key })) });
const world =
  (tags: Record<string, string> = {}, more: Partial<Held> = {}) =>
  () =>
    snapshotsWorld({
      snapshots: [{ SnapshotId: 'snap-1', State: 'completed', Tags: tagList(tags), ...more }],
      stacks: { shop: [{ Key: 'created:owner', Value: 'anna' }] },
    });
const returned = callEvent('RestoreSnapshotFromRecycleBin', {
  requestParameters: { RestoreSnapshotFromRecycleBinRequest: { SnapshotId: 'snap-1' } },
});

testControl(owner, {
  valid: [
    { name: 'a snapshot that carries its owner', world: world(made), event: createSnapshot('snap-1') },
    { name: 'one that is brought back by somebody else', world: world(), event: returned },
  ],
  invalid: [
    {
      name: 'a new snapshot',
      world: world(),
      event: createSnapshot('snap-1'),
      sends: [set(made)],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: 'one of several',
      world: world(),
      event: createSnapshots('snap-1'),
      sends: [set(made)],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: 'one that EBS was asked for directly',
      world: world(),
      event: startSnapshot('snap-1'),
      sends: [set(made)],
      status: 'fixed',
      says: /Now: Its owner is dana/,
    },
    {
      name: 'one that says it is of a stack with a creator tag, found by the sweep',
      world: world({ 'aws:cloudformation:stack-name': 'shop' }),
      event: scheduled(),
      sends: [set({ 'created:owner': 'anna' })],
      status: 'fixed',
      says: /Now: Its owner is anna/,
    },
  ],
  skipped: [
    { name: 'one that failed', world: world({}, { State: 'error' }), event: createSnapshot('snap-1'), says: /The snapshot failed/ },
  ],
  undo: [
    {
      name: 'by removing the tags',
      world: world(),
      event: createSnapshot('snap-1'),
      sends: [unset('created:owner', 'created:date', 'created:via')],
    },
  ],
});

const schema = { tags: [{ key: 'Team', aliases: ['squad'], default: 'none' }] };

testControl(required, {
  valid: [{ name: 'the required tag', world: world({ Team: 'a' }), event: createSnapshot('snap-1'), settings: schema }],
  invalid: [
    {
      name: 'a default',
      world: world(),
      event: createSnapshot('snap-1'),
      settings: schema,
      sends: [set({ Team: 'none' })],
      status: 'fixed',
      says: /`Team` is to be set/,
    },
    {
      name: 'another spelling, by a tag call',
      world: world({ Squad: 'orders' }),
      event: tagCall('CreateTags', ['snap-1', 'vol-1']),
      settings: schema,
      sends: [set({ Team: 'orders' }), unset('Squad')],
      status: 'fixed',
      says: /`Squad` is to be removed/,
    },
  ],
  skipped: [],
});

testControl(sensitive, {
  valid: [
    {
      name: 'plain tags and description',
      world: world({ Name: 'nightly' }, { Description: 'of the web disk' }),
      event: createSnapshot('snap-1'),
    },
  ],
  invalid: [
    {
      name: 'a payment card in a tag',
      world: world({ note: 'card 4111 1111 1111 1111' }),
      event: createSnapshot('snap-1', { tags: { note: 'x' } }),
      secret: '4111 1111 1111 1111',
      sends: [unset('note')],
      status: 'fixed',
      says: /payment-card in the tag `note`/,
    },
    {
      name: 'a URL with credentials, masked',
      world: world({ db: `postgres://app:${password}@db.internal/x` }),
      event: createSnapshot('snap-1'),
      settings: { mask: true },
      secret: password,
      sends: [set({ db: 'removed-by-redress' })],
      status: 'fixed',
      says: /url-credentials in the tag `db`/,
    },
    {
      name: 'a password that somebody tags a snapshot with later',
      world: world({ db: `postgres://app:${password}@db.internal/x` }),
      event: tagCall('CreateTags', ['snap-1'], { db: 'x' }),
      secret: password,
      sends: [unset('db')],
      status: 'fixed',
      says: /url-credentials in the tag `db`/,
    },
    {
      name: 'a description, which no call changes',
      world: world({}, { Description: `dump of postgres://app:${password}@db.internal/x` }),
      event: createSnapshot('snap-1', { description: 'x' }),
      secret: password,
      sends: [],
      status: 'open',
      says: /url-credentials in the description/,
    },
  ],
  skipped: [],
});
