import type { Image } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { byTerraform, callEvent, messageFor, orderFor, scheduled } from '../../../test/fixtures/events.ts';
import { shareSnapshot, usedSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { type Account, type Held, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { changeSharing } from './sharing.ts';
import control from './snapshot-private.ts';

const partner = { UserId: '444455556666' };
const all = { Group: 'all' as const };
const held = (...permissions: NonNullable<Held['permissions']>): Held => ({
  SnapshotId: 'snap-1',
  VolumeId: 'vol-1',
  State: 'completed',
  Encrypted: false,
  permissions,
});
const world =
  (snapshot: Held, more: Account = {}) =>
  () =>
    snapshotsWorld({ snapshots: [snapshot], ...more });
const published = shareSnapshot('snap-1', 'add', [{ group: 'all' }]);
const unpublish = changeSharing('snap-1', 'remove', { GroupNames: ['all'] });
const imageOf = (isPublic: boolean): Image => ({
  ImageId: 'ami-1',
  Public: isPublic,
  BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1' } }],
});
const fixed = 'Found: The snapshot is public: every AWS account can make a volume from it. Now: The snapshot is not public.';

testControl(control, {
  valid: [
    { name: 'a snapshot that was made private meanwhile', world: world(held()), event: published },
    // cloud-custodian#4072: what is shared with accounts is another matter than what is public
    {
      name: 'a snapshot that is shared with an account by id',
      world: world(held(partner)),
      event: shareSnapshot('snap-1', 'add', [{ userId: partner.UserId }]),
    },
    { name: 'a sweep that finds no public snapshot', world: world(held(partner)), event: scheduled() },
    {
      name: 'block public access that is lifted where nothing is public',
      world: world(held()),
      event: callEvent('DisableSnapshotBlockPublicAccess'),
    },
    { name: 'a snapshot that a partner used', world: world(held(partner)), event: usedSnapshot('snap-1') },
  ],
  invalid: [
    {
      // cloud-custodian#4566: users make snapshots public, and they are to be private again, not deleted
      name: 'a snapshot that a user made public',
      world: world(held(all)),
      event: published,
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      // cloud-custodian#8552, elastic/detection-rules#4335: public beside named accounts
      name: 'a public snapshot that is shared with a partner too, who keeps it',
      world: world(held(partner, all)),
      event: published,
      sends: [unpublish],
      status: 'fixed',
      says: `${fixed} It stays shared with 444455556666.`,
    },
    {
      name: 'one that a script with the agent of Terraform made public: no code can declare that',
      world: world(held(all), { snapshots: [{ ...held(all), Tags: [{ Key: 'ManagedBy', Value: 'Terraform' }] }] }),
      event: shareSnapshot('snap-1', 'add', [{ group: 'all' }], byTerraform),
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one that waits for a person, who says yes',
      world: world(held(all)),
      event: published,
      mode: 'approve',
      isApproved: true,
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one that only the sweep found',
      world: world(held(all)),
      event: scheduled(),
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one that a lifted block public access shows again',
      world: world(held(all)),
      event: callEvent('DisableSnapshotBlockPublicAccess', { requestParameters: { DisableSnapshotBlockPublicAccessRequest: {} } }),
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one that block public access hides',
      world: world(held(all), { block: 'block-all-sharing' }),
      event: published,
      sends: [unpublish],
      status: 'fixed',
      says: /^Found: The snapshot is public. Block public access hides that for now: the moment that is lifted/,
    },
    {
      name: 'one of which a public image is made: somebody may mean it',
      world: world(held(all), { images: [imageOf(false), imageOf(true)] }),
      event: published,
      sends: [],
      status: 'awaiting-approval',
      says: /The image ami-1, which is made of it, is public too, so somebody may mean it\.$/,
      advice: /The image ami-1 is made of it and is public too: image-private says/,
    },
    {
      name: 'one of which a private image is made',
      world: world(held(all), { images: [imageOf(false)] }),
      event: published,
      sends: [unpublish],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'one that a stranger made a volume from, before a person could look',
      world: world(held(all)),
      event: usedSnapshot('snap-1'),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: 'The snapshot is public: every AWS account can make a volume from it. Another account made a volume from it at 2026-11-21T09:00:00Z; AWS does not record which.',
      advice: /^Count what is on it as known to others/,
    },
    {
      name: 'one that a stranger copied',
      world: world(held(all)),
      event: usedSnapshot('snap-1', 'SharedSnapshotCopyInitiated'),
      sends: [unpublish],
      status: 'fixed',
      says: /Another account copied it at 2026-11-21T09:00:00Z/,
    },
  ],
  skipped: [
    { name: 'one that is gone by now', world: () => snapshotsWorld(), event: published, says: 'The resource is gone.' },
    { name: 'one that failed', world: world({ ...held(all), State: 'error' }), event: published, says: /The snapshot failed/ },
  ],
  undo: [
    {
      name: 'by making it public again, and no more',
      world: world(held(partner, all)),
      event: published,
      sends: [changeSharing('snap-1', 'add', { GroupNames: ['all'] })],
    },
  ],
});

/** A harness over the control in mode `approve`. */
function start(account: Account) {
  const made = snapshotsWorld(account);
  const config = { controls: { 'snapshot-private': { mode: 'approve' as const } } };
  const harness = new Harness({ controls: [control], config, world: made });
  const tell = async (event: object) => {
    harness.put(messageFor(control.id, event));
    await harness.settle();
    return harness.findings();
  };
  return { harness, tell, account: made };
}

describe('a public snapshot', () => {
  test('matters less while block public access hides it, and is reported again when that is lifted', async () => {
    const account: { -readonly [name in keyof Account]: Account[name] } = { snapshots: [held(all)], block: 'block-all-sharing' };
    const { tell, harness } = start(account);
    expect(await tell(published)).toMatchObject([{ severity: 'medium', status: 'awaiting-approval' }]);
    account.block = 'unblocked';
    expect(await tell(callEvent('DisableSnapshotBlockPublicAccess'))).toMatchObject([
      { severity: 'critical', changed: ['severity', 'risk'], count: 2 },
    ]);
    account.block = 'block-new-sharing';
    expect(await tell({ ...scheduled(), id: 's-2' })).toMatchObject([{ severity: 'critical' }]);
    expect(harness.announced.map(({ severity }) => severity)).toEqual(['medium', 'critical']);
  });

  test('keeps in its finding what a stranger did with it, also when a person made it private and when it is fixed', async () => {
    const { tell, harness } = start({ snapshots: [held(all)] });
    const [first] = await tell(published);
    expect(await tell(usedSnapshot('snap-1'))).toMatchObject([
      { id: first?.id, count: 2, changed: ['risk'], found: expect.stringContaining('made a volume from it') },
    ]);
    expect(await tell({ ...scheduled(), id: 's-2' })).toMatchObject([{ found: expect.stringContaining('made a volume from it') }]);
    harness.put(orderFor(control.id, 'fix', first?.id ?? ''));
    await harness.settle();
    expect(await harness.findings()).toMatchObject([{ status: 'fixed', says: expect.stringContaining('made a volume from it') }]);
  });

  test('names the latest use, whichever came first', async () => {
    const { tell } = start({ snapshots: [held(all)] });
    const use = (eventTime: string) => ({ ...usedSnapshot('snap-1'), detail: { ...usedSnapshot('snap-1').detail, eventTime } });
    await tell(use('2026-11-21T08:00:00Z'));
    await tell(use('2026-11-21T08:30:00Z'));
    await tell(use('2026-11-21T07:00:00Z'));
    expect(await tell({ ...scheduled(), id: 's-2' })).toMatchObject([{ found: expect.stringContaining('at 2026-11-21T08:30:00Z') }]);
  });

  test('ends its finding when a person makes it private', async () => {
    const { tell, account } = start({ snapshots: [held(all)] });
    await tell(published);
    Object.assign(account.snapshots[0] ?? {}, { permissions: [] });
    expect(await tell(callEvent('ResetSnapshotAttribute', { requestParameters: { snapshotId: 'snap-1' } }))).toMatchObject([
      { status: 'fixed' },
    ]);
  });

  test('stays public for seven days after an undo, whoever looks', async () => {
    const { tell, harness, account } = start({ snapshots: [held(partner, all)] });
    const [finding] = await tell(published);
    for (const kind of ['fix', 'undo'] as const) {
      harness.put(orderFor(control.id, kind, finding?.id ?? ''));
      await harness.settle();
    }
    expect(account.snapshots[0]?.permissions).toEqual([partner, all]);
    harness.now = new Date(harness.now.getTime() + 6.9 * 86_400_000);
    expect((await tell({ ...scheduled(), id: 's-7' })).map(({ status }) => status)).toContain('exempt');
    expect(account.snapshots[0]?.permissions).toEqual([partner, all]);
  });
});

test('the role may only remove, but for an undo, which may publish and share with no account', () => {
  const conditions = control.permissions.writes.map(({ conditions }) => conditions);
  expect(conditions).toEqual([
    { Null: { 'ec2:Add/group': 'true', 'ec2:Add/userId': 'true' } },
    { StringEquals: { 'ec2:Add/group': 'all' }, Null: { 'ec2:Add/userId': 'true' } },
  ]);
  expect(new Set(control.permissions.writes.map(({ action }) => action))).toEqual(new Set(['ec2:ModifySnapshotAttribute']));
  expect(control.kind.arnOf('snap-1', place)).toBe('arn:aws:ec2:eu-west-1::snapshot/snap-1');
});
