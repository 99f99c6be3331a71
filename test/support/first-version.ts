import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '#shared/control/control.ts';
import type { FindingV1 } from '#shared/finding/upgrade.ts';
import { doneRows } from '#shared/ledger/done.ts';
import { keysWithoutFunction } from '#shared/ledger/items.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import { type Harness, place } from './harness.ts';

/** What a ledger held in the time of version 1 of a finding. */
interface OldLedger {
  readonly cases: readonly CaseState[];
  readonly done: readonly string[];
  readonly exempt: readonly Target[];
  readonly findings: readonly (Omit<FindingRow, 'finding'> & { readonly finding: FindingV1 })[];
}

const folder = join(import.meta.dirname, '..', 'fixtures', 'findings-v1');
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

/** Findings as version 1 announced them, written down before version 2 was made. */
export const oldFindings: { readonly [name: string]: FindingV1 } = read('told');

/** A ledger of that time: after a fix, while one waits for approval, and so on. */
export function oldLedger(name: 'fixed' | 'waiting' | 'exempt' | 'swept' | 'half-made'): OldLedger {
  return read(name);
}

/** Puts what a ledger held into another. */
export async function refill({ ledger, table, now }: Harness, old: OldLedger): Promise<void> {
  const { cases, done, exempt, findings } = old;
  for (const state of cases) {
    await ledger.lease(state.control, state.resource, 'old', now, 1);
    await ledger.release(state.control, state.resource, 'old', state, now);
    for (const target of exempt) await ledger.keepExempt(state.control, target, state.exemption?.until);
  }
  await doneRows('redress-ledger', table.client).markDone(done.map(keysWithoutFunction(place).done), now);
  // rows are written as they are, and read in version 2
  await ledger.putFindings(findings as unknown as FindingRow[]);
}
