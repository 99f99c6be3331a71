import type { Made as MadeWith } from '#shared/control/actor.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';

/** A call broke the resource, made with this; the last one counts, until the finding about it ends. */
export function broken(state: CaseState, brokenWith: MadeWith | undefined): CaseState {
  return brokenWith === undefined ? state : { ...state, brokenWith };
}
