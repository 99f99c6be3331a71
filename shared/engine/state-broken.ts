import type { Breach, CaseState } from '#shared/ledger/ledger.ts';
import { findingOf, fixCounted, fixNotBegun, fixOf } from './state.ts';

/** A call broke the resource, made with this; the last one counts, whichever comes first, until the finding about it ends. */
export function broken(state: CaseState, brokenWith: Breach | undefined): CaseState {
  if (brokenWith === undefined || (state.brokenWith?.at ?? '') > (brokenWith.at ?? '')) return state;
  return { ...state, brokenWith };
}

/** The fix in progress did its work, and the resource was broken again since: it counts, and another one begins for the same finding. */
export function fixBroken(state: CaseState, now: Date): CaseState {
  const finding = findingOf(state);
  const sent = [...(finding.sent ?? []), ...fixOf(state).sent];
  return fixCounted(fixNotBegun({ ...state, finding: { ...finding, sent } }), now);
}
