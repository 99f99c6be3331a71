import { CopySnapshotCommand, CreateTagsCommand } from '@aws-sdk/client-ec2';
import { byTerraform, callEvent, scheduled } from '../../../test/fixtures/events.ts';
import { copySnapshot, createSnapshot, createSnapshots, startSnapshot } from '../../../test/fixtures/snapshot-events.ts';
import { type Account, type Held, snapshotsWorld } from '../../../test/support/snapshots/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './snapshot-encrypted.ts';

const open: Held = {
  SnapshotId: 'snap-1',
  VolumeId: 'vol-1',
  VolumeSize: 8,
  State: 'completed',
  StorageTier: 'standard',
  Encrypted: false,
  Tags: [],
};
const world =
  (more: Partial<Held> = {}, account: Account = {}) =>
  () =>
    snapshotsWorld({ snapshots: [{ ...open, ...more }], ...account });
const mark = { Key: 'redress:copy-of', Value: 'snap-1' };
const copy = (more: object = {}, tags: object[] = []) =>
  new CopySnapshotCommand({
    SourceRegion: 'eu-west-1',
    SourceSnapshotId: 'snap-1',
    Encrypted: true,
    ...more,
    TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...(tags as { Key: string; Value: string }[]), mark] }],
  });
const named = new CreateTagsCommand({ Resources: ['snap-1'], Tags: [{ Key: 'redress:superseded-by', Value: 'snap-copy1' }] });
const made = createSnapshot('snap-1');
const superseded =
  'Found: The snapshot of vol-1 is not encrypted. Now: The encrypted snapshot snap-copy1 replaces it; the original is kept for you to delete.';
const tags = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `k${String(n).padStart(2, '0')}`, Value: 'v' }));
const tag = (Key: string, Value: string) => ({ Tags: [{ Key, Value }] });
const image = { ImageId: 'ami-1', BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }, { Ebs: { SnapshotId: 'snap-1' } }] };

testControl(control, {
  valid: [
    { name: 'a snapshot of an encrypted volume', world: world({ Encrypted: true }), event: createSnapshot('snap-1', { encrypted: true }) },
    { name: 'a sweep that finds encrypted ones only', world: world({ Encrypted: true }), event: scheduled() },
    { name: 'an encrypted copy', world: world({ Encrypted: true }), event: copySnapshot('snap-0', 'snap-1') },
  ],
  invalid: [
    {
      name: 'a snapshot of an unencrypted volume',
      world: world(),
      event: made,
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
      advice: '',
    },
    {
      name: 'one of several that one call made',
      world: world(),
      event: createSnapshots('snap-1'),
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'a copy without encryption, whose volume id means nothing',
      world: world({ VolumeId: 'vol-ffffffff' }),
      event: copySnapshot('snap-0', 'snap-1'),
      sends: [copy(), named],
      status: 'superseded',
      says: /^Found: The snapshot is not encrypted\. Now:/,
    },
    {
      name: 'one that was written block by block',
      world: world(),
      event: startSnapshot('snap-1'),
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one with a description and tags of its own, and of AWS',
      world: world({
        Description: 'before the move',
        Tags: [
          { Key: 'team', Value: 'a' },
          { Key: 'Name', Value: 'data' },
          { Key: 'aws:x', Value: 'y' },
        ],
      }),
      event: made,
      settings: { kmsKey: 'alias/ours' },
      sends: [
        copy({ KmsKeyId: 'alias/ours', Description: 'before the move' }, [
          { Key: 'Name', Value: 'data' },
          { Key: 'team', Value: 'a' },
        ]),
        named,
      ],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one whose copy takes hours',
      world: world({}, { pending: 3 * 3600 }),
      event: made,
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one that is pending for good, which is said',
      world: world({ State: 'pending' }),
      event: made,
      sends: [],
      status: 'open',
      says: 'The snapshot of vol-1 is not encrypted. Redress waited, because the snapshot is pending. The next sweep looks again.',
      advice: 'Encrypt vol-1 too, or its next snapshot is like this one: see volume-encrypted.',
    },
    {
      name: 'one that only the sweep found: nobody knows who made it',
      world: world(),
      event: scheduled(),
      sends: [],
      status: 'awaiting-approval',
      says: /did not see who made it/,
    },
    {
      name: 'one that came back from the recycle bin',
      world: world(),
      event: callEvent('RestoreSnapshotFromRecycleBin', {
        requestParameters: { RestoreSnapshotFromRecycleBinRequest: { SnapshotId: 'snap-1' } },
      }),
      isApproved: true,
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one that Terraform claims to have made',
      world: world(),
      event: createSnapshot('snap-1', byTerraform),
      sends: [],
      status: 'awaiting-approval',
      says: /claims to be managed by Terraform/,
      advice: /^Terraform: have an aws_ebs_snapshot_copy/m,
    },
    {
      name: 'one with 49 tags, beside which the marker fits',
      world: world({ Tags: tags(49) }),
      event: made,
      sends: [copy({}, tags(49)), named],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one with 50 tags',
      world: world({ Tags: tags(50) }),
      event: made,
      sends: [],
      status: 'open',
      says: 'The snapshot of vol-1 is not encrypted.',
      advice: /^The snapshot has 50 tags/,
    },
    {
      // aws-cli#917: a copy that was taken fails a while later, and shows so by its state alone
      name: 'one whose copy fails after a while: the original is kept and not marked',
      world: world({ Description: 'nightly' }, { copyFails: true }),
      event: made,
      sends: [copy({ Description: 'nightly' })],
      leavesRest: true,
      status: 'failed',
      says: /The fix cannot go on\./,
      advice: /^The copy snap-copy1 failed: see its state, delete it, and run/,
    },
    {
      name: 'one whose copy is under a key that cannot be used',
      world: world({}, { keyState: 'PendingDeletion' }),
      event: made,
      sends: [copy()],
      leavesRest: true,
      status: 'failed',
      says: /The fix cannot go on\./,
      advice: /^The copy snap-copy1 cannot be read, because the key \S+ is PendingDeletion\. Keep the original\./,
    },
    {
      name: 'one that is marked as replaced by somebody else',
      world: world(tag('redress:superseded-by', 'snap-9'), {
        snapshots: [
          { ...open, ...tag('redress:superseded-by', 'snap-9') },
          { ...open, SnapshotId: 'snap-9', Encrypted: true, Tags: [mark] },
        ],
      }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /Its tag redress:superseded-by names snap-9, and Redress has no record .* snap-9 is an encrypted copy of it already; look whose it is\.$/,
      advice: /compare the snapshots before you delete either/,
    },
    {
      name: 'one that somebody marked a copy of: a copy costs money, so a person looks',
      world: () => snapshotsWorld({ snapshots: [open, { ...open, SnapshotId: 'snap-9', Encrypted: true, Tags: [mark] }] }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /snap-9 is marked as a copy of it already; look whose it is\.$/,
      advice: /snap-9 is marked as a copy that Redress made, without a record/,
    },
    {
      name: 'one that marks claim a copy of which is none: neither encrypted nor of its size',
      world: () =>
        snapshotsWorld({
          snapshots: [
            open,
            { ...open, SnapshotId: 'snap-8', Encrypted: true, VolumeSize: 1, Tags: [mark] },
            { ...open, SnapshotId: 'snap-9', Tags: [mark] },
          ],
        }),
      event: made,
      sends: [copy(), named],
      status: 'superseded',
      says: superseded,
    },
  ],
  skipped: [
    { name: 'one that is gone', world: () => snapshotsWorld(), event: made, says: 'The resource is gone.' },
    { name: 'one that failed', world: world({ State: 'error' }), event: made, says: /The snapshot failed, so nothing can be made from it/ },
    {
      name: 'one of Data Lifecycle Manager, by its policy',
      world: world(tag('aws:dlm:lifecycle-policy-id', 'policy-0a1b')),
      event: createSnapshots('snap-1'),
      says: 'The snapshot is not encrypted. It is one of the policy policy-0a1b of Amazon Data Lifecycle Manager, which deletes it too.',
      advice: /`CrossRegionCopyRules`/,
    },
    {
      name: 'one of Data Lifecycle Manager that names no policy',
      world: world(tag('aws:dlm:expirationTime', 'x')),
      event: made,
      says: /one of the policy of a name that AWS does not show/,
    },
    {
      name: 'one of AWS Backup',
      world: world(tag('aws:backup:source-resource', 'arn:x')),
      event: made,
      says: /It is one of a plan of AWS Backup, which/,
      advice: /Encrypt the volume: its later backups/,
    },
    {
      name: 'one of AWS Backup that names its plan',
      world: world(tag('aws:backup:plan-id', 'plan-7')),
      event: made,
      says: /one of the plan plan-7 of AWS Backup/,
    },
    {
      name: 'one that an image is made of',
      world: world({}, { images: [image] }),
      event: made,
      says: /the image ami-1 is made of it: image-encrypted judges that/,
    },
    {
      name: 'one in the archive',
      world: world({ StorageTier: 'archive' }),
      event: scheduled(),
      says: /it is archived/,
      advice: 'If you need it, restore it: `aws ec2 restore-snapshot-tier --snapshot-id snap-1 --permanent-restore`.',
    },
  ],
});
