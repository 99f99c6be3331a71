import { paginateScan } from '@aws-sdk/client-dynamodb';
import { bodyOf, getAll, type Item } from '#shared/ledger/dynamo.ts';
import { type CaseState, isBare } from '#shared/ledger/ledger.ts';
import { type Kept, type Move, type Relocated, relocated } from '#shared/ledger/relocate.ts';
import { trying } from '../../failure.ts';
import type { Table } from './source.ts';

/** What a ledger holds that a hub takes over. */
export interface Contents {
  readonly counts: { readonly [kept in Kept]: number };
  /** Cases with an open finding, and those that a person exempted. */
  readonly open: number;
  readonly exempt: number;
  /** Cases with a change in progress, as `control resource`, and those that an invocation holds. */
  readonly changing: readonly string[];
  readonly held: readonly string[];
  /** Items of what this version does not know. */
  readonly unknown: readonly string[];
  /** Cases that the hub has too, and otherwise. */
  readonly conflicts: readonly string[];
}

/** Reads all of a ledger, each item as the hub would keep it. */
export async function* itemsOf(
  { name, client }: Table,
  move: Move,
): AsyncGenerator<readonly { readonly old: Item; readonly as: Relocated | 'unknown' }[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true }))
    yield Items.flatMap((old) => {
      const as = relocated(old, move);
      return as === undefined ? [] : [{ old, as }];
    });
}

/** Counts what a ledger holds, and compares its cases with the hub's. */
export async function contentsOf(source: Table, hub: Table, move: Move, now: Date): Promise<Contents> {
  const counts = { case: 0, receipt: 0, finding: 0, exemption: 0, waiting: 0 };
  const [changing, held, unknown, conflicts]: [string[], string[], string[], string[]] = [[], [], [], []];
  let [open, exempt] = [0, 0];
  await trying(`read the ledger ${source.name} of ${move.from.account} ${move.from.region}`, async () => {
    for await (const page of itemsOf(source, move)) {
      const cases: Item[] = [];
      for (const { old, as } of page) {
        if (as === 'unknown') unknown.push(`${old['pk']?.S} ${old['sk']?.S}`);
        else {
          counts[as.kept] += 1;
          if (as.kept === 'case') cases.push(as.item);
          const state = as.kept === 'case' ? bodyOf<CaseState>(old) : undefined;
          if (state?.finding) open += 1;
          if (state?.exemption) exempt += 1;
          if (state?.fix) changing.push(nameOf(as.item));
          if (isHeld(old, now)) held.push(nameOf(as.item));
        }
      }
      conflicts.push(...(await conflictsWith(hub, cases)));
    }
  });
  return { counts, open, exempt, changing, held, unknown, conflicts };
}

/** Whether an invocation holds a case. */
function isHeld(item: Item, now: Date): boolean {
  return Number(item['leaseUntil']?.N ?? 0) >= now.getTime();
}

async function conflictsWith({ client, name }: Table, cases: readonly Item[]): Promise<string[]> {
  const there = await getAll(
    client,
    name,
    cases.flatMap(({ pk, sk }) => (pk && sk ? [{ pk, sk }] : [])),
  );
  const byKey = new Map(there.map((item) => [item['pk']?.S, item]));
  return cases.flatMap((item) => (isOtherwise(byKey.get(item['pk']?.S), item) ? [nameOf(item)] : []));
}

/** Whether the hub's item says something, and something else. */
export function isOtherwise(hubs: Item | undefined, item: Item): boolean {
  if (!hubs || hubs['body']?.S === item['body']?.S) return false;
  const state = bodyOf<CaseState>(hubs);
  return hubs['leaseOwner'] !== undefined || (state !== undefined && !isBare(state));
}

/** A case in words. */
export function nameOf(item: Item): string {
  const { control, resource } = bodyOf<CaseState>(item) ?? {};
  return control && resource ? `${control} ${resource.id}` : (item['pk']?.S ?? '');
}
