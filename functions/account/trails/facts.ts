import type { Trail } from '@aws-sdk/client-cloudtrail';
import type { Context, Reader, Target } from '#shared/control/types.ts';
import type { Problem } from './advice.ts';
import { type Kept, readKept } from './kept.ts';
import { trails } from './kind.ts';
import { coverOf, type Seen, seenOf } from './seen.ts';
import { type Hint, type Stop, stopOf } from './stopped.ts';

/** What is known of one trail. */
export interface Facts {
  readonly name: string;
  readonly arn: string;
  /** The trail and how it does; undefined once it is deleted. */
  readonly trail?: Trail & Seen;
  readonly deletedAt?: string | undefined;
  /** The other trails that cover this Region; none were looked for where nothing is wrong. */
  readonly cover: readonly string[];
  readonly stop?: Stop | undefined;
  readonly kept?: Kept | undefined;
}

/** Reads trails; one that is gone counts as deleted where a record said so. */
export async function factsOf(targets: readonly Target<Hint>[], read: Reader, context: Context): Promise<ReadonlyMap<string, Facts>> {
  const found = await read.many(
    trails.items,
    targets.map(({ id }) => id),
  );
  const facts = targets.map(async (target): Promise<[string, Facts][]> => {
    const { id: name, hint, kept } = target;
    const trail = found.get(name);
    const known = { name, arn: trail?.TrailARN ?? trails.arnOf(name, context), kept: readKept(kept) };
    if (!trail) return hint?.deletedAt ? [[name, { ...known, deletedAt: hint.deletedAt, cover: await coverOf(read) }]] : [];
    const seen = await seenOf(trail, read);
    const live = { ...known, trail: { ...trail, ...seen } };
    if (problemsOf(seen).length === 0) return [[name, { ...live, cover: [] }]];
    const stop = seen.isLogging ? undefined : await stopOf(target, seen.stoppedAt, read, context);
    return [[name, { ...live, stop, cover: await coverOf(read, trail.TrailARN) }]];
  });
  return new Map((await Promise.all(facts)).flat());
}

/** What is wrong with a trail that is there. */
export function problemsOf({ isLogging, isWhole, error }: Seen): Problem[] {
  return [
    ...(isLogging ? [] : ['stopped' as const]),
    ...(isWhole ? [] : ['partial' as const]),
    ...(error === null ? [] : ['undelivered' as const]),
  ];
}
