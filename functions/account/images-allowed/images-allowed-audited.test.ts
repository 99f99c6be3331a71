import { DisableAllowedImagesSettingsCommand, EnableAllowedImagesSettingsCommand } from '@aws-sdk/client-ec2';
import { ebsSetting, scheduled } from '../../../test/fixtures/events.ts';
import { type Account, accountWorld } from '../../../test/support/account/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './images-allowed-audited.ts';

const world =
  (account: Account = {}) =>
  () =>
    accountWorld(account);
const disabled = ebsSetting('DisableAllowedImagesSettings', { allowedImagesSettingsState: 'disabled' });
const audit = new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState: 'audit-mode' });
const found = 'Allowed AMIs is disabled: nothing shows whether launches use AMIs of publishers that you do not know.';

testControl(control, {
  valid: [
    { name: 'an account that audits', world: world({ allowed: 'audit-mode' }), event: scheduled() },
    {
      name: 'an account that refuses what it does not allow',
      world: world({ allowed: 'enabled' }),
      event: ebsSetting('EnableAllowedImagesSettings', { allowedImagesSettingsState: 'enabled' }),
    },
  ],
  invalid: [
    {
      name: 'an account where it was turned off: it audits, and refuses nothing',
      world: world(),
      event: disabled,
      mode: 'approve',
      isApproved: true,
      sends: [audit],
      status: 'fixed',
      says: `Found: ${found} Now: Allowed AMIs is in the state audit-mode.`,
    },
    {
      name: 'an account that asks a person first, as shipped',
      world: world(),
      event: scheduled(),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: found,
      advice: /which publishers you allow/,
    },
  ],
  skipped: [
    {
      name: 'a setting of the organization',
      world: world({ managedBy: 'declarative-policy' }),
      event: disabled,
      says: /A declarative policy of the organization sets it/,
    },
  ],
  undo: [{ name: 'auditing', world: world(), event: disabled, sends: [new DisableAllowedImagesSettingsCommand({})] }],
});
