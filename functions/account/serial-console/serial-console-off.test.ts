import { DisableSerialConsoleAccessCommand, EnableSerialConsoleAccessCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { ebsSetting, messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { type Account, accountWorld } from '../../../test/support/account/world.ts';
import { Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './serial-console-off.ts';

const world =
  (account: Account = {}) =>
  () =>
    accountWorld(account);
const enabled = ebsSetting('EnableSerialConsoleAccess', { serialConsoleAccessEnabled: true });
const disabled = ebsSetting('DisableSerialConsoleAccess', { serialConsoleAccessEnabled: false });
const off = new DisableSerialConsoleAccessCommand({});
const says = 'Found: Access to the EC2 serial console is on. Now: Access to the EC2 serial console is off.';

testControl(control, {
  valid: [{ name: 'an account where it is off', world: world({ console: false }), event: disabled }],
  invalid: [
    { name: 'an account where somebody turned it on', world: world(), event: enabled, sends: [off], status: 'fixed', says },
    { name: 'an account that the sweep finds on', world: world(), event: scheduled(), sends: [off], status: 'fixed', says },
    {
      name: 'an account that asks a person first, as shipped',
      world: world(),
      event: enabled,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: 'Access to the EC2 serial console is on.',
      advice: /whether the repair is done/,
    },
  ],
  skipped: [
    {
      name: 'a setting of the organization',
      world: world({ managedBy: 'declarative-policy' }),
      event: enabled,
      says: /A declarative policy of the organization sets it/,
    },
  ],
  undo: [{ name: 'turning it off', world: world(), event: enabled, sends: [new EnableSerialConsoleAccessCommand({})] }],
});

/** Turned on by somebody at nine, in mode fix; half an hour later it may be off again. */
async function repaired(isOver: boolean) {
  const aws = accountWorld();
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix' } } }, world: aws });
  harness.put(messageFor(control.id, enabled));
  await harness.settle(0.5);
  expect(harness.writes).toEqual([]);
  if (isOver) {
    await aws.send(off);
    harness.put(messageFor(control.id, disabled));
  }
  await harness.settle();
  return { sent: harness.writes.map(({ api }) => api), told: harness.announced.map(({ status, says: text }) => [status, text]) };
}

test('whoever repairs an instance has an hour', async () => {
  expect(await repaired(false)).toEqual({
    sent: ['ec2:DisableSerialConsoleAccess'],
    told: [
      ['open', 'Access to the EC2 serial console is on. Redress fixes it at 2026-11-21T10:00:00.000Z, if it is still as it is now.'],
      ['fixed', says],
    ],
  });
});

test('whoever turns it off in time ends the finding, and nothing is sent', async () => {
  expect(await repaired(true)).toEqual({
    sent: [],
    told: [
      ['open', expect.stringContaining('Redress fixes it at')],
      ['fixed', `${says} It was fixed outside Redress.`],
    ],
  });
});
