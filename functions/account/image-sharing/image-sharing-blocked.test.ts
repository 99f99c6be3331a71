import { DisableImageBlockPublicAccessCommand, EnableImageBlockPublicAccessCommand } from '@aws-sdk/client-ec2';
import { ebsSetting, scheduled } from '../../../test/fixtures/events.ts';
import { type Account, accountWorld } from '../../../test/support/account/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-sharing-blocked.ts';

const world = (account: Account) => () => accountWorld(account);
const disabled = ebsSetting('DisableImageBlockPublicAccess', { imageBlockPublicAccessState: 'unblocked' });
const enabled = ebsSetting('EnableImageBlockPublicAccess', { imageBlockPublicAccessState: 'block-new-sharing' });
const block = new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' });
const fixed = 'Now: New public sharing of AMIs is blocked.';

testControl(control, {
  valid: [
    { name: 'an account that blocks it', world: world({ images: 'block-new-sharing', publicImages: ['ami-1'] }), event: scheduled() },
    { name: 'one that somebody has just blocked', world: world({ images: 'block-new-sharing' }), event: enabled },
  ],
  invalid: [
    // prowler-cloud/prowler#11794: one finding a Region, whether or not there are AMIs
    {
      name: 'an account without AMIs where it is off (prowler#11794)',
      world: world({}),
      event: scheduled(),
      sends: [block],
      status: 'fixed',
      says: `Found: Block public access for AMIs is off: everybody who may share an AMI can make it public. No AMI is public. ${fixed}`,
    },
    {
      name: 'an account where it was turned off',
      world: world({}),
      event: disabled,
      sends: [block],
      status: 'fixed',
      says: /No AMI is public\. Now: /,
    },
    {
      name: 'a fix that AWS shows only after ten minutes: it is sent once',
      world: world({ lag: 600 }),
      event: disabled,
      sends: [block],
      status: 'fixed',
      says: /Now: New public sharing/,
    },
    // AlmaLinux/cloud-images#239: its release unblocks each new Region, and then publishes
    {
      name: 'an account whose pipeline unblocks a Region and publishes, which a person looks at first (AlmaLinux/cloud-images#239)',
      world: world({ publicImages: ['ami-2', 'ami-1'] }),
      event: disabled,
      sends: [],
      status: 'awaiting-approval',
      says: /Public now: ami-1 and ami-2\. A person should look first: ami-1 and ami-2 are public, and whatever publishes AMIs would fail\.$/,
      advice: /exempt this setting/,
    },
    {
      name: 'the same once a person has looked',
      world: world({ publicImages: ['ami-1'], lag: 600 }),
      event: disabled,
      isApproved: true,
      sends: [block],
      status: 'fixed',
      says: /Now: New public sharing/,
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
  undo: [
    { name: 'turning it on', world: world({}), event: disabled, sends: [new DisableImageBlockPublicAccessCommand({})] },
    {
      name: 'turning it on, where AWS shows each change only after ten minutes',
      world: world({ lag: 600 }),
      event: disabled,
      sends: [new DisableImageBlockPublicAccessCommand({})],
    },
  ],
});
