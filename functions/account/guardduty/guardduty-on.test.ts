import { CreateDetectorCommand, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { detectorId, guardDutyCall, guardDutyWorld } from '../../../test/support/account/detectors.ts';
import { Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './guardduty-on.ts';

const world = (props: Parameters<typeof guardDutyWorld>[0]) => () => guardDutyWorld(props);
const suspended = guardDutyCall('UpdateDetector', { enable: false });
const deleted = guardDutyCall('DeleteDetector');
const stopped = guardDutyCall('StopMonitoringMembers', { accountIds: ['444455556666', '555566667777'] });
const set = (Enable: boolean) => new UpdateDetectorCommand({ DetectorId: detectorId, Enable });
const create = new CreateDetectorCommand({ Enable: true });
const administrator = { account: '999988887777', status: 'Enabled' };
const observed = { sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'a detector that somebody enabled again', world: world({}), event: suspended },
    { name: 'a member with its administrator', world: world({ administrator }), event: scheduled() },
    {
      name: 'a member that left one administrator for another',
      world: world({ administrator }),
      event: guardDutyCall('DisassociateFromMasterAccount'),
    },
    {
      name: 'members that are monitored again',
      world: world({ members: { '444455556666': 'Enabled', '555566667777': 'Enabled' } }),
      event: stopped,
    },
    { name: 'a call that names no member', world: world({}), event: guardDutyCall('StopMonitoringMembers', { accountIds: ['all', 7] }) },
  ],
  invalid: [
    {
      name: 'a detector that was suspended',
      world: world({ status: 'DISABLED' }),
      event: suspended,
      sends: [set(true)],
      status: 'fixed',
      says: 'Found: GuardDuty is suspended: it looks at nothing. Its findings and configuration are kept. Now: GuardDuty is on.',
    },
    {
      name: 'the same as shipped, which asks first because it costs',
      world: world({ status: 'DISABLED' }),
      event: suspended,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /GuardDuty is suspended/,
    },
    {
      name: 'a detector that was deleted, with all that it knew',
      world: world({ status: 'none' }),
      event: deleted,
      sends: [create],
      status: 'fixed',
      says: /^Found: The detector of GuardDuty was deleted\. Its findings, filters, IP and threat lists, exports and choice of features are lost for good/,
    },
    {
      name: 'the same, and what to do after the fix',
      world: world({ status: 'none' }),
      event: deleted,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /was deleted/,
      advice: /set its features, filters, lists and exports again/,
    },
    {
      name: 'a Region that never had it, which only the sweep sees',
      world: world({ status: 'none' }),
      event: scheduled(),
      sends: [create],
      status: 'fixed',
      says: /^Found: GuardDuty is off in this Region: it has no detector\. Now:/,
    },
    {
      name: 'a member that left its administrator',
      world: world({}),
      event: guardDutyCall('DisassociateFromAdministratorAccount'),
      ...observed,
      says: /The account left its administrator, which no longer sees what GuardDuty finds here/,
      advice: /Have the administrator account add this account/,
    },
    {
      name: 'a member that its administrator removed',
      world: world({ administrator: { account: '999988887777', status: 'Removed' } }),
      event: scheduled(),
      ...observed,
      says: /the administrator account 999988887777 is Removed/,
    },
    {
      name: 'an administrator that stopped looking at members',
      world: world({ members: { '444455556666': 'Disabled' } }),
      event: stopped,
      ...observed,
      says: 'GuardDuty no longer monitors these member accounts: 444455556666 and 555566667777.',
      advice: /start-monitoring-members --detector-id 12abc34d567e8fa901bc2d34e56789f0 --account-ids 444455556666 555566667777/,
    },
    {
      name: 'a member that left, and suspended its detector too',
      world: world({ status: 'DISABLED' }),
      event: guardDutyCall('DisassociateFromMasterAccount'),
      sends: [set(true)],
      status: 'open',
      leavesRest: true,
      says: /The account left its administrator/,
    },
  ],
  skipped: [
    {
      name: 'a Region without GuardDuty',
      world: world({ status: 'no service' }),
      event: scheduled(),
      says: 'AWS has no GuardDuty in this Region.',
    },
  ],
  undo: [
    { name: 'of a suspended one', world: world({ status: 'DISABLED' }), event: suspended, sends: [set(false)] },
    { name: 'of a new one, which is suspended and not deleted', world: world({ status: 'none' }), event: deleted, sends: [set(false)] },
  ],
});

test('two calls about different members are one finding that names all', async () => {
  const harness = new Harness({ controls: [control], world: guardDutyWorld({ members: {} }) });
  const stop = (account: string) => messageFor(control.id, guardDutyCall('StopMonitoringMembers', { accountIds: [account] }));
  harness.put(stop('444455556666'));
  harness.put(stop('555566667777'));
  await harness.settle();
  expect((await harness.findings()).map(({ says }) => says)).toEqual([
    'GuardDuty no longer monitors these member accounts: 444455556666 and 555566667777.',
  ]);
});

test('a deleted detector is critical, and one that never was is high', async () => {
  for (const [event, severity] of [
    [deleted, 'critical'],
    [scheduled(), 'high'],
  ] as const) {
    const harness = new Harness({ controls: [control], world: guardDutyWorld({ status: 'none' }) });
    harness.put(messageFor(control.id, event));
    await harness.settle();
    expect((await harness.findings()).map((one) => one.severity)).toEqual([severity]);
  }
});
