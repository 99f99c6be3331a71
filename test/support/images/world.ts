import type { CopyImageCommand, Filter, Image, LaunchPermission, ModifyImageAttributeCommand, Snapshot, Tag } from '@aws-sdk/client-ec2';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { AwsCommand } from '#shared/control/control.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { awsError, type World } from '../harness.ts';

/** An image with those whom it is shared with. */
export type Shared = Image & { readonly permissions?: readonly LaunchPermission[] };

/** What there is in the account. */
export interface Account {
  readonly images?: readonly Shared[];
  readonly encryptionByDefault?: boolean;
  readonly defaultKey?: string;
  readonly keys?: { readonly [id: string]: KeyMetadata };
  /** How often a fresh copy is shown as pending, and what it is then. */
  readonly pendingReads?: number;
  readonly copyState?: 'available' | 'failed';
  /** How many reads do not show a fresh copy at all. */
  readonly hiddenReads?: number;
  /** What the event history holds. */
  readonly history?: readonly object[];
  readonly blocksPublicAccess?: boolean;
  /** Errors that a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
}

/** A world of images, which a test may change. */
export type ImagesWorld = World & { readonly images: Image[]; readonly permissions: Map<string, LaunchPermission[]> };

const MANAGED = { Arn: 'arn:aws:kms:eu-west-1:111122223333:key/managed', KeyState: 'Enabled', KeyManager: 'AWS' } as const;
const encryptedFilter = 'block-device-mapping.encrypted';

/** An EC2 that remembers images, their copies and their launch permissions. */
export function imagesWorld(account: Account = {}): ImagesWorld {
  const { pendingReads = 0, copyState = 'available', hiddenReads = 0, defaultKey = 'alias/aws/ebs' } = account;
  const images = (account.images ?? []).map(({ permissions: _, ...image }): Image => structuredClone(image));
  const permissions = new Map((account.images ?? []).map((one) => [one.ImageId ?? '', [...(one.permissions ?? [])]]));
  for (const { ImageId = '', Public } of images) if (Public) permissions.get(ImageId)?.push({ Group: 'all' });
  const tokens = new Map<string, { readonly id: string; readonly input: string }>();
  const snapshots = new Map<string, Snapshot>();
  const unseen = new Map<string, number>();
  const imageOf = (id = ''): Image => {
    const found = images.find(({ ImageId }) => ImageId === id);
    if (!found) throw awsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
    return found;
  };
  const copy = (input: CopyImageCommand['input']): { ImageId: string } => {
    const source = imageOf(input.SourceImageId);
    const { ClientToken: token = '', ...rest } = input;
    const earlier = tokens.get(token);
    if (earlier && earlier.input !== JSON.stringify(rest)) throw awsError('IdempotentParameterMismatch', 'Used with other parameters.');
    if (earlier) return { ImageId: earlier.id };
    if (images.some(({ Name }) => Name === input.Name)) throw awsError('InvalidAMIName.Duplicate', 'AMI name is already in use');
    const id = `ami-copy${tokens.size + 1}`;
    tokens.set(token, { id, input: JSON.stringify(rest) });
    const key = account.keys?.[input.KmsKeyId ?? defaultKey]?.Arn ?? input.KmsKeyId ?? MANAGED.Arn;
    const devices = (source.BlockDeviceMappings ?? []).map((one, n) => {
      if (!one.Ebs) return one;
      const SnapshotId = `snap-${id}-${n}`;
      snapshots.set(SnapshotId, { SnapshotId, KmsKeyId: key, Encrypted: true });
      return { ...one, Ebs: { ...one.Ebs, SnapshotId, Encrypted: input.Encrypted === true } };
    });
    images.push({
      ImageId: id,
      Name: input.Name,
      SourceImageId: input.SourceImageId,
      State: pendingReads > 0 ? 'pending' : copyState,
      CreationDate: '2026-11-21T09:00:06.000Z',
      Public: false,
      BlockDeviceMappings: devices,
      Tags: input.TagSpecifications?.[0]?.Tags ?? [],
    });
    unseen.set(id, hiddenReads);
    let reads = pendingReads;
    ticks.set(id, () => {
      reads -= 1;
      if (reads < 0) imageOf(id).State = copyState;
    });
    return { ImageId: id };
  };
  const ticks = new Map<string, () => void>();
  const modify = ({ ImageId = '', LaunchPermission: change, ImdsSupport }: ModifyImageAttributeCommand['input']): object => {
    const image = imageOf(ImageId);
    if (ImdsSupport?.Value === 'v2.0') image.ImdsSupport = 'v2.0';
    const isSame = (a: LaunchPermission) => (b: LaunchPermission) => JSON.stringify(a) === JSON.stringify(b);
    const has = permissions.get(ImageId) ?? [];
    const kept = has.filter((one) => !(change?.Remove ?? []).some(isSame(one)));
    const added = (change?.Add ?? []).filter((one) => !kept.some(isSame(one)));
    if (account.blocksPublicAccess && added.some(({ Group }) => Group))
      throw awsError('OperationNotPermitted', 'You can’t publicly share this image because block public access for AMIs is enabled.');
    permissions.set(ImageId, [...kept, ...added]);
    image.Public = [...kept, ...added].some(({ Group }) => Group === 'all');
    return {};
  };
  const answers: Answers = {
    'ec2:DescribeImages': ({ Owners, Filters = [] }: { Owners?: string[]; Filters?: Filter[] }) => {
      if (Owners?.join() !== 'self') throw new Error('images of others are not ours to judge');
      const found = images.filter((one) => Filters.every((filter) => fits(one, filter)));
      const shown = found.filter(({ ImageId = '' }) => {
        ticks.get(ImageId)?.();
        const left = unseen.get(ImageId) ?? 0;
        unseen.set(ImageId, left - 1);
        return left <= 0;
      });
      return { Images: shown };
    },
    'ec2:DescribeImageAttribute': ({ ImageId = '' }: { ImageId?: string }) => ({
      ImageId: imageOf(ImageId).ImageId,
      LaunchPermissions: permissions.get(ImageId) ?? [],
    }),
    'ec2:DescribeSnapshots': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      Snapshots: [...snapshots.values()].filter(({ SnapshotId = '' }) => Filters[0]?.Values?.includes(SnapshotId)),
    }),
    'ec2:GetEbsEncryptionByDefault': () => ({ EbsEncryptionByDefault: account.encryptionByDefault ?? false }),
    'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId: defaultKey }),
    'kms:DescribeKey': ({ KeyId = '' }: { KeyId?: string }) => {
      const all = [MANAGED, ...Object.values(account.keys ?? {})];
      const KeyMetadata = account.keys?.[KeyId] ?? all.find(({ Arn }) => Arn === KeyId);
      if (!KeyMetadata) throw awsError('NotFoundException', `Key '${KeyId}' does not exist`);
      return { KeyMetadata };
    },
    'cloudtrail:LookupEvents': () => ({
      Events: (account.history ?? []).map((record) => ({ CloudTrailEvent: JSON.stringify(record), Resources: [] })),
    }),
    'ec2:CopyImage': copy,
    'ec2:ModifyImageAttribute': modify,
    'ec2:CreateTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(imageOf))
        one.Tags = [...(one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ec2:DeleteTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const one of Resources.map(imageOf)) one.Tags = (one.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    },
  };
  return {
    images,
    permissions,
    async send(command: AwsCommand) {
      return answerTo(command, answers, account.refuses);
    },
  };
}

function fits(image: Image, { Name = '', Values = [] }: Filter): boolean {
  if (Name === 'image-id') return Values.includes(image.ImageId ?? '');
  if (Name === 'is-public') return Values.includes(String(image.Public === true));
  if (Name === encryptedFilter) return (image.BlockDeviceMappings ?? []).some(({ Ebs }) => Ebs && Values.includes(String(Ebs.Encrypted)));
  if (Name.startsWith('tag:')) return (image.Tags ?? []).some(({ Key, Value = '' }) => `tag:${Key}` === Name && Values.includes(Value));
  throw new Error(`this world knows no filter ${Name}`);
}
