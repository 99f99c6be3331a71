import { total } from '../../scripts/cost/prices.ts';
import { idle } from '../../scripts/cost/stack.ts';
import { FIXED, priceOf, REPORTED } from '../replay/cost.ts';
import type { ReportData } from './data.ts';

/** What a time has cost at list prices, in USD, by what is computed and not from the bill. */
export interface ReportCost {
  /** Polling, wakes, sweeps, alarms and what is kept: what it costs if nothing happens. */
  readonly idle: number;
  /** The findings: between batches of ten and single events. */
  readonly findings: { readonly atLeast: number; readonly atMost: number };
}

/** The cost of a report's time, for a stack of this shape; events about what was right are not in the ledger, and not counted. */
export function costOfReport({ since, until, all, counts }: ReportData, deployed: Parameters<typeof idle>[0]): ReportCost {
  const days = (Date.parse(until) - Date.parse(since)) / 86_400_000;
  const at = (size: 1 | 10) => (all - counts.fixed) * priceOf(REPORTED, size) + counts.fixed * priceOf(FIXED, size);
  return { idle: (total(idle(deployed)) * days) / 30, findings: { atLeast: at(10), atMost: at(1) } };
}
