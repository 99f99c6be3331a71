import { CancelKeyDeletionCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { type KeyWorldProps, keyArn, keyCall, keyId, keyWorld } from '../../../test/support/account/keys.ts';
import { awsError } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './key-usable.ts';
import { sayRisk } from './sentences.ts';

const world = (props: KeyWorldProps) => () => keyWorld(props);
const disabled = keyCall('DisableKey');
const deleted = keyCall('ScheduleKeyDeletion');
const KeyId = keyId;
const [cancel, enable, disable] = [CancelKeyDeletionCommand, EnableKeyCommand, DisableKeyCommand].map((Command) => new Command({ KeyId }));
if (!cancel || !enable || !disable) throw new Error('three commands');
const DeletionDate = new Date('2026-12-21T09:00:00.000Z');
const volumes = [
  { VolumeId: 'vol-2', KmsKeyId: keyArn },
  { VolumeId: 'vol-1', KmsKeyId: keyArn },
  { VolumeId: 'vol-3', KmsKeyId: 'other' },
];
const yesterday = { operation: 'Decrypt', at: '2026-11-20T09:00:00.000Z' };
/** A world in which AWS denies some calls. */
const denying =
  (props: KeyWorldProps, ...denied: readonly string[]) =>
  () => {
    const made = keyWorld(props);
    made.meanwhile = (action) => {
      if (denied.includes(action)) throw awsError('AccessDeniedException', 'not authorized');
    };
    return made;
  };

testControl(control, {
  valid: [
    { name: 'a key that works again by now', world: world({ state: 'Enabled', volumes }), event: disabled },
    { name: 'a key that is being made', world: world({ state: 'Creating' }), event: scheduled() },
    {
      name: 'a key that nothing needs, and that nobody used for a month',
      world: world({ state: 'PendingDeletion', DeletionDate, lastUse: { operation: 'Encrypt', at: '2026-10-21T09:00:00.000Z' } }),
      event: deleted,
    },
    { name: 'a key that was never used', world: world({ state: 'Disabled' }), event: scheduled() },
    { name: 'a key of AWS itself', world: world({ state: 'Disabled', KeyManager: 'AWS', volumes }), event: scheduled() },
    {
      name: 'a key of another account',
      world: world({ state: 'Disabled', volumes }),
      event: keyCall('DisableKey', { keyId: 'alias/a', resources: [] }),
    },
  ],
  invalid: [
    {
      name: 'the default key of EBS, whose deletion is scheduled',
      world: world({ state: 'PendingDeletion', DeletionDate, isDefaultAs: keyArn, volumes }),
      event: deleted,
      sends: [cancel, enable],
      status: 'fixed',
      says: 'Found: AWS deletes the key at 2026-12-21T09:00:00.000Z. EBS encrypts new volumes of this Region under it. Under it are: volumes vol-1 and vol-2. AWS has recorded no use of it. Now: The key can be used.',
    },
    {
      name: 'the same as shipped, which asks first',
      world: world({ state: 'PendingDeletion', DeletionDate, isDefaultAs: 'alias/ebs', aliases: ['alias/ebs'], volumes }),
      event: deleted,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /EBS encrypts new volumes of this Region under it\. Under it are: volumes vol-1 and vol-2\./,
      advice: /launches and new volumes fail that name no key of their own\.[\s\S]*Do not detach its volumes/,
    },
    {
      name: 'a disabled key that everything needs, under whichever name',
      world: world({
        state: 'Disabled',
        aliases: ['alias/app'],
        volumes: [{ VolumeId: 'vol-1', KmsKeyId: keyArn }],
        snapshots: [{ SnapshotId: 'snap-1', KmsKeyId: keyArn }, { SnapshotId: 'snap-2' }],
        images: [
          { ImageId: 'ami-1', BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1' } }] },
          { ImageId: 'ami-2', BlockDeviceMappings: [{}] },
        ],
        parameters: { '/app/a': 'alias/app', '/app/b': keyId, '/app/c': 'alias/other' },
        logGroups: { '/app': keyArn, '/plain': undefined },
        topics: { alerts: 'alias/app', plain: undefined },
        lastUse: yesterday,
      }),
      event: disabled,
      sends: [enable],
      status: 'fixed',
      says: /Under it are: volume vol-1; snapshot snap-1; image ami-1; parameters \/app\/a and \/app\/b; log group \/app; topic alerts\. It was last used at 2026-11-20T09:00:00\.000Z, by Decrypt\. Now:/,
    },
    {
      name: 'one that nothing here needs, and that somebody used yesterday',
      world: world({ state: 'Disabled', lastUse: yesterday }),
      event: scheduled(),
      isApproved: true,
      sends: [enable],
      status: 'fixed',
      says: /^Found: The key is disabled\. It was last used at 2026-11-20/,
    },
    {
      name: 'a primary key that waits for its replicas',
      world: world({ state: 'PendingReplicaDeletion', volumes }),
      event: deleted,
      sends: [cancel, enable],
      status: 'fixed',
      says: /AWS deletes the key once its last replica is deleted/,
    },
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/9441: "I can cancel the deletion but then I have to re-activate it"
      name: 'a key whose deletion somebody cancelled, and which AWS left disabled (terraform-provider-aws#9441)',
      world: world({ state: 'Disabled', volumes }),
      event: scheduled(),
      isApproved: true,
      sends: [enable],
      status: 'fixed',
      says: /The key is disabled\. Under it are: volumes vol-1 and vol-2\./,
    },
    {
      // https://github.com/aws-samples/aws-system-manager-automation-unencrypted-to-encrypted-resources/pull/28
      name: 'a key whose stack was deleted while volumes are under it (unencrypted-to-encrypted-resources#28)',
      world: world({ state: 'PendingDeletion', DeletionDate, volumes, tags: { 'aws:cloudformation:stack-name': 'Stack1' } }),
      event: keyCall('ScheduleKeyDeletion', {
        userIdentity: { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' },
        userAgent: 'cloudformation.amazonaws.com',
      }),
      sends: [],
      status: 'open',
      says: /Under it are: volumes vol-1 and vol-2\./,
    },
    {
      name: 'a key that Terraform disabled',
      world: world({ state: 'Disabled', volumes }),
      event: keyCall('DisableKey', byTerraform),
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /The key is disabled/,
    },
    {
      name: 'a key without its material',
      world: world({ state: 'PendingImport', Origin: 'EXTERNAL', volumes }),
      event: keyCall('DeleteImportedKeyMaterial'),
      sends: [],
      status: 'open',
      says: /^The key has no key material/,
      advice: /Import the same key material/,
    },
    {
      name: 'a key whose custom key store is gone',
      world: world({ state: 'Unavailable', Origin: 'AWS_CLOUDHSM', volumes }),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /AWS says that it is Unavailable, with its custom key store\./,
      advice: /Connect the custom key store/,
    },
    {
      name: 'a key of which AWS does not say who needs it',
      world: denying({ state: 'Disabled' }, 'logs:DescribeLogGroups', 'sns:ListTopics', 'kms:GetKeyLastUsage'),
      event: disabled,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /Not all log groups and topics were looked at\. AWS does not say when it was last used\./,
    },
    {
      name: 'more volumes than a sentence holds',
      world: world({ state: 'Disabled', volumes: Array.from({ length: 12 }, (_, n) => ({ VolumeId: `vol-${n + 10}`, KmsKeyId: keyArn })) }),
      event: disabled,
      sends: [enable],
      status: 'fixed',
      says: /vol-18, vol-19 and others\./,
    },
    {
      name: 'a key that its policy hides, after a call',
      world: denying({ state: 'Disabled' }, 'kms:DescribeKey'),
      event: disabled,
      sends: [],
      status: 'open',
      says: /AWS does not show the key to Redress/,
      advice: /in the policy of 1234abcd/,
    },
  ],
  skipped: [
    {
      name: 'a key that its policy hides, which the sweep meets',
      world: denying({ state: 'Disabled' }, 'kms:DescribeKey'),
      event: scheduled(),
      says: /AWS does not show the key to Redress/,
    },
  ],
  undo: [
    { name: 'of a key that was disabled', world: world({ state: 'Disabled', volumes }), event: disabled, sends: [disable] },
    {
      name: 'of one whose deletion was scheduled, which is not scheduled again',
      world: world({ state: 'PendingDeletion', volumes }),
      event: deleted,
      sends: [disable],
    },
  ],
});

test('another volume under the key is no other risk, and a first parameter is', () => {
  const key = { KeyId, KeyState: 'Disabled' } as const;
  const riskOf = (...by: readonly string[]) =>
    sayRisk(key, { isDefault: true, by: by.map((noun) => ({ noun, ids: [], isComplete: true })), unseen: [], lastUse: null });
  expect(riskOf('volume')).toBe('The key is disabled. It is the key of new volumes and volumes.');
  expect(riskOf('volume', 'parameter')).toBe('The key is disabled. It is the key of new volumes, volumes and parameters.');
  expect(sayRisk(key, { isDefault: false, by: [], unseen: ['topics'], lastUse: undefined })).toBe('The key is disabled.');
});
