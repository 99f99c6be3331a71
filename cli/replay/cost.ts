import { total } from '../../scripts/cost/prices.ts';
import { aMillion } from '../../scripts/cost/stack.ts';
import type { ControlSum } from './tally.ts';

/** What the invocations of a replay would have cost, in USD. */
export interface Cost {
  readonly invocations: number;
  readonly atLeast: number;
  readonly atMost: number;
}

const MILLION = 1e6;
const LOOKED_AT = 'looked at, and right';
/** What can become of a creation, as the bench calls it; a copy is the fix that takes most calls. */
export const REPORTED = 'reported';
export const FIXED = 'fixed by a copy, and reported';

/**
 * Between two bounds: every event was sound and came in batches of ten, or each had a batch of its own and everything that may be wrong
 * was reported. The prices are those of docs/cost.md.
 */
export function costOf(sums: readonly ControlSum[]): Cost {
  const events = sums.reduce((all, one) => all + one.events, 0);
  const reported = sums.reduce((all, { forecast }) => all + forecast.observe.reported, 0);
  return {
    invocations: events,
    atLeast: events * priceOf(LOOKED_AT, 10),
    atMost: Math.max(0, events - reported) * priceOf(LOOKED_AT, 1) + reported * priceOf(REPORTED, 1),
  };
}

/** The price of one creation of which this became, in batches of a size, in USD. */
export function priceOf(title: string, size: 1 | 10): number {
  const found = aMillion(size).find((one) => one.title === title);
  if (!found) throw new Error(`scripts/cost/stack.ts has no creations that are ${title}`);
  return total(found.items) / MILLION;
}
