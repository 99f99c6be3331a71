import type { Breach, CaseState } from '#shared/ledger/ledger.ts';

/** A call broke the resource, made with this; the last one counts, whichever comes first, until the finding about it ends. */
export function broken(state: CaseState, brokenWith: Breach | undefined): CaseState {
  if (brokenWith === undefined || (state.brokenWith?.at ?? '') > (brokenWith.at ?? '')) return state;
  return { ...state, brokenWith };
}
