import { expect, test } from 'vitest';
import { byTerraform, messageFor, roleSession, scheduled } from '../../../test/fixtures/events.ts';
import { shareSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { type Held, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import { changeSharing } from './sharing.ts';
import control from './snapshot-shared-known.ts';

const [partner, stranger, other] = ['444455556666', '777788889999', '222233334444'];
const common = { trustedAccounts: [partner] };
const held = (...accounts: string[]): Held => ({
  SnapshotId: 'snap-1',
  State: 'completed',
  permissions: accounts.map((UserId) => ({ UserId })),
});
const world =
  (...accounts: string[]) =>
  () =>
    snapshotsWorld({ snapshots: [held(...accounts)] });
const shared = (...accounts: string[]) =>
  shareSnapshot(
    'snap-1',
    'add',
    accounts.map((userId) => ({ userId })),
  );
const unshare = (...UserIds: string[]) => changeSharing('snap-1', 'remove', { UserIds });

testControl(control, {
  valid: [
    { name: 'a known account', world: world(partner), event: shared(partner), common },
    { name: 'the account itself', world: world(place.account), event: shared(place.account), common },
    {
      name: 'a public snapshot, which is another matter',
      world: () => snapshotsWorld({ snapshots: [{ ...held(), permissions: [{ Group: 'all' }] }] }),
      event: shared(stranger),
      common,
    },
    { name: 'any account, where the settings name none', world: world(stranger), event: shared(stranger) },
  ],
  invalid: [
    {
      // cloud-custodian#6080: the share with the unknown account ends, and the known one keeps it
      name: 'unknown accounts beside a known one',
      world: world(stranger, partner, other),
      event: shared(stranger, other),
      common,
      sends: [unshare(other, stranger)],
      status: 'fixed',
      says: 'Found: The snapshot is shared with 222233334444, 777788889999, which the settings do not name. Now: The snapshot is shared with no account that the settings do not name.',
    },
    {
      name: 'one that the sweep found',
      world: world(stranger),
      event: scheduled(),
      common,
      sends: [],
      status: 'awaiting-approval',
      says: /did not see who made it/,
      advice: /add the account to `trustedAccounts`/,
    },
    {
      name: 'one that Terraform claims to share with',
      world: world(stranger),
      event: { ...shared(stranger), detail: { ...shared(stranger).detail, ...byTerraform } },
      common,
      sends: [],
      status: 'awaiting-approval',
      says: /claims to be managed by Terraform/,
      advice: /^Terraform: remove the aws_snapshot_create_volume_permission with this `account_id`\./m,
    },
  ],
  skipped: [{ name: 'one that is gone', world: () => snapshotsWorld(), event: shared(stranger), common, says: 'The resource is gone.' }],
  undo: [
    {
      name: 'by sharing with the same accounts again',
      world: world(stranger, partner),
      event: shared(stranger),
      common,
      sends: [changeSharing('snap-1', 'add', { UserIds: [stranger ?? ''] })],
    },
  ],
});

test('it is idle without a list of accounts, and may never publish', () => {
  expect(control.isIdle?.({ trustedAccounts: [] })).toBe(true);
  expect(control.isIdle?.(common)).toBe(false);
  for (const { conditions } of control.permissions.writes) expect(conditions).toMatchObject({ Null: { 'ec2:Add/group': 'true' } });
});

test('who shared it last counts: a share by a role of code is left to the code, though a person shared it before', async () => {
  const aws = snapshotsWorld({ snapshots: [held(other ?? '')] });
  const terraform = ['arn:aws:iam::111122223333:role/deploy'];
  const config = { controls: { [control.id]: { mode: 'fix' as const } }, common, managedBy: { terraform } };
  const harness = new Harness({ controls: [control], config, world: aws });
  harness.put(messageFor(control.id, shared(other ?? '')));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  harness.now = new Date(harness.now.getTime() + 2 * 3_600_000);
  await aws.send(changeSharing('snap-1', 'add', { UserIds: [stranger ?? ''] }));
  const fields = { userIdentity: roleSession('deploy', 'ci'), eventTime: harness.now.toISOString() };
  harness.put(messageFor(control.id, shareSnapshot('snap-1', 'add', [{ userId: stranger }], fields)));
  await harness.settle();
  expect(harness.writes).toHaveLength(1);
  expect((await harness.findings()).map(({ status }) => status).sort()).toEqual(['fixed', 'open']);
});
