import { endOf } from '#shared/finding/config.ts';
import type { FindingExemption } from '#shared/finding/finding.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';

/** An exemption as somebody ordered it or the config has it: until when, by whom and why. */
export type Exempting = Omit<FindingExemption, 'isEnding'>;

const DAY = 86_400_000;
/** How many days before its end people are reminded of an exemption: a week, or two days where it does not last that long. */
const REMINDERS = [7, 2];

/** The exemption as the finding shows it now; the day of its reminder is set when the case meets it first. One that was just ordered is news by itself. */
export function exempted(state: CaseState, { until, owner, reason }: Exempting, now: Date, isOrdered: boolean): FindingExemption {
  const isMoved = state.waiver !== undefined && !isOrdered;
  if (state.waiver?.until !== until) state.waiver = { until, ...remindAt(until, now, isMoved) };
  const due = state.waiver.remindAt;
  return { until, owner, reason, isEnding: due !== undefined && Date.parse(due) <= now.getTime() };
}

/** The sentences about an exemption. */
export function saysOf({ until, owner, reason, isEnding }: FindingExemption): string {
  const says = `Exempt until ${until} by ${owner}: ${reason}`;
  return isEnding ? `${says} The exemption ends on ${dayOf(until)}; then Redress looks at the resource as before.` : says;
}

/** Forgets an exemption that is over; answers the sentence that says so, if its time was up. */
export function lapsed(state: CaseState, now: Date): string | undefined {
  if (state.exemption && endOf(state.exemption.until) <= now.getTime()) delete state.exemption;
  if (!state.waiver) return undefined;
  if (endOf(state.waiver.until) <= now.getTime()) return `The exemption until ${state.waiver.until} has ended.`;
  // lifted by an order, or taken out of the config
  delete state.waiver;
  return undefined;
}

/** The last day, in UTC. */
function dayOf(until: string): string {
  return new Date(endOf(until) - 1).toISOString().slice(0, 10);
}

// what is announced now for the first time needs no reminder within a day; an end that was moved is not announced by itself
function remindAt(until: string, now: Date, isMoved: boolean): { remindAt: string } | undefined {
  const due = REMINDERS.map((days) => endOf(until) - days * DAY).find((time) => time - now.getTime() > DAY);
  if (due === undefined && !isMoved) return undefined;
  return { remindAt: new Date(due ?? now).toISOString() };
}
