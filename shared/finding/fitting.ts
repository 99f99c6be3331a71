import { bytesOf } from '#shared/aws/batches.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import type { Finding } from './finding.ts';
import { cut } from './text.ts';

/**
 * So much of a finding is announced. Bus, queue and topic take 256 KB; a function gets 6 MB at once, which are 100 of these,
 * and the notifier looks at 1,000 findings of a Slack channel together.
 */
export const ANNOUNCED_BYTES = 50_000;

/** So much of a row is stored: DynamoDB takes 400 KB an item, and its keys and attributes count too. */
export const STORED_BYTES = 390_000;

/** How much is left of each text and each list, the gentlest first. */
const measures = [
  { text: 4000, entries: 50 },
  { text: 1000, entries: 20 },
  { text: 250, entries: 10 },
  { text: 100, entries: 3 },
] as const;

/** What programs go by: half of it would be another name. */
const names: readonly string[] = ['id', 'arn', 'announcement'] satisfies (keyof Finding | keyof Finding['resource'])[];

/** The finding itself if it is small enough; else its texts and lists are cut, where one sees it, until it is. */
export function fittingFinding(finding: Finding, most = ANNOUNCED_BYTES): Finding {
  let fitting = finding;
  for (const measure of measures) {
    if (sizeOf(fitting) <= most) return fitting;
    fitting = shortened({ ...finding, ...listsOf(finding, measure) }, measure);
  }
  return fitting;
}

/** The row itself if an item can hold it; else without the states that only an undo needs, and so without the undo. */
export function fittingRow(row: FindingRow, most = STORED_BYTES): FindingRow {
  if (sizeOf(row) <= most) return row;
  const shorter = { ...row, finding: fittingFinding(row.finding) };
  return sizeOf(shorter) <= most ? shorter : { finding: { ...shorter.finding, canUndo: false } };
}

type Measure = (typeof measures)[number];

function listsOf({ changes, later, advice }: Finding, measure: Measure): Pick<Finding, 'changes' | 'later' | 'advice'> {
  return { changes: beginning(changes, measure), later: beginning(later, measure), advice: beginning(advice, measure) };
}

/** The first entries; one more says how many are left out. */
function beginning<Entry extends { says: string }>(all: readonly Entry[], { entries }: Measure): Entry[] {
  const [next, ...more] = all.slice(entries);
  return [...all.slice(0, entries), ...(next ? [{ ...next, says: `… and ${more.length + 1} more.` }] : [])];
}

/** The same object with every text in it cut. */
function shortened<Value extends object>(value: Value, { text }: Measure): Value {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    typeof inner === 'string' && !names.includes(key) ? cut(inner, text) : inner,
  );
}

function sizeOf(value: object): number {
  return bytesOf(JSON.stringify(value));
}
