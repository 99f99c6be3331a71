import { CopyImageCommand, CreateTagsCommand, type Image, type Tag } from '@aws-sdk/client-ec2';
import { amiState, byTerraform, callEvent, scheduled } from '../../../test/fixtures/events.ts';
import { awsError } from '../../../test/support/harness.ts';
import { madeImage, ofService } from '../../../test/support/images/events.ts';
import { type Account, imagesWorld } from '../../../test/support/images/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-encrypted.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/ours';
const root = (Encrypted: boolean, name = '/dev/xvda') => ({ DeviceName: name, Ebs: { SnapshotId: 'snap-1', Encrypted, VolumeSize: 8 } });
const image: Image = {
  ImageId: 'ami-1',
  Name: 'web',
  State: 'available',
  CreationDate: '2026-11-21T08:59:00.000Z',
  BlockDeviceMappings: [root(false)],
  Tags: [],
};
const world =
  (one: Image, more: Account = {}) =>
  () =>
    imagesWorld({ images: [one], ...more });
const copyOf: Tag = { Key: 'redress:copy-of', Value: 'ami-1' };
const copy = (more: object = {}, tags: Tag[] = []) =>
  new CopyImageCommand({
    SourceImageId: 'ami-1',
    SourceRegion: 'eu-west-1',
    Name: 'web encrypted (ami-1)',
    Encrypted: true,
    TagSpecifications: [{ ResourceType: 'image', Tags: [...tags, copyOf] }],
    ...more,
  });
const mark = new CreateTagsCommand({ Resources: ['ami-1'], Tags: [{ Key: 'redress:superseded-by', Value: 'ami-copy1' }] });
const replaced =
  'Found: The image is not encrypted: /dev/xvda. Now: The encrypted image ami-copy1 replaces it; the original is kept for you to deregister.';
const now = { settleSeconds: 0 };
const made = madeImage('ami-1');
const fifty = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));

testControl(control, {
  valid: [
    { name: 'an encrypted image', world: world({ ...image, BlockDeviceMappings: [root(true)] }), event: made },
    {
      name: 'an image with instance store volumes only',
      world: world({ ...image, BlockDeviceMappings: [{ DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }] }),
      event: made,
    },
    {
      name: 'an image with an empty device besides, of which nothing can be copied',
      world: world({ ...image, BlockDeviceMappings: [root(true), { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 9, Encrypted: false } }] }),
      event: made,
    },
    { name: 'an image whose snapshots are being made', world: world({ ...image, State: 'pending' }), event: made },
    {
      name: 'an encrypted image that is available',
      world: world({ ...image, BlockDeviceMappings: [root(true)] }),
      event: amiState('ami-1', 'available'),
    },
    {
      name: 'an image that is encrypted though nobody asked for it: encryption by default (packer#9529)',
      world: world({ ...image, BlockDeviceMappings: [root(true)] }, { encryptionByDefault: true }),
      event: madeImage('ami-1', 'CopyImage'),
    },
    { name: 'a sweep that finds none', world: world({ ...image, BlockDeviceMappings: [root(true)] }), event: scheduled() },
  ],
  invalid: [
    { name: 'an image', world: world(image), event: made, settings: now, sends: [copy(), mark], status: 'superseded', says: replaced },
    {
      name: 'an image that has to be an hour old',
      world: world(image),
      event: made,
      sends: [copy(), mark],
      status: 'superseded',
      says: replaced,
    },
    {
      name: 'an image that EC2 reports as available, whose maker the event history knows',
      world: world(image, { history: [madeImage('ami-1').detail, madeImage('ami-2').detail] }),
      event: amiState('ami-1', 'available'),
      settings: now,
      sends: [copy(), mark],
      status: 'superseded',
      says: replaced,
    },
    {
      name: 'an image that EC2 reports as available, whose maker nobody knows',
      world: world(image, { history: [madeImage('ami-1', 'CreateImage', { errorCode: 'Client.InvalidAMIName.Duplicate' }).detail] }),
      event: amiState('ami-1', 'available'),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
    {
      name: 'an image that EC2 reports as available where Redress may not look who made it',
      world: world(image, { refuses: { 'cloudtrail:LookupEvents': awsError('AccessDeniedException', 'not authorized') } }),
      event: amiState('ami-1', 'available'),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
    {
      name: 'an image registered with a mapping that says encrypted, from a snapshot that is not (packer#3085)',
      world: world(image),
      event: madeImage('ami-1', 'RegisterImage'),
      mode: 'observe',
      sends: [],
      status: 'would-fix',
      says: 'The image is not encrypted: /dev/xvda.',
      advice: /An encrypted image under the AWS managed key cannot be shared\. To share the copy, set `kmsKey` to a customer key first/,
    },
    {
      name: 'an image of which only a second device is encrypted (packer#7410)',
      world: world({ ...image, BlockDeviceMappings: [root(false), root(true, '/dev/sdf'), { DeviceName: '/dev/sdg', Ebs: {} }] }),
      event: made,
      mode: 'observe',
      sends: [],
      status: 'would-fix',
      says: 'The image is not encrypted: /dev/xvda, /dev/sdg.',
    },
    {
      name: 'an image where encryption by default is on',
      world: world(image, {
        encryptionByDefault: true,
        defaultKey: KEY,
        keys: { [KEY]: { KeyId: 'ours', Arn: KEY, KeyState: 'Enabled' } },
      }),
      event: made,
      mode: 'observe',
      sends: [],
      status: 'would-fix',
      says: 'The image is not encrypted: /dev/xvda.',
      advice:
        /To share it, let the other accounts use its key too\.\nEBS encryption by default is on, so what is launched from it in this Region is encrypted all the same/,
    },
    {
      name: 'an image with tags and a description, under a configured key',
      world: world(
        {
          ...image,
          Description: 'golden',
          Tags: [
            { Key: 'team', Value: 'web' },
            { Key: 'redress:owner', Value: 'x' },
            { Key: 'app', Value: 'a' },
          ],
        },
        { keys: { 'alias/ami': { KeyId: 'ours', Arn: KEY, KeyState: 'Enabled' } } },
      ),
      event: made,
      settings: { ...now, kmsKey: 'alias/ami' },
      sends: [
        copy({ Description: 'golden', KmsKeyId: 'alias/ami' }, [
          { Key: 'app', Value: 'a' },
          { Key: 'team', Value: 'web' },
        ]),
        mark,
      ],
      status: 'superseded',
      says: replaced,
    },
    {
      name: 'an image with a name as long as names may be',
      world: world({ ...image, Name: 'n'.repeat(128) }),
      event: made,
      settings: now,
      sends: [copy({ Name: `${'n'.repeat(110)} encrypted (ami-1)` }), mark],
      status: 'superseded',
      says: replaced,
    },
    {
      name: 'an image whose copy takes its time',
      world: world(image, { pendingReads: 30 }),
      event: made,
      settings: now,
      sends: [copy(), mark],
      status: 'superseded',
      says: replaced,
    },
    {
      name: 'an image whose copy fails',
      world: world(image, { copyState: 'failed' }),
      event: made,
      settings: now,
      sends: [copy()],
      leavesRest: true,
      status: 'failed',
      says: /The fix cannot go on/,
      advice: /The copy ami-copy1 failed/,
    },
    {
      name: 'a public image, which an encrypted one cannot replace',
      world: world({ ...image, Public: true }),
      event: made,
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /The image is public, and an encrypted one cannot be/,
      advice: /It is public, which AWS allows for unencrypted images only/,
    },
    {
      name: 'an image that a service made for itself',
      world: world(image),
      event: madeImage('ami-1', 'CreateImage', ofService('backup.amazonaws.com')),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /AWS Backup made this image, and may look for it by its id/,
    },
    {
      name: 'an image that claims to be of Terraform',
      world: world(image),
      event: madeImage('ami-1', 'RegisterImage', byTerraform),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /claims to be managed by Terraform/,
      advice: /Terraform: make an aws_ami_copy of it with `encrypted = true`/,
    },
    {
      name: 'an image that only the sweep found',
      world: world(image),
      event: scheduled(),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
    {
      name: 'an image with 50 tags, beside which the marker does not fit',
      world: world({ ...image, Tags: fifty }),
      event: made,
      settings: now,
      sends: [],
      status: 'open',
      says: 'The image is not encrypted: /dev/xvda.',
      advice: /^The image has 50 tags/,
    },
    {
      name: 'an image that somebody marked as replaced by an encrypted copy of theirs',
      world: () =>
        imagesWorld({
          images: [
            { ...image, Tags: [{ Key: 'redress:superseded-by', Value: 'ami-9' }] },
            { ...image, ImageId: 'ami-9', SourceImageId: 'ami-1', BlockDeviceMappings: [root(true)], Tags: [copyOf] },
          ],
        }),
      event: made,
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress has no record that it made that[\s\S]*ami-9 is an encrypted copy of it already; look whose it is/,
      advice: /Find out in CloudTrail who set the mark/,
    },
    {
      name: 'an image back from the recycle bin',
      world: world(image),
      event: callEvent('RestoreImageFromRecycleBin', {
        requestParameters: { RestoreImageFromRecycleBinRequest: { ImageId: 'ami-1' } },
        responseElements: { RestoreImageFromRecycleBinResponse: { return: true } },
      }),
      settings: now,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress did not see who made it/,
    },
  ],
  skipped: [
    { name: 'a disabled image', world: world({ ...image, State: 'disabled' }), event: made, says: /The image is disabled/ },
    { name: 'a failed image', world: world({ ...image, State: 'failed' }), event: made, says: /The image failed/ },
    {
      name: 'an image of EC2 Image Builder',
      world: world({
        ...image,
        Tags: [{ Key: 'Ec2ImageBuilderArn', Value: 'arn:aws:imagebuilder:eu-west-1:111122223333:image/web/1.0.0/1' }],
      }),
      event: madeImage('ami-1', 'CreateImage', ofService('imagebuilder.amazonaws.com')),
      says: /recipe arn:aws:imagebuilder:eu-west-1:111122223333:image-recipe\/web\/1\.0\.0, which `recipe-encrypted` judges.*EC2 Image Builder manages it/,
      advice: /EC2 Image Builder: set `encrypted: true` under each `ebs` of the `blockDeviceMappings` in a new version of the image recipe/,
    },
    {
      name: 'a recovery point of AWS Backup',
      world: world({ ...image, Tags: [{ Key: 'aws:backup:source-resource', Value: 'i-1' }] }),
      event: made,
      says: /AWS Backup keeps the image as a recovery point/,
    },
    {
      name: 'an image of a lifecycle policy',
      world: world({ ...image, Tags: [{ Key: 'aws:dlm:lifecycle-policy-id', Value: 'policy-1' }] }),
      event: made,
      says: /The policy policy-1 of Amazon Data Lifecycle Manager keeps the image/,
    },
    {
      name: 'an unencrypted step of a pipeline that encrypts, deregistered before it settled (packer#3382)',
      world: () => imagesWorld(),
      event: made,
      says: 'The resource is gone.',
    },
  ],
});
