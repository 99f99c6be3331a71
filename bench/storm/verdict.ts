import type { LocalFinding } from '../../local/findings.ts';
import { stringAt } from '../../local/json.ts';
import { type Account, type Sort, sorts } from './sorts.ts';

/** Something that the storm made. */
export interface Made {
  readonly sort: Sort;
  readonly id: string;
}

/** What came of one sort of creation. */
export interface Row {
  readonly kind: string;
  readonly made: number;
  readonly right: number;
  /** Not as it should be, or without a finding that says how it ended. */
  readonly lost: readonly string[];
  /** Fixed, or found, more than once. */
  readonly twice: readonly string[];
}

/** Looks at everything that was made, and at what was said about it. */
export async function verdict(made: readonly Made[], account: Account, announced: readonly LocalFinding[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const sort of sorts) {
    const own = made.filter((one) => one.sort === sort);
    const ids = [...new Set(own.map(({ id }) => id))];
    const ends = (await sort.ends?.(account, ids)) ?? new Map();
    const lost: string[] = [];
    const twice: string[] = [];
    for (const id of ids) {
      const about = announced.filter((one) => stringAt(one, 'control') === sort.control && stringAt(one, 'resource', 'id') === id);
      const status = stringAt(about.at(-1), 'status') ?? 'not told';
      const end = ends.get(id) ?? { isRight: true, twice: 0 };
      if (!end.isRight || status !== sort.status) lost.push(`${id} (${end.isRight ? 'right' : 'wrong'}, ${status})`);
      const findings = new Set(about.map((one) => stringAt(one, 'id'))).size;
      if (end.twice > 0 || findings > 1) twice.push(`${id} (${end.twice} too many, ${findings} findings)`);
    }
    rows.push({ kind: sort.kind, made: own.length, right: ids.length - lost.length, lost, twice });
  }
  return rows;
}
