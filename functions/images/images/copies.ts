import { DescribeSnapshotsCommand, type EbsBlockDevice, type Image } from '@aws-sdk/client-ec2';
import { COPY_OF, type CopyKind } from '#shared/aws/copies.ts';
import { pages } from '#shared/aws/pages.ts';
import { stringAt } from '#shared/control/record.ts';
import { allTags, type Tag, tagOf } from '#shared/control/tag.ts';
import type { Loader, Reader } from '#shared/control/types.ts';
import { imagesWhere } from './images.ts';
import { images } from './kind.ts';

/** An image as a copy: whether all its devices are encrypted, and the key of their snapshots. */
export interface ImageCopy {
  readonly image: Image;
  readonly Encrypted: boolean;
  readonly KmsKeyId: string | undefined;
  /** As EC2 says it of volumes: `error` where the copy failed. */
  readonly State: string | undefined;
  readonly Tags: readonly Tag[];
}

/** What tells the copies of an image. */
export const imageCopies: CopyKind<ImageCopy> = {
  noun: 'image',
  plural: 'images',
  idPrefix: 'ami-',
  items: {
    name: 'image copies by id',
    max: 200,
    load: async (ids, read) => byId(await asCopies([...(await read.many(images.items, ids)).values()], read)),
  },
  marked: {
    name: 'images marked as copies, by source',
    max: 200,
    load: async (ids, read) => {
      const found = await imagesWhere([{ Name: `tag:${COPY_OF}`, Values: [...ids] }], read);
      return Map.groupBy(await asCopies(found, read), ({ Tags }) => tagOf(Tags, COPY_OF) ?? '');
    },
  },
  idOf: ({ image }) => image.ImageId,
  madeAt: ({ image }) => (image.CreationDate ? new Date(image.CreationDate) : undefined),
  // an image of an instance names the image of that as its source too; [U] whether a copy within a Region always names it
  isCopyOf: ({ image }, original, isRecorded) =>
    image.SourceImageId === original.image.ImageId || (isRecorded && image.SourceImageId === undefined),
};

/** The devices of an image that are EBS volumes and not encrypted; one without a snapshot is empty, and no copy encrypts it. */
export function openDevices({ BlockDeviceMappings = [] }: Image): string[] {
  return BlockDeviceMappings.filter(({ Ebs }) => Ebs && Ebs.Encrypted !== true && !isBlank(Ebs)).map(
    ({ DeviceName }) => DeviceName ?? 'a device',
  );
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html encrypts snapshots alone
function isBlank({ Encrypted, SnapshotId }: EbsBlockDevice): boolean {
  return Encrypted === false && SnapshotId === undefined;
}

/** An image, as the one whose copies are looked for. */
export function asOriginal(image: Image): ImageCopy {
  return asCopy(image, undefined);
}

/** The id of the copy in an answer of CopyImage. */
export function copyIn(answer: unknown): string[] {
  return [stringAt(answer, 'ImageId')].filter((id) => id !== undefined);
}

async function asCopies(found: readonly Image[], read: Reader): Promise<ImageCopy[]> {
  const snapshots = found.map(snapshotOf);
  const keys = await read.many(
    keysOfSnapshots,
    snapshots.filter((id) => id !== undefined),
  );
  return found.map((image, n) => asCopy(image, keys.get(snapshots[n] ?? '')));
}

function asCopy(image: Image, KmsKeyId: string | undefined): ImageCopy {
  const { State, Tags } = image;
  const Encrypted = State === 'pending' || openDevices(image).length === 0;
  return { image, Encrypted, KmsKeyId, State: State === 'failed' || State === 'invalid' ? 'error' : State, Tags: allTags(Tags) };
}

/** One is enough: CopyImage has one key for all devices. */
function snapshotOf({ BlockDeviceMappings = [] }: Image): string | undefined {
  return BlockDeviceMappings.find(({ Ebs }) => Ebs?.Encrypted && Ebs.SnapshotId)?.Ebs?.SnapshotId;
}

/** The keys of encrypted snapshots, which DescribeImages does not show. */
const keysOfSnapshots: Loader<string> = {
  name: 'keys of snapshots',
  max: 200,
  load: async (ids, read) => {
    const found = await pages(
      read,
      (token) => new DescribeSnapshotsCommand({ Filters: [{ Name: 'snapshot-id', Values: [...ids] }], ...token }),
      ({ Snapshots }) => Snapshots,
    );
    return new Map(found.flatMap(({ SnapshotId, KmsKeyId }) => (SnapshotId && KmsKeyId ? [[SnapshotId, KmsKeyId]] : [])));
  },
};

function byId(copies: readonly ImageCopy[]): Map<string, ImageCopy> {
  return new Map(copies.flatMap((one) => (one.image.ImageId ? [[one.image.ImageId, one]] : [])));
}
