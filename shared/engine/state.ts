import type { Actor } from '#shared/control/actor.ts';
import type { AnyControl, Json, Made, Severity } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import { type Ended, type FindingChange, finalStatuses, isGone, type Status } from '#shared/finding/finding.ts';
import type { CaseState, FixInProgress, Meaning, OpenFinding } from '#shared/ledger/ledger.ts';

/*
 * What can happen to a case. Each function answers the state after it and leaves the one before as it was; time comes in.
 * The ledger makes the state of a new case; of one that is there nothing else makes another.
 */

/** So many ids of events a finding remembers, to count none twice. */
const EVENTS_KEPT = 100;
/** So many ids of events and orders that are done a case remembers. */
const DONE_KEPT = 250;
/** How long they are remembered, in milliseconds: SQS keeps a message for at most 14 days. */
const REPEATS_FOR = 15 * 86_400_000;
/** So many times of fixes a case remembers, to see a fight. */
const FIXES_KEPT = 10;
/** So many ids of what Redress made a case remembers. */
const MADE_KEPT = 20;

/** A message brought what it knows; the first one stays, for it is of the call that made the resource, unless they are joined. */
export function hinted(state: CaseState, hint: Json | undefined, join?: AnyControl['joinHints']): CaseState {
  const both = state.hint !== undefined && hint !== undefined && join ? join(state.hint, hint) : (state.hint ?? hint);
  return both === undefined ? state : { ...state, hint: both };
}

/** The resource is as it should be, and its control keeps something of that; without anything new, what was kept stays. */
export function keptNow(state: CaseState, kept: Json | undefined): CaseState {
  return kept === undefined ? state : { ...state, kept };
}

/** Events of these times came, in milliseconds; one of the future is left out, for it would never settle. */
export function eventsSeen(state: CaseState, times: readonly number[], now: Date): CaseState {
  const known = state.settledFrom === undefined ? [] : [Date.parse(state.settledFrom)];
  const all = [...known, ...times.filter((time) => time <= now.getTime())];
  return { ...state, settledFrom: new Date(all.length > 0 ? Math.max(...all) : now).toISOString() };
}

/** Nothing could be sent now. */
export function hindered(state: CaseState): CaseState {
  return { ...state, isHindered: true };
}

/** Something can be sent: what was hindered before (a volume in use) settles from now, not from the last event. */
export function unhindered(state: CaseState, now: Date): CaseState {
  const { isHindered, ...rest } = state;
  return isHindered ? { ...rest, settledFrom: now.toISOString() } : rest;
}

/** A person ordered an exemption, or one comes with an undo. */
export function exemptionOrdered(state: CaseState, exemption: NonNullable<CaseState['exemption']>): CaseState {
  return { ...state, exemption };
}

/** The exemption that a person ordered holds no more. */
export function exemptionLifted({ exemption: _lifted, ...rest }: CaseState): CaseState {
  return rest;
}

/** An exemption, of a person or the config, was met; the day of its reminder is set when the case meets it first. */
export function exemptionMet(state: CaseState, until: string, remindAt: string | undefined): CaseState {
  if (state.waiver?.until === until) return state;
  return { ...state, waiver: { until, ...(remindAt !== undefined && { remindAt }) } };
}

/** People were reminded of the end of an exemption. */
export function reminded(state: CaseState, until: string): CaseState {
  return { ...state, waiver: { until } };
}

/** No exemption holds: forgets the ordered one if its time is up, and the one last met if it was lifted, or taken out of the config. */
export function exemptionLapsed(state: CaseState, now: Date): CaseState {
  const isOver = ({ until }: { readonly until: string }) => endOf(until) <= now.getTime();
  const left = state.exemption && isOver(state.exemption) ? exemptionLifted(state) : state;
  const { waiver, ...rest } = left;
  // what ended by itself is still said
  return waiver && isOver(waiver) ? left : rest;
}

/** The finding was opened; one that is open already stays. */
export function opened(state: CaseState, first: Pick<OpenFinding, 'id' | 'openedBy' | 'receivedAt' | 'actor'>): CaseState {
  return state.finding ? state : { ...state, finding: { ...first, events: [], count: 0 } };
}

/** Events about the open finding came; a repeat counts nothing, and an order or a sweep alone counts one in all. */
export function counted(state: CaseState, events: readonly { readonly id: string; readonly actor: Actor }[]): CaseState {
  const finding = findingOf(state);
  const fresh = events.filter(({ id }) => !finding.events.includes(id));
  const ids = [...new Set(fresh.map(({ id }) => id))];
  return withFinding(state, {
    count: Math.max(1, finding.count + ids.length),
    events: [...finding.events, ...ids].slice(-EVENTS_KEPT),
    actor: fresh.at(-1)?.actor ?? finding.actor,
  });
}

/** The tag of the resource's owner was seen. */
export function ownerSeen(state: CaseState, owner: string | undefined): CaseState {
  return owner === undefined ? state : withFinding(state, { owner });
}

/** This was found wrong, this is at risk by it, and so much it matters; what is not known stays as it was. */
export function foundWrong(state: CaseState, found: string | undefined, risk?: string, severity?: Severity): CaseState {
  const known = Object.entries({ found, risk, severity }).filter(([, value]) => value !== undefined);
  return known.length === 0 ? state : withFinding(state, Object.fromEntries(known));
}

/** The open finding was announced with this status; what it meant with another one says nothing of this one. */
export function reported(state: CaseState, status: Status): CaseState {
  const { announced } = findingOf(state);
  const number = (announced?.number ?? 0) + 1;
  return withFinding(state, { announced: { ...(announced?.status === status && announced), status, number } });
}

/** What the open finding means by what was announced last; parts that are not known stay as they were. */
export function meantNow(state: CaseState, meaning: Meaning): CaseState {
  const { announced } = state.finding ?? {};
  return announced ? withFinding(state, { announced: { ...announced, meaning: { ...announced.meaning, ...meaning } } }) : state;
}

/** The answer to an order was announced. */
export function answered(state: CaseState, order: string): CaseState {
  return { ...state, answered: order };
}

/** A fix or an undo began, in memory; `intentWritten` comes before its first command. */
export function fixBegun(
  state: CaseState,
  fix: Omit<FixInProgress, 'id' | 'begunAt' | 'sent' | 'last' | 'lag' | 'refusals' | 'taken'> & { readonly finding: string },
  now: Date,
): CaseState {
  const { finding, kind, wrong, before, announced, ...ordered } = fix;
  const begunAt = now.toISOString();
  const id = `${finding}-${kind}-${begunAt}`;
  // from here on the ledger keeps what is made, so that nothing else is believed
  const made = state.fixes.length === 0 && { made: state.made ?? [] };
  return { ...state, ...made, fix: { kind, id, begunAt, wrong, before, announced, sent: [], lag: 0, refusals: 0, taken: [], ...ordered } };
}

/** The intent of a first round could not be written, so the fix has not begun. */
export function fixNotBegun({ fix: _never, ...rest }: CaseState): CaseState {
  return rest;
}

/** The next round's commands are about to be sent; `unsure`: one of them takes no token. */
export function intentWritten(state: CaseState, digest: string, unsure?: FixInProgress['unsure']): CaseState {
  return withFix(state, { last: { digest }, ...(unsure && { unsure }) });
}

/** AWS took a command; `made` are the ids of what its answer shows as made, absent for a command that makes nothing. */
export function commandSent(state: CaseState, { api, says }: FindingChange, made?: readonly string[]): CaseState {
  const sent = withFix(state, { sent: [...fixOf(state).sent, { api, says }] });
  return made ? { ...sent, made: [...new Set([...(state.made ?? []), ...made])].slice(-MADE_KEPT) } : sent;
}

/** AWS said that it had taken a command before: what that made is not known, as its answer was lost. */
export function commandRepeated(state: CaseState, change: FindingChange): CaseState {
  return withFix(commandSent(state, change), { isAnswerLost: true });
}

/** What Redress made for the resource, as far as the ledger tells. */
export function madeFor({ made, fixes, fix }: CaseState): Made {
  return made ?? (fixes.length > 0 || fix ? 'unrecorded' : []);
}

/** Some of what Redress made stands for the resource no more; in a case that recorded nothing, all of it. */
export function outdated(state: CaseState, ids: readonly string[] | undefined): CaseState {
  return ids ? { ...state, made: (state.made ?? []).filter((id) => !ids.includes(id)) } : state;
}

/** AWS did not take a command for now: it throttles, or is out of order. */
export function commandDelayed(state: CaseState): CaseState {
  return withFix(state, { refusals: fixOf(state).refusals + 1 });
}

/** AWS refused a command of the last round. */
export function commandRefused(state: CaseState): CaseState {
  const { last } = fixOf(state);
  return last ? withFix(state, { last: { ...last, outcome: 'refused' } }) : state;
}

/** AWS took all commands of a round, which was sent at this time. */
export function roundTaken(state: CaseState, digest: string, sentAt: Date): CaseState {
  return withFix(state, { taken: [...fixOf(state).taken, digest], takenAt: sentAt.toISOString(), lag: 0, refusals: 0 });
}

/** What AWS took was not visible to a read yet. */
export function lagged(state: CaseState): CaseState {
  return withFix(state, { lag: fixOf(state).lag + 1 });
}

/** A copy of a message is under way that looks again. */
export function lookPlanned(state: CaseState, look: NonNullable<CaseState['look']>): CaseState {
  return { ...state, look };
}

/** Nothing waits to look again. */
export function lookDone({ look: _done, ...rest }: CaseState): CaseState {
  return rest;
}

/** These events and orders are done, and a repeat of one is dropped as long as SQS may bring one; of too many the first are forgotten. */
export function done(state: CaseState, ids: readonly string[], now: Date): CaseState {
  const left = (state.done ?? []).filter(({ id, at }) => !ids.includes(id) && now.getTime() - Date.parse(at) < REPEATS_FOR);
  return { ...state, done: [...left, ...[...new Set(ids)].map((id) => ({ id, at: now.toISOString() }))].slice(-DONE_KEPT) };
}

/** Whether a later event about the resource opens another finding. */
export function isFinal(end: Ended): boolean {
  return finalStatuses.includes(end.status) || isGone(end);
}

/** The case came to an end for now; `keepsFix`: its fix is unfinished, and goes on when it is asked again. */
export function closed(state: CaseState, end: Ended & { readonly keepsFix?: boolean }, now: Date): CaseState {
  const { finding: _finding, fix, waiver: _waiver, brokenWith: _brokenWith, ...rest } = state;
  if (isFinal(end)) return fix?.kind === 'fix' ? fixCounted(rest, now) : rest;
  if (fix && end.keepsFix) {
    // the next try sends its step again, even if it is the same
    const { last: _last, ...unsent } = fix;
    return { ...state, fix: { ...unsent, taken: [], refusals: 0 } };
  }
  const stopped = fixNotBegun(state);
  // an undo that did nothing must not leave the resource unprotected
  return fix?.kind === 'undo' && end.status === 'failed' ? exemptionLifted(stopped) : stopped;
}

/** A fix was completed; several within an hour are a fight. */
export function fixCounted(state: CaseState, now: Date): CaseState {
  return { ...state, fixes: [...state.fixes, now.toISOString()].slice(-FIXES_KEPT) };
}

/** The fix in progress; throws if there is none. */
export function fixOf({ fix, control, resource }: CaseState): FixInProgress {
  if (!fix) throw new Error(`no fix by ${control} is in progress on ${resource.id}`);
  return fix;
}

/** The open finding; throws if there is none. */
export function findingOf({ finding, control, resource }: CaseState): OpenFinding {
  if (!finding) throw new Error(`no finding by ${control} is open about ${resource.id}`);
  return finding;
}

function withFix(state: CaseState, change: Partial<FixInProgress>): CaseState {
  return { ...state, fix: { ...fixOf(state), ...change } };
}

function withFinding(state: CaseState, change: Partial<OpenFinding>): CaseState {
  return { ...state, finding: { ...findingOf(state), ...change } };
}
