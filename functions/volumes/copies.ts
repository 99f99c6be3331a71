import type { Volume } from '@aws-sdk/client-ec2';
import type { CopyKind } from '#shared/aws/copies.ts';
import { listAt, stringAt } from '#shared/control/record.ts';
import { volumes } from './kind.ts';
import { copiesBySource } from './volumes.ts';

/** What tells the copies of a volume: AWS shows what a volume was copied from. */
export const volumeCopies: CopyKind<Volume> = {
  noun: 'volume',
  plural: 'volumes',
  idPrefix: 'vol-',
  items: volumes.items,
  marked: copiesBySource,
  idOf: ({ VolumeId }) => VolumeId,
  madeAt: ({ CreateTime }) => CreateTime,
  isCopyOf: ({ SourceVolumeId }, { VolumeId }) => SourceVolumeId === VolumeId,
};

/** The ids of the copies in an answer of CopyVolumes. */
export function copiesIn(answer: unknown): string[] {
  return listAt(answer, 'Volumes').flatMap((one) => stringAt(one, 'VolumeId') ?? []);
}
