import type { Volume } from '@aws-sdk/client-ec2';
import { type KeyUse, keyUse } from '#shared/aws/key.ts';
import type { Made, Reader } from '#shared/control/control.ts';
import { listAt, stringAt } from '#shared/control/record.ts';
import { volumes } from './kind.ts';
import { copiesBySource, SUPERSEDED_BY } from './volumes.ts';

/** What is known of the encrypted copies of a volume. */
export interface Copies {
  /** The copy that Redress made, by its own ledger: a marker alone proves nothing, for anybody can write one. */
  readonly copy: Volume | undefined;
  /** Whether the key of that copy can be used; without it the copy is no better than nothing. */
  readonly key: KeyUse;
  /** The copy that the volume's tag names; `theirs` where AWS shows an encrypted copy, and Redress has no record that it made it. */
  readonly named?: { readonly id: string; readonly is: 'ours' | 'gone' | 'theirs' | 'nothing' };
  /** Other volumes that are marked as copies of this one. */
  readonly strangers: readonly string[];
}

/** Finds the copies of an unencrypted volume: what the ledger vouches for, and what markers claim. */
export async function copiesOf(volume: Volume, recorded: Made, read: Reader, madeSince?: string): Promise<Copies> {
  const { VolumeId: id = '' } = volume;
  const name = volume.Tags?.find(({ Key }) => Key === SUPERSEDED_BY)?.Value;
  const vouched = recorded === 'unrecorded' ? [] : recorded;
  const wanted = [...vouched, ...(name?.startsWith('vol-') ? [name] : [])];
  const [marked, known] = await Promise.all([read.many(copiesBySource, [id]), read.many(volumes.items, wanted)]);
  const copies = [...new Map([...(marked.get(id) ?? []), ...known.values()].map((one) => [one.VolumeId, one])).values()].filter(
    ({ SourceVolumeId, VolumeId }) => SourceVolumeId === id && VolumeId !== undefined,
  );
  const made = recorded === 'unrecorded' ? recorded : [...recorded, ...lostOne(copies, recorded, madeSince)];
  const isOurs = ({ VolumeId = '' }: Volume) => made === 'unrecorded' || made.includes(VolumeId);
  const ours = copies.filter(isOurs);
  // the newest that was recorded, unless the volume itself names one
  const copy = ours.find(({ VolumeId }) => VolumeId === name) ?? ours.toSorted((a, b) => age(b, vouched) - age(a, vouched))[0];
  const key = copy?.Encrypted && copy.KmsKeyId ? await keyUse(copy.KmsKeyId, read) : {};
  const strangers = copies.filter((one) => !isOurs(one)).flatMap(({ VolumeId }) => VolumeId ?? []);
  return { copy, key, strangers: strangers.sort(), ...(name && { named: { id: name, is: whatIs(name, copies, made) } }) };
}

/** The copy whose answer was lost: the only one, unrecorded, that AWS shows as made since then. Of several a person has to tell. */
function lostOne(copies: readonly Volume[], recorded: readonly string[], madeSince: string | undefined): string[] {
  if (madeSince === undefined) return [];
  // AWS may show whole seconds
  const since = Math.floor(Date.parse(madeSince) / 1000) * 1000;
  const isSince = ({ VolumeId = '', CreateTime }: Volume) => !recorded.includes(VolumeId) && (CreateTime?.getTime() ?? 0) >= since;
  const found = copies.filter(isSince).flatMap(({ VolumeId }) => VolumeId ?? []);
  return found.length === 1 ? found : [];
}

/** The ids of the copies in an answer of CopyVolumes. */
export function copiesIn(answer: unknown): string[] {
  return listAt(answer, 'Volumes').flatMap((one) => stringAt(one, 'VolumeId') ?? []);
}

function age({ VolumeId = '' }: Volume, vouched: readonly string[]): number {
  return vouched.indexOf(VolumeId);
}

function whatIs(name: string, copies: readonly Volume[], made: Made): 'ours' | 'gone' | 'theirs' | 'nothing' {
  const found = copies.find(({ VolumeId }) => VolumeId === name);
  if (made === 'unrecorded' || made.includes(name)) return found ? 'ours' : 'gone';
  return found?.Encrypted ? 'theirs' : 'nothing';
}
