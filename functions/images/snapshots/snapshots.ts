import { DescribeImagesCommand, DescribeSnapshotsCommand, type Filter, type Image, type Snapshot } from '@aws-sdk/client-ec2';
import { COPY_OF, type CopyKind } from '#shared/aws/copies.ts';
import { onePage, pages, partOf } from '#shared/aws/pages.ts';
import { stringAt } from '#shared/control/record.ts';
import { allTags, tagOf } from '#shared/control/tag.ts';
import type { Loader, Part, Reader, Target } from '#shared/control/types.ts';
import { snapshots } from './kind.ts';

type Which = Pick<DescribeSnapshotsCommand['input'], 'Filters' | 'RestorableByUserIds'>;

/** A part of this account's own snapshots of such a sort, as targets. */
export async function pageOfSnapshots(which: Which, read: Reader, from: string | undefined): Promise<Part<Target<never>>> {
  const command = (token: object) => new DescribeSnapshotsCommand({ OwnerIds: ['self'], ...which, MaxResults: 500, ...token });
  const page = await onePage(read, command, ({ Snapshots }) => Snapshots, from);
  return partOf(page, ({ SnapshotId }) => (SnapshotId ? [{ type: snapshots.type, id: SnapshotId }] : []));
}

/** The ids of all that are public. */
export async function publicSnapshots(read: Reader): Promise<string[]> {
  const found = await pages(
    read,
    (token) => new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 500, ...token }),
    ({ Snapshots }) => Snapshots,
  );
  return found.flatMap(({ SnapshotId }) => SnapshotId ?? []);
}

/** The account's images by the snapshots that they are made of; those that are disabled too, for they can be enabled again. */
export const imagesBySnapshot: Loader<readonly Image[]> = {
  name: 'images by snapshot',
  max: 200,
  load: async (ids, read) => {
    const Filters: Filter[] = [{ Name: 'block-device-mapping.snapshot-id', Values: [...ids] }];
    const found = await pages(
      read,
      (token) => new DescribeImagesCommand({ Owners: ['self'], IncludeDeprecated: true, IncludeDisabled: true, Filters, ...token }),
      ({ Images }) => Images,
    );
    const isOf = ({ BlockDeviceMappings = [] }: Image, id: string) => BlockDeviceMappings.some(({ Ebs }) => Ebs?.SnapshotId === id);
    return new Map(ids.map((id) => [id, found.filter((image) => isOf(image, id))]));
  },
};

const markOf = ({ Tags }: Snapshot) => tagOf(allTags(Tags), COPY_OF);

/** What is marked as a copy, by the id of its original: AWS shows no other sign of what a snapshot was copied from. */
const copiesBySource: Loader<readonly Snapshot[]> = {
  name: 'copies by source',
  max: 200,
  load: async (ids, read) => {
    const Filters: Filter[] = [{ Name: `tag:${COPY_OF}`, Values: [...ids] }];
    const found = await pages(
      read,
      (token) => new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters, ...token }),
      ({ Snapshots }) => Snapshots,
    );
    return Map.groupBy(found, (one) => markOf(one) ?? '');
  },
};

/** What tells the copies of a snapshot. */
export const snapshotCopies: CopyKind<Snapshot> = {
  noun: 'snapshot',
  plural: 'snapshots',
  idPrefix: 'snap-',
  items: snapshots.items,
  marked: copiesBySource,
  idOf: ({ SnapshotId }) => SnapshotId,
  madeAt: ({ StartTime }) => StartTime,
  isCopyOf: (copy, { SnapshotId, VolumeSize }, isRecorded) =>
    isRecorded || (markOf(copy) === SnapshotId && copy.VolumeSize === VolumeSize && copy.Encrypted === true),
};

/** For so long a snapshot is new, in milliseconds: longer than a burst of events takes. */
const NEW_FOR = 5 * 60_000;

/**
 * Whether a look for marks can tell more than the ledger does. It records each copy, and the call before it is sent: so it cannot where it
 * shows a sound one, and where it has none of a snapshot that is new, or pending, which AWS does not copy. Marks are for a lost answer, and
 * for a copy that another ledger or another hand made.
 */
export function marksTellMore(
  { StartTime, State }: Snapshot,
  { made = [], madeSince }: Target,
  recorded: readonly Snapshot[],
  now: Date,
): boolean {
  if (madeSince !== undefined || made === 'unrecorded') return true;
  if (made.length > 0) return !recorded.some((copy) => copy.Encrypted && copy.State !== 'error');
  return State !== 'pending' && now.getTime() - (StartTime?.getTime() ?? 0) > NEW_FOR;
}

/** The id of the copy in an answer of CopySnapshot. */
export function copyIn(answer: unknown): string[] {
  const id = stringAt(answer, 'SnapshotId');
  return id ? [id] : [];
}

/** The volume that a snapshot is of; a copy shows an id that means nothing, and what EBS's direct calls made has none. */
export function volumeOf({ VolumeId }: Snapshot): string | undefined {
  return VolumeId && VolumeId !== 'vol-ffffffff' ? VolumeId : undefined;
}
