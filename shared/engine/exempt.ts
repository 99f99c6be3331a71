import { endOf } from '#shared/finding/config.ts';
import type { FindingExemption } from '#shared/finding/finding.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { exemptionMet } from './state.ts';

/** An exemption as somebody ordered it or the config has it: until when, by whom and why. */
export type Exempting = Omit<FindingExemption, 'isEnding'>;

const DAY = 86_400_000;
/** How many days before its end people are reminded of an exemption: a week, or two days where it does not last that long. */
const REMINDERS = [7, 2];

/** A case that meets an exemption, and the exemption as the finding shows it now. One that was just ordered is news by itself. */
export function exempted(
  state: CaseState,
  { until, owner, reason }: Exempting,
  now: Date,
  isOrdered: boolean,
): { readonly state: CaseState; readonly exemption: FindingExemption } {
  const isMoved = state.waiver !== undefined && !isOrdered;
  const met = exemptionMet(state, until, remindAt(until, now, isMoved));
  const due = met.waiver?.remindAt;
  return { state: met, exemption: { until, owner, reason, isEnding: due !== undefined && Date.parse(due) <= now.getTime() } };
}

/** The sentences about an exemption. */
export function saysOf({ until, owner, reason, isEnding }: FindingExemption): string {
  const says = `Exempt until ${until} by ${owner}: ${reason}`;
  return isEnding ? `${says} The exemption ends on ${dayOf(until)}; then Redress looks at the resource as before.` : says;
}

/** The sentence that says that the exemption last met has ended, if its time was up. */
export function endedSays({ waiver }: CaseState, now: Date): string | undefined {
  return waiver && endOf(waiver.until) <= now.getTime() ? `The exemption until ${waiver.until} has ended.` : undefined;
}

/** The last day, in UTC. */
function dayOf(until: string): string {
  return new Date(endOf(until) - 1).toISOString().slice(0, 10);
}

// what is announced now for the first time needs no reminder within a day; an end that was moved is not announced by itself
function remindAt(until: string, now: Date, isMoved: boolean): string | undefined {
  const due = REMINDERS.map((days) => endOf(until) - days * DAY).find((time) => time - now.getTime() > DAY);
  if (due === undefined) return isMoved ? now.toISOString() : undefined;
  return new Date(due).toISOString();
}
