import type { Ledger } from '#shared/ledger/ledger.ts';
import type { LocalFinding } from '../../local/findings.ts';
import { stringAt } from '../../local/json.ts';
import type { Plan } from './plan.ts';
import type { Account, End, Sort } from './sorts/sort.ts';

/** Something that the storm made. */
export interface Made {
  readonly sort: Sort;
  readonly account: Account;
  readonly id: string;
}

/** What came of one sort of creation; in an organization, of one Region. */
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
  { plan, accounts }: { readonly plan: Plan; readonly accounts: readonly Account[] },
  announced: readonly LocalFinding[],
  ledger: Pick<Ledger, 'getFinding'>,
): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for (const sort of plan.sorts) {
    for (const account of accounts) {
      const kind = plan.rowOf(sort, account);
      const its = made.filter((one) => one.sort === sort && one.account === account);
      const row = await rowOf({ sort, account, kind, ids: [...new Set(its.map(({ id }) => id))] }, announced, ledger);
      const before = rows.get(kind);
      rows.set(kind, before ? together(before, row) : row);
    }
  }
  return [...rows.values()];
}

function together(a: Row, b: Row): Row {
  return { ...a, made: a.made + b.made, right: a.right + b.right, lost: [...a.lost, ...b.lost], twice: [...a.twice, ...b.twice] };
}

async function rowOf(
  { sort, account, kind, ids }: { readonly sort: Sort; readonly account: Account; readonly kind: string; readonly ids: readonly string[] },
  announced: readonly LocalFinding[],
  ledger: Pick<Ledger, 'getFinding'>,
): Promise<Row> {
  const { region } = account.settings;
  const ends: ReadonlyMap<string, End> = ids.length > 0 ? ((await sort.ends?.(account, ids)) ?? new Map()) : new Map();
  const lost: string[] = [];
  const twice: string[] = [];
  for (const id of ids) {
    const about = announced.filter(
      (one) =>
        stringAt(one, 'resource', 'id') === id &&
        stringAt(one, 'control') === sort.control &&
        stringAt(one, 'account') === account.id &&
        stringAt(one, 'region') === region,
    );
    const { isRight, twice: more } = ends.get(id) ?? { isRight: true, twice: 0 };
    const status = stringAt(about.at(-1), 'status') ?? 'not told';
    const kept = (await ledger.getFinding(stringAt(about.at(-1), 'id') ?? ''))?.finding;
    // whether the ledger holds what was announced last
    const isKept = kept?.status === stringAt(about.at(-1), 'status') && kept?.announcement === stringAt(about.at(-1), 'announcement');
    const name = `${id} in ${account.id}, ${region}`;
    if (!isRight || status !== sort.status || !isKept)
      lost.push(
        `${name} (${isRight ? 'right' : 'wrong'}, ${status}${isKept ? '' : ', and another state in the ledger'}): ${kept?.says ?? ''}`,
      );
    const findings = new Set(about.map((one) => stringAt(one, 'id'))).size;
    const ended = about.filter((one) => stringAt(one, 'status') === sort.status);
    const told = new Set(ended.map((one) => stringAt(one, 'announcement'))).size;
    if (more > 0 || findings > 1 || told > 1) twice.push(`${name} (${more} too many, ${findings} findings, told ${told} times)`);
  }
  return { kind, made: ids.length, right: ids.length - lost.length, lost, twice };
}
