import type { Image, Snapshot } from '@aws-sdk/client-ec2';
import type { Around, Effect, Launch, SourceKey } from '#shared/launch/launch.ts';
import { place } from './harness.ts';

/** One device that a launch is expected to make; `why` is matched, and a `key` is given for every encrypted one. */
export interface Expected extends Pick<Effect, 'device' | 'is' | 'key' | 'source'> {
  readonly why: RegExp;
}

/** A launch, what is around it, what comes of it, and the page of AWS that says so. */
export interface Row {
  readonly name: string;
  readonly launch: Launch;
  readonly around: Around;
  readonly effects: readonly Expected[];
  readonly rule: string;
}

const ec2 = 'https://docs.aws.amazon.com/AWSEC2/latest';
const autoScaling = 'https://docs.aws.amazon.com/autoscaling/ec2';
const rules = {
  ami: `${ec2}/UserGuide/AMIEncryption.html`,
  concepts: `${ec2}/UserGuide/block-device-mapping-concepts.html`,
  byDefault: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
  outcomes: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-examples.html',
  templateEbs: `${ec2}/APIReference/API_LaunchTemplateEbsBlockDeviceRequest.html`,
  templateMapping: `${ec2}/APIReference/API_LaunchTemplateBlockDeviceMappingRequest.html`,
  ebsDevice: `${ec2}/APIReference/API_EbsBlockDevice.html`,
  images: `${ec2}/APIReference/API_DescribeImages.html`,
  snapshots: `${ec2}/APIReference/API_DescribeSnapshots.html`,
  configurationEbs: `${autoScaling}/APIReference/API_Ebs.html`,
  configurationMapping: `${autoScaling}/APIReference/API_BlockDeviceMapping.html`,
  parameters: `${autoScaling}/userguide/using-systems-manager-parameters.html`,
};

/** The AWS managed key, which is the default until an account chooses another. */
export const managed = 'alias/aws/ebs';
/** The key of the account's own encrypted snapshots. */
export const ours = 'arn:aws:kms:eu-west-1:111122223333:key/of-the-snapshot';
/** The key of another account's encrypted snapshots. */
export const theirs = 'arn:aws:kms:eu-west-1:999999999999:key/theirs';
/** A key that the account chose as its default. */
export const chosen = 'alias/chosen';
const stranger = '999999999999';

const device = (DeviceName: string, SnapshotId: string, Encrypted: boolean) => ({ DeviceName, Ebs: { SnapshotId, Encrypted } });
const plain: Image = { ImageId: 'ami-plain', OwnerId: place.account, BlockDeviceMappings: [device('/dev/xvda', 'snap-plain', false)] };
const locked: Image = { ImageId: 'ami-locked', OwnerId: place.account, BlockDeviceMappings: [device('/dev/xvda', 'snap-locked', true)] };
const images: readonly Image[] = [
  plain,
  locked,
  { ...plain, ImageId: 'ami-public', OwnerId: stranger },
  { ...locked, ImageId: 'ami-shared', OwnerId: stranger },
  {
    ImageId: 'ami-two',
    OwnerId: place.account,
    BlockDeviceMappings: [device('/dev/xvda', 'snap-locked', true), device('/dev/sdf', 'snap-plain', false)],
  },
  {
    ImageId: 'ami-empty',
    OwnerId: place.account,
    BlockDeviceMappings: [
      device('/dev/xvda', 'snap-locked', true),
      { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 10, Encrypted: false } },
      { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 10, Encrypted: true } },
      { DeviceName: '/dev/sdh', VirtualName: 'ephemeral0' },
    ],
  },
  { ImageId: 'ami-hidden', OwnerId: stranger, BlockDeviceMappings: [device('/dev/xvda', 'snap-hidden', true)] },
  { ImageId: 'ami-store', OwnerId: place.account, RootDeviceType: 'instance-store', BlockDeviceMappings: [] },
  { ImageId: 'ami-bare', OwnerId: place.account },
];
const snapshots: readonly Snapshot[] = [
  { SnapshotId: 'snap-plain', OwnerId: place.account, Encrypted: false },
  { SnapshotId: 'snap-locked', OwnerId: place.account, Encrypted: true, KmsKeyId: ours },
  { SnapshotId: 'snap-open', OwnerId: place.account, Encrypted: false },
  { SnapshotId: 'snap-own', OwnerId: place.account, Encrypted: true, KmsKeyId: ours },
  { SnapshotId: 'snap-lent', OwnerId: stranger, Encrypted: true, KmsKeyId: theirs },
  { SnapshotId: 'snap-public', OwnerId: stranger, Encrypted: false },
];
/** An account without encryption by default, with an AMI and a snapshot of each kind. */
export const off: Around = {
  account: place.account,
  region: place.region,
  isDefaultOn: false,
  defaultKey: managed,
  images: new Map(images.map((one) => [one.ImageId ?? '', one])),
  snapshots: new Map(snapshots.map((one) => [one.SnapshotId ?? '', one])),
};
/** The same with encryption by default. */
export const on: Around = { ...off, isDefaultOn: true };
/** The same with encryption by default under the chosen key. */
export const onUnder = { ...on, defaultKey: chosen };
/** The chosen key, without encryption by default. */
export const offUnder = { ...off, defaultKey: chosen };

type Ebs = { Encrypted?: boolean; KmsKeyId?: string; SnapshotId?: string; VolumeSize?: number };
/** A mapping at a device. */
export const at = (DeviceName: string, Ebs: Ebs) => ({ DeviceName, Ebs });
/** A mapping over the root of the AMIs here. */
export const root = (Ebs: Ebs) => at('/dev/xvda', Ebs);
/** A launch of an AMI with mappings. */
export const from = (ImageId: string, ...BlockDeviceMappings: object[]): Launch => ({
  ImageId,
  ...(BlockDeviceMappings.length > 0 && { BlockDeviceMappings }),
});
/** A device that comes out encrypted under a key. */
export const encrypted = (why: RegExp, key: string, name = '/dev/xvda'): Expected => ({ device: name, is: 'encrypted', why, key });
/** The same of something under another key. */
export const reEncrypted = (source: SourceKey, ...[why, key, name]: Parameters<typeof encrypted>): Expected => ({
  ...encrypted(why, key, name),
  source,
});
/** A device that comes out unencrypted. */
export const open = (why: RegExp, name = '/dev/xvda'): Expected => ({ device: name, is: 'unencrypted', why });
/** A row, with its rule by name. */
export const row = (name: string, launch: Launch, around: Around, rule: keyof typeof rules, ...effects: Expected[]): Row => ({
  name,
  launch,
  around,
  effects,
  rule: rules[rule],
});

/** Why a device is encrypted: its mapping says so. */
export const isSet = /^`Encrypted` is set$/;
/** Why a device is encrypted: the account says so. */
export const byDefault = /^encryption by default is on$/;
/** Why a device is encrypted: what it is made from is. */
export const fromEncrypted = /^its snapshot is encrypted$/;
/** Why a device is not encrypted: the AMI's snapshot is not. */
export const fromOpen = /^the snapshot of ami-\w+ is not encrypted$/;
/** Why a device is not encrypted: it is empty, and nothing says so. */
export const notSet = /^`Encrypted` is not set$/;
/** A device that AWS refuses to make. */
export const refused = (name = '/dev/xvda'): Expected => ({ device: name, is: 'refused', why: /has a key and `Encrypted` is not set/ });
/** A device whose source cannot be seen. */
export const unknown = (why: RegExp, name: string): Expected => ({ device: name, is: 'unknown', why });
/** A volume of the instance store at the root's name. */
export const storeOf = { DeviceName: '/dev/xvda', VirtualName: 'ephemeral0' };
