import {
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ResetEbsDefaultKmsKeyIdCommand,
} from '@aws-sdk/client-ec2';
import { createVolume, ebsSetting, runInstances, scheduled } from '../../../test/fixtures/events.ts';
import { awsError, place } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import { keyCases } from '../../../test/support/volumes/key-cases.ts';
import { launcherCases } from '../../../test/support/volumes/launcher-cases.ts';
import { sharingCases } from '../../../test/support/volumes/sharing-cases.ts';
import { type Account, volumesWorld } from '../../../test/support/volumes/world.ts';
import control from './ebs-default-encryption.ts';

const arn = `arn:aws:kms:${place.region}:${place.account}:key/0f`;
const other = `arn:aws:kms:${place.region}:${place.account}:key/0e`;
const withKey =
  (key: object = {}, account: Account = {}) =>
  () => {
    const keys = { 'alias/ebs': { Arn: arn, ...key }, [arn]: { Arn: arn, ...key }, [other]: { Arn: other } };
    return volumesWorld({ keys, ...account });
  };
const world =
  (account: Account = {}) =>
  () =>
    volumesWorld(account);
const enable = new EnableEbsEncryptionByDefaultCommand({});
const setKey = new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: 'alias/ebs' });
const settings = { kmsKey: 'alias/ebs' };
const off = ebsSetting('DisableEbsEncryptionByDefault', { ebsEncryptionByDefault: false });
const fixed = 'Found: EBS encryption by default is off. Now: EBS encryption by default is on, with alias/aws/ebs.';
const image = { ImageId: 'ami-1', Name: 'golden' };

// nobody waits between two look-ups of the event history
testControl(control, {
  valid: [
    { name: 'an account where it is on', world: world({ encryptionByDefault: true }), event: runInstances('i-1') },
    {
      name: 'an account with the configured key',
      world: withKey({}, { encryptionByDefault: true, defaultKey: arn }),
      event: ebsSetting('ModifyEbsDefaultKmsKeyId'),
      settings,
    },
    {
      name: 'an account with the managed key configured, which AWS shows by its ARN',
      world: world({ encryptionByDefault: true, defaultKey: `arn:aws:kms:${place.region}:${place.account}:alias/aws/ebs` }),
      event: scheduled(),
      settings: { kmsKey: 'alias/aws/ebs' },
    },
    {
      name: 'an account with an enabled customer key and none configured',
      world: withKey({}, { encryptionByDefault: true, defaultKey: arn }),
      event: scheduled(),
    },
  ],
  invalid: [
    { name: 'encryption by default turned off', world: world(), event: off, sends: [enable], status: 'fixed', says: fixed },
    {
      name: 'an unencrypted volume made while it is off',
      world: world(),
      event: createVolume('vol-1'),
      sends: [enable],
      status: 'fixed',
      says: fixed,
    },
    { name: 'an account that the sweep finds off', world: world(), event: scheduled(), sends: [enable], status: 'fixed', says: fixed },
    {
      name: 'an account with images that it shares with nobody',
      world: world({ images: [{ ...image, permissions: [{ UserId: place.account }] }] }),
      event: off,
      sends: [enable],
      status: 'fixed',
      says: fixed,
    },
    {
      name: 'an account that is off and has another key than configured',
      world: withKey(),
      event: off,
      settings,
      sends: [setKey, enable],
      status: 'fixed',
      says: `Found: EBS encryption by default is off. Now: EBS encryption by default is on, with ${arn}.`,
    },
    {
      name: 'an account whose key was changed from the configured one',
      world: withKey({}, { encryptionByDefault: true, defaultKey: other }),
      event: ebsSetting('ModifyEbsDefaultKmsKeyId'),
      settings,
      sends: [setKey],
      status: 'fixed',
      says: /not the configured key\. Now: /,
    },
    ...keyCases,
    ...launcherCases,
    ...sharingCases,
    {
      name: 'a key that is disabled',
      world: withKey({ KeyState: 'Disabled' }),
      event: off,
      settings,
      sends: [],
      status: 'open',
      says: /the key alias\/ebs is Disabled/,
      advice: /Enable the key/,
    },
    {
      name: 'a disabled key in effect while it is on',
      world: withKey({ KeyState: 'Disabled' }, { encryptionByDefault: true, defaultKey: arn }),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /launches with its key fail: the key .* is Disabled/,
    },
    {
      name: 'a key that signs',
      world: withKey({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'RSA_2048' }),
      event: off,
      settings,
      sends: [],
      status: 'open',
      says: /not a symmetric encryption key/,
    },
    {
      name: 'a key that does not exist',
      world: world(),
      event: off,
      settings,
      sends: [],
      status: 'open',
      says: /alias\/ebs does not exist/,
      advice: /Set `kmsKey` to a key of eu-west-1/,
    },
    {
      name: 'a key that Redress may not look at',
      world: withKey({}, { refuses: { DescribeKey: awsError('AccessDeniedException', 'not authorized to perform kms:DescribeKey') } }),
      event: off,
      settings,
      sends: [],
      status: 'awaiting-approval',
      says: /may not look at the key/,
    },
    {
      name: 'an image shared with another account',
      world: world({ images: [{ ...image, permissions: [{ UserId: '444455556666' }] }] }),
      event: off,
      sends: [],
      status: 'awaiting-approval',
      says: /ami-1 is shared with other accounts, and snapshots under the AWS managed key cannot be shared/,
    },
    {
      name: 'a public image',
      world: world({ images: [{ ...image, Public: true }] }),
      event: off,
      sends: [],
      status: 'awaiting-approval',
      says: /ami-1 is shared/,
    },
  ],
  skipped: [],
  undo: [
    { name: 'turning it on', world: world(), event: off, sends: [new DisableEbsEncryptionByDefaultCommand({})] },
    {
      name: 'turning it on with another key',
      world: withKey(),
      event: off,
      settings,
      sends: [new DisableEbsEncryptionByDefaultCommand({}), new ResetEbsDefaultKmsKeyIdCommand({})],
    },
    {
      name: 'changing one customer key for another',
      world: withKey({}, { encryptionByDefault: true, defaultKey: other }),
      event: off,
      settings,
      sends: [new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: other })],
    },
  ],
});
