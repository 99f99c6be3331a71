import { type Made, madeWith } from '#shared/control/actor.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Context, Plan, Target } from '#shared/control/types.ts';

/** How long a new device may take after the old one was removed, in seconds. */
const REPLACED_WITHIN = 15 * 60;

/** How a device was removed: by what, and when, in ISO 8601. */
export type Lost = Made & { readonly lostAt: string };

/** The targets of a record of a removal, each with when that was. */
export function lostBy(record: CloudTrailRecord, targets: readonly Target<never>[]): Target<Lost>[] {
  return targets.map((target) => ({ ...target, hint: { ...madeWith(record), lostAt: record.eventTime } }));
}

/** When the last device was removed, as far as a record said. */
export function lostAt({ hint }: Target): string | null {
  return stringAt(hint, 'lostAt') ?? null;
}

/** Waits for a replacement before it is reported; without a known removal nothing is waited for. */
export function untilReplaced(lost: string | null, { now }: Pick<Context, 'now'>): Plan {
  const left = Math.ceil((Date.parse(lost ?? '') - now.getTime()) / 1000) + REPLACED_WITHIN;
  return left > 0 ? { changes: [], again: { afterSeconds: left, why: 'a new device may take the place of the old one' } } : { changes: [] };
}
