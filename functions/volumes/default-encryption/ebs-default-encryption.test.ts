import {
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ResetEbsDefaultKmsKeyIdCommand,
} from '@aws-sdk/client-ec2';
import { createVolume, ebsSetting, runInstances, scheduled } from '../../../test/fixtures/events.ts';
import { awsError, place } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import { type Account, volumesWorld } from '../../../test/support/volumes/world.ts';
import control from './ebs-default-encryption.ts';

const arn = `arn:aws:kms:${place.region}:${place.account}:key/0f`;
const other = `arn:aws:kms:${place.region}:${place.account}:key/0e`;
const role = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: role },
  Action,
  Resource: '*',
  ...more,
});
const usable = {
  Version: '2012-10-17',
  Statement: [
    allow(['kms:Encrypt', 'kms:GenerateDataKey*']),
    allow('kms:CreateGrant', { Condition: { Bool: { 'kms:GrantIsForAWSResource': true } } }),
  ],
};
const onlyRoot = {
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${place.account}:root` }, Action: 'kms:*', Resource: '*' }],
};
const grantee = { GranteePrincipal: role, Operations: ['CreateGrant', 'GenerateDataKeyWithoutPlaintext'] as const };
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
    {
      name: 'groups that may use the customer key by its policy',
      world: withKey({ policy: usable }, { groups: 1, defaultKey: arn }),
      event: off,
      sends: [enable],
      status: 'fixed',
      says: /is on/,
    },
    {
      name: 'groups that may use the customer key by a grant',
      world: withKey({ policy: onlyRoot, grants: [{ ...grantee, Operations: [...grantee.Operations] }] }, { groups: 1, defaultKey: arn }),
      event: off,
      sends: [enable],
      status: 'fixed',
      says: /is on/,
    },
    {
      name: 'groups that may not use the customer key',
      world: withKey({ policy: onlyRoot }, { groups: 1, defaultKey: arn }),
      event: off,
      sends: [],
      status: 'open',
      says: /turning it on would stop launches: the Auto Scaling service-linked role may not use/,
      advice: /kms:GrantIsForAWSResource/,
    },
    {
      name: 'groups under a key policy with a denial',
      world: withKey(
        { policy: { Statement: [...usable.Statement, { Effect: 'Deny', Principal: '*', Action: 'kms:*' }] } },
        { groups: 1, defaultKey: arn },
      ),
      event: off,
      sends: [],
      status: 'awaiting-approval',
      says: /conditions or denials that Redress cannot judge/,
    },
    {
      name: 'groups under a key policy with a denial to all but some',
      world: withKey(
        { policy: { Statement: [...usable.Statement, { Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::1:root' }, Action: 'kms:*' }] } },
        { groups: 1, defaultKey: arn },
      ),
      event: off,
      sends: [],
      status: 'awaiting-approval',
      says: /conditions or denials that Redress cannot judge/,
    },
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
      says: /launches fail: the key .* is Disabled/,
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
    {
      name: 'more images than can be looked at one by one',
      world: world({ images: Array.from({ length: 101 }, (_, n) => ({ ImageId: `ami-${n}` })) }),
      event: off,
      sends: [],
      status: 'awaiting-approval',
      says: /more images than can be checked/,
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
