import type { Ledger } from '#shared/ledger/ledger.ts';
import type { LocalFinding } from '../../local/findings.ts';
import { stringAt } from '../../local/json.ts';
import type { Account, End, Sort } from './sorts/sort.ts';
import { sorts } from './sorts.ts';

/** Something that the storm made. */
export interface Made {
  readonly sort: Sort;
  readonly id: string;
}

/** What came of one sort of creation. */
export interface Row {
  readonly kind: string;
  /** Different resources. */
  readonly made: number;
  readonly right: number;
  /** Not as it should be, or without a finding that says how it ended, on the bus and in the ledger. */
  readonly lost: readonly string[];
  /** Fixed, found, or told to have ended more than once. */
  readonly twice: readonly string[];
}

/** Looks at everything that was made, and at what was said about it. */
export async function verdict(
  made: readonly Made[],
  account: Account,
  announced: readonly LocalFinding[],
  ledger: Pick<Ledger, 'getFinding'>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const sort of sorts) {
    const ids = [...new Set(made.flatMap((one) => (one.sort === sort ? one.id : [])))];
    const ends: ReadonlyMap<string, End> = (await sort.ends?.(account, ids)) ?? new Map();
    const lost: string[] = [];
    const twice: string[] = [];
    for (const id of ids) {
      const about = announced.filter((one) => stringAt(one, 'control') === sort.control && stringAt(one, 'resource', 'id') === id);
      const { isRight, twice: more } = ends.get(id) ?? { isRight: true, twice: 0 };
      const status = stringAt(about.at(-1), 'status') ?? 'not told';
      const isKept = await isInLedger(about.at(-1), ledger);
      if (!isRight || status !== sort.status || !isKept)
        lost.push(
          `${id} (${isRight ? 'right' : 'wrong'}, ${status}${isKept ? '' : ', and another state in the ledger'}): ${stringAt(about.at(-1), 'says') ?? ''}`,
        );
      const findings = new Set(about.map((one) => stringAt(one, 'id'))).size;
      const ended = about.filter((one) => stringAt(one, 'status') === sort.status);
      const told = new Set(ended.map((one) => stringAt(one, 'announcement'))).size;
      if (more > 0 || findings > 1 || told > 1) twice.push(`${id} (${more} too many, ${findings} findings, told ${told} times)`);
    }
    rows.push({ kind: sort.kind, made: ids.length, right: ids.length - lost.length, lost, twice });
  }
  return rows;
}

/** Whether the ledger holds what was announced last. */
async function isInLedger(last: LocalFinding | undefined, ledger: Pick<Ledger, 'getFinding'>): Promise<boolean> {
  const row = await ledger.getFinding(stringAt(last, 'id') ?? '');
  return row?.finding.status === stringAt(last, 'status') && row?.finding.announcement === stringAt(last, 'announcement');
}
