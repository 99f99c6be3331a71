import { EnableMacieCommand, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { macieCall, macieWorld } from '../../../test/support/account/detectors.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './macie-on.ts';

const world = (props: Parameters<typeof macieWorld>[0]) => () => macieWorld(props);
const paused = macieCall('UpdateMacieSession', { status: 'PAUSED' });
const disabled = macieCall('DisableMacie');
const set = (status: 'ENABLED' | 'PAUSED') => new UpdateMacieSessionCommand({ status });
const enable = new EnableMacieCommand({ status: 'ENABLED' });
const administrator = { account: '999988887777', status: 'Enabled' };

testControl(control, {
  valid: [
    { name: 'a session that somebody resumed', world: world({}), event: paused },
    { name: 'a member with its administrator', world: world({ administrator }), event: scheduled() },
    { name: 'a Region where nobody ever used it', world: world({ status: 'none' }), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a session that was paused',
      world: world({ status: 'PAUSED' }),
      event: paused,
      sends: [set('ENABLED')],
      status: 'fixed',
      says: 'Found: Macie is paused: it looks at no bucket. Its settings and findings are kept. Now: Macie is on.',
    },
    {
      name: 'a paused session that the sweep finds, as shipped',
      world: world({ status: 'PAUSED' }),
      event: scheduled(),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /Macie is paused/,
    },
    {
      name: 'Macie disabled, with all that it knew',
      world: world({ status: 'none' }),
      event: disabled,
      sends: [enable],
      status: 'fixed',
      says: /^Found: Macie was disabled\. Its settings, classification jobs, custom identifiers, allow lists and findings are deleted/,
    },
    {
      name: 'the same where AWS finds nothing rather than deny the call',
      world: () => macieWorld({ status: 'none' }, awsError('ResourceNotFoundException', 'no session', 404)),
      event: disabled,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /Macie was disabled/,
      advice: /set its jobs, identifiers, lists and exports again/,
    },
    {
      name: 'a member that left its administrator',
      world: world({}),
      event: macieCall('DisassociateFromAdministratorAccount'),
      sends: [],
      status: 'open',
      says: /no longer sees what Macie finds here/,
      advice: /Have the administrator account add/,
    },
    {
      name: 'a member that its administrator paused',
      world: world({ administrator: { account: '999988887777', status: 'Paused' } }),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /the administrator account 999988887777 is Paused/,
    },
  ],
  skipped: [
    {
      name: 'a Region without Macie',
      world: world({ status: 'no service' }),
      event: scheduled(),
      says: 'AWS has no Macie in this Region.',
    },
  ],
  undo: [
    { name: 'of a paused one', world: world({ status: 'PAUSED' }), event: paused, sends: [set('PAUSED')] },
    { name: 'of a new one, which is paused and not disabled', world: world({ status: 'none' }), event: disabled, sends: [set('PAUSED')] },
  ],
});

test('a call that is denied for another reason is no Macie that is off', async () => {
  const denied = awsError('AccessDeniedException', 'User is not authorized to perform: macie2:GetMacieSession', 403);
  const harness = new Harness({ controls: [control], world: macieWorld({ status: 'none' }, denied) });
  harness.put(messageFor(control.id, disabled));
  await harness.settle();
  expect((await harness.findings()).filter(({ says }) => says.includes('Macie was disabled'))).toEqual([]);
  expect(harness.writes).toEqual([]);
});

test('a Macie that was disabled is still known as that when the sweep looks again', async () => {
  const harness = new Harness({ controls: [control], world: macieWorld({ status: 'none' }) });
  harness.put(messageFor(control.id, disabled));
  await harness.settle();
  harness.put(messageFor(control.id, scheduled()));
  await harness.settle();
  expect((await harness.findings()).map(({ status }) => status)).toEqual(['awaiting-approval']);
});
