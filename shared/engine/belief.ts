import { isDeepStrictEqual } from 'node:util';
import type { AnyControl, Plan, Target } from '#shared/control/control.ts';
import type { CaseState, FindingRow, FixInProgress } from '#shared/ledger/ledger.ts';
import { growing } from './backoff.ts';
import { orderGivenUp, orderMet, orderMissed, undoNotBegun } from './state-order.ts';
import type { Run } from './types.ts';

/*
 * Whoever may write to the ledger can write that a change is in progress, and in whose name. So an order counts only while its message
 * is at hand, and what no order began counts only together with what AWS shows of it.
 */

/** How long an order's message is waited for, in milliseconds: its copies, and its repeats after a crash, come within a quarter of an hour. */
const ORDER_COMES_WITHIN = 30 * 60_000;

/** What to make of a change that a case says is in progress. */
export type Belief =
  | { readonly is: 'believed'; readonly state: CaseState }
  | { readonly is: 'not-begun'; readonly state: CaseState }
  | { readonly is: 'waits'; readonly state: CaseState; readonly seconds: number };

/** Asks who stands behind a change in progress: nobody need, or its order has to be among the messages. */
export function beliefIn({ state, order, sender, row }: Run, fix: FixInProgress, now: Date): Belief {
  const isUndo = fix.kind === 'undo';
  if (!isUndo && !fix.order) return { is: 'believed', state };
  if (order?.kind === fix.kind && (!isUndo || order.finding === fix.order?.finding)) {
    // an undo brings back what its finding says, and not what the case says
    if (isUndo && !isDeepStrictEqual(fix.before, row?.before)) return { is: 'not-begun', state: undoNotBegun(state) };
    return { is: 'believed', state: orderMet(state, order, sender) };
  }
  const { since, times } = fix.missed ?? { since: now.toISOString(), times: 0 };
  const waited = now.getTime() - Date.parse(since);
  if (waited >= 0 && waited < ORDER_COMES_WITHIN) return { is: 'waits', state: orderMissed(state, now), seconds: growing(times) };
  return isUndo ? { is: 'not-begun', state: undoNotBegun(state) } : { is: 'believed', state: orderGivenUp(state) };
}

/** Whether the order at hand, to fix or to undo, came out of the ledger: no person's word can be told from a forged one there. */
export function isFromLedger({ jobs, order }: Run): boolean {
  return order !== undefined && order.kind !== 'exempt' && jobs.some(({ message }) => message.order && message.isFromLedger === true);
}

/** Whether AWS itself shows a part of a change in progress: half a change is worse than either end, so it is completed whatever holds it. */
export function isVisible({ control, facts, row }: Run, { kind }: FixInProgress, plan: Plan): boolean {
  return kind === 'undo' ? !isDeepStrictEqual(control.before(facts), row?.after) : plan.completes === true;
}

/** The state without an undo whose finding is not one of this case, so that no other finding is changed by it. */
export function withoutStrayUndo(state: CaseState, undoing: FindingRow | undefined, control: AnyControl, target: Target): CaseState {
  if (state.fix?.kind !== 'undo') return state;
  const { finding } = undoing ?? {};
  const isOfCase = finding?.control === control.id && finding.resource.type === target.type && finding.resource.id === target.id;
  return isOfCase ? state : undoNotBegun(state);
}
