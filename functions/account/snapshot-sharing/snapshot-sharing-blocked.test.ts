import { DisableSnapshotBlockPublicAccessCommand, EnableSnapshotBlockPublicAccessCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { ebsSetting, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { type Account, accountWorld } from '../../../test/support/account/world.ts';
import { Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './snapshot-sharing-blocked.ts';

const world = (account: Account) => () => accountWorld(account);
const disabled = ebsSetting('DisableSnapshotBlockPublicAccess', { state: 'unblocked' });
const lowered = ebsSetting('EnableSnapshotBlockPublicAccess', { state: 'block-new-sharing' });
const blockAll = new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' });
const accept = { accept: 'block-new-sharing' };
const many = Array.from({ length: 12 }, (_, n) => `snap-${String(n).padStart(2, '0')}`);
const fixed = 'Now: All public sharing of snapshots is blocked.';

testControl(control, {
  valid: [
    {
      name: 'an account that blocks all of it',
      world: world({ snapshots: 'block-all-sharing', publicSnapshots: ['snap-1'] }),
      event: scheduled(),
    },
    {
      name: 'an account that blocks what is new, where that is enough and nothing is public',
      world: world({ snapshots: 'block-new-sharing' }),
      event: lowered,
      settings: accept,
    },
    {
      name: 'one that somebody else set',
      world: world({ snapshots: 'block-all-sharing', managedBy: 'declarative-policy' }),
      event: disabled,
    },
  ],
  invalid: [
    {
      name: 'an account where it was turned off, and nothing is public',
      world: world({}),
      event: disabled,
      sends: [blockAll],
      status: 'fixed',
      says: `Found: Block public access for snapshots is off: everybody who may share a snapshot can make it public. No snapshot is public. ${fixed}`,
    },
    // awslabs/landing-zone-accelerator-on-aws#1015: accounts that are there already have it off, and nobody calls anything
    {
      name: 'an account that never had it, which only the sweep sees (landing-zone-accelerator-on-aws#1015)',
      world: world({}),
      event: scheduled(),
      sends: [blockAll],
      status: 'fixed',
      says: /No snapshot is public\. Now: /,
    },
    {
      name: 'an account that blocks what is new only',
      world: world({ snapshots: 'block-new-sharing' }),
      event: lowered,
      sends: [blockAll],
      status: 'fixed',
      says: `Found: Block public access for snapshots is block-new-sharing: what is public stays public. No snapshot is public. ${fixed}`,
    },
    {
      name: 'an account with a public snapshot, which a person looks at first',
      world: world({ publicSnapshots: ['snap-1'] }),
      event: disabled,
      sends: [],
      status: 'awaiting-approval',
      says: /Public now: snap-1\. A person should look first: snap-1 is public, and nobody else could use it any more\.$/,
      advice: /exempt this setting/,
    },
    {
      name: 'an account with public snapshots, once a person has looked',
      world: world({ publicSnapshots: ['snap-2', 'snap-1'] }),
      event: lowered,
      isApproved: true,
      sends: [blockAll],
      status: 'fixed',
      says: /Public now: snap-1 and snap-2\. Now: /,
    },
    {
      name: 'a public snapshot where blocking what is new would be enough without it',
      world: world({ snapshots: 'block-new-sharing', publicSnapshots: ['snap-1'] }),
      event: scheduled(),
      settings: accept,
      sends: [],
      status: 'awaiting-approval',
      says: /what is public stays public\. Public now: snap-1\./,
    },
    {
      name: 'more public snapshots than a sentence holds',
      world: world({ publicSnapshots: many }),
      event: disabled,
      sends: [],
      status: 'awaiting-approval',
      says: /snap-08, snap-09 and others are public, and nobody else could use them any more/,
    },
  ],
  skipped: [
    {
      name: 'a setting of the organization',
      world: world({ managedBy: 'declarative-policy' }),
      event: disabled,
      says: /A declarative policy of the organization sets it, so it is left unchanged/,
    },
  ],
  undo: [
    { name: 'turning it on', world: world({}), event: disabled, sends: [new DisableSnapshotBlockPublicAccessCommand({})] },
    {
      name: 'raising it',
      world: world({ snapshots: 'block-new-sharing' }),
      event: lowered,
      sends: [new EnableSnapshotBlockPublicAccessCommand({ State: 'block-new-sharing' })],
    },
  ],
});

test('it is the same finding, and quiet, while other snapshots become public', async () => {
  const publicSnapshots: string[] = [];
  const harness = new Harness({
    controls: [control],
    config: { controls: { [control.id]: { mode: 'observe' } } },
    world: accountWorld({ publicSnapshots }),
  });
  for (const id of ['', 'snap-1', 'snap-2']) {
    if (id) publicSnapshots.push(id);
    harness.put(messageFor(control.id, { ...scheduled(), id: `sweep-${id}` }));
    await harness.settle();
  }
  expect(harness.announced.map(({ status }) => status)).toEqual(['would-fix']);
  expect((await harness.findings())[0]?.says).toMatch(/Public now: snap-1 and snap-2\.$/);
});
