import { hiddenFor } from '#shared/aws/once.ts';
import type { Plan } from '#shared/control/control.ts';
import type { CaseState, FixInProgress } from '#shared/ledger/ledger.ts';
import { fixOf } from './state.ts';
import type { Decision } from './types.ts';

/*
 * A creation that takes no token may be made twice if it is sent twice. Between its intent and its outcome a fix is unsure: whether
 * AWS took it shows only once reads do.
 */

/** How far AWS's clock and ours may be apart, in milliseconds. */
const CLOCKS_MS = 5000;

/** What the intent of a round says, where one of its calls takes no token; what was not known before goes on. */
export function unsureBy({ changes }: Plan, { unsure }: FixInProgress, now: Date): FixInProgress['unsure'] {
  if (hiddenSeconds({ changes }) === 0) return undefined;
  return { since: unsure?.since ?? new Date(now.getTime() - CLOCKS_MS).toISOString(), at: now.toISOString() };
}

/** What came of a call without a token is known; what was not known of one before it may be still. */
export function doubtEnded(state: CaseState, before?: FixInProgress['unsure']): CaseState {
  const { unsure: _known, ...fix } = fixOf(state);
  return { ...state, fix: { ...fix, ...(before && { unsure: before }) } };
}

/** Whether AWS took a step of the fix, or may have. */
export function mayHaveBegun({ sent, unsure }: FixInProgress): boolean {
  return sent.length > 0 || unsure !== undefined;
}

/** From when on AWS may have made something whose answer was lost. */
export function lostSince({ fix }: CaseState): string | undefined {
  return fix?.isAnswerLost ? fix.begunAt : fix?.unsure?.since;
}

/** What replaces the resource is there: the ledger vouches for it from now on, though the answer that named it was lost. */
export function lostFound(state: CaseState, id: string): CaseState {
  const { made = [] } = state;
  return lostSince(state) === undefined || made.includes(id) ? state : { ...state, made: [...made, id] };
}

/** Waits until reads would show what was sent, if it was taken; undefined where it may be sent. */
export function unsureGate({ unsure, wrong }: FixInProgress, plan: Plan, now: Date): Decision | undefined {
  if (!unsure) return undefined;
  const shown = Date.parse(unsure.at) + hiddenSeconds(plan) * 1000;
  const seconds = Math.ceil((shown - now.getTime()) / 1000);
  if (seconds <= 0) return undefined;
  const says = `AWS did not say whether it took the fix, so Redress looks at ${new Date(shown).toISOString()} before it sends it again.`;
  return { is: 'wait', seconds, found: wrong, reason: { code: 'not-visible', says }, reportsTo: 'nobody' };
}

function hiddenSeconds({ changes }: Pick<Plan, 'changes'>): number {
  return Math.max(0, ...changes.map(({ command }) => hiddenFor(command)));
}
