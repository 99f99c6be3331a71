import type { Order } from '#shared/finding/message.ts';
import type { CaseState, FixInProgress } from '#shared/ledger/ledger.ts';
import { exemptionLifted, fixNotBegun, fixOf } from './state.ts';

/* What can happen to a fix or an undo in progress that somebody has to vouch for; as in `state.ts`. */

/** The order of what is in progress is here: its giver's name is the one that counts. */
export function orderMet(state: CaseState, order: Order, sender: string | undefined): CaseState {
  const { missed: _met, sender: _claimed, ...fix } = fixOf(state);
  return { ...state, fix: { ...fix, order, ...(sender !== undefined && { sender }) } };
}

/** What is in progress was looked at without its order. */
export function orderMissed(state: CaseState, now: Date): CaseState {
  const { since = now.toISOString(), times = 0 } = fixOf(state).missed ?? {};
  return { ...state, fix: { ...fixOf(state), missed: { since, times: times + 1 } } };
}

/** The order of a fix did not come: what AWS shows of the fix is completed in nobody's name. */
export function orderGivenUp(state: CaseState): CaseState {
  const { missed: _missed, sender: _sender, order: _order, ...fix } = fixOf(state);
  return { ...state, fix };
}

/** An undo that nobody vouches for has not begun; the exemption that came with it goes too. */
export function undoNotBegun(state: CaseState): CaseState {
  const isItsOwn = state.exemption?.at === fixOf(state).begunAt;
  return fixNotBegun(isItsOwn ? exemptionLifted(state) : state);
}

/** A fix of which AWS shows nothing passed its gates again: what it changes is said again. */
export function fixBegunAgain(
  state: CaseState,
  fix: FixInProgress,
  seen: Pick<FixInProgress, 'wrong' | 'before' | 'announced' | 'ways'>,
): CaseState {
  return { ...state, fix: { ...fix, ...seen } };
}
