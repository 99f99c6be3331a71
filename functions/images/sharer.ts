import { type Made, madeWith } from '#shared/control/actor.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';

/** Who shared something, and when, ISO 8601; a case of an earlier version does not know the time. */
export type Sharer = Made & { readonly at?: string };

/** Who shares something by the call of a record. */
export function sharerIn(record: CloudTrailRecord): Sharer {
  return { ...madeWith(record), at: record.eventTime };
}

/** The later of two calls; a copy of the earlier one may come after it. */
export function later<Call extends { readonly at?: string }>(one: Call, other: Call): Call {
  return Date.parse(other.at ?? '') < Date.parse(one.at ?? '') ? one : other;
}
