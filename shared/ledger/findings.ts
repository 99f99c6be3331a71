import { fittingRow } from '#shared/finding/fitting.ts';
import { DAY, expires, type Item, withBody } from './dynamo.ts';
import type { Keys } from './items.ts';
import type { FindingRow } from './ledger.ts';

const KEPT_A_YEAR = 365 * DAY;

/** A finding's item, kept for a year from what happened to it last. */
export function findingItem(keys: Keys, row: FindingRow): Item {
  const { id, control, status, timings } = row.finding;
  const now = new Date(timings.doneAt ?? timings.decidedAt ?? timings.receivedAt);
  const fields = { control: { S: control }, status: { S: status }, expiresAt: expires(now, KEPT_A_YEAR) };
  return { ...keys.finding(id), ...fields, ...withBody(fittingRow(row)) };
}
