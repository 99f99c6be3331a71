import type { Mode, Plan } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import type { FindingExemption, Reason } from '#shared/finding/finding.ts';
import type { CaseState } from '#shared/ledger/ledger.ts';
import { changedSince } from './approval.ts';
import { type Exempting, endedSays, exempted } from './exempt.ts';
import { askerOf } from './share.ts';
import { exemptionLapsed, exemptionLifted, fixOf } from './state.ts';
import { type CaseDeps, type Decision, type Job, occasionOf, type Report, type Run } from './types.ts';

/*
 * What stands before a fix, in this order: who manages the resource (`managed.ts`), exemptions, the mode, a person's approval, a
 * fight over the resource, its time to settle; and once the fix is decided the kill switch and the rate limit.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** So many fixes of one resource within an hour are a fight. */
const FIGHT = 3;
/** The last part of a window, in which the shares of askers end. */
const OPEN_TO_ALL = 0.2;
/** How soon a paused fix is looked at again, in seconds. */
const PAUSED_SECONDS = 900;

/** What an exemption means for a violation. */
type Exempt =
  | { readonly is: 'exempt'; readonly state: CaseState; readonly exemption: FindingExemption }
  /** The exemption that a person orders is over already. */
  | { readonly is: 'over'; readonly until: string }
  /** None holds; `ended` is a sentence about one that held until now. */
  | { readonly is: 'free'; readonly state: CaseState; readonly ended: string | undefined };

/** Asks whether a person or the config exempts the resource; of several exemptions the one counts that ends last. */
export function exemptionGate({ state, order, mode }: Run, configured: Exempting | undefined, now: Date): Exempt {
  const isOver = ({ until }: { readonly until: string }) => endOf(until) <= now.getTime();
  if (order?.kind === 'exempt' && order.until !== undefined) {
    const { until } = order;
    if (isOver({ until })) return { is: 'over', until };
    return { is: 'exempt', ...exempted(state, { until, owner: order.by, reason: order.reason ?? 'no reason given' }, now, true) };
  }
  // a person's later word lifts their earlier one, and an order to fix may have waited; what the config says stands
  const isLifted = order?.kind === 'fix' && mayFix(mode) && state.exemption && Date.parse(state.exemption.at) < Date.parse(order.at);
  const left = isLifted ? exemptionLifted(state) : state;
  const [longest] = [configured, left.exemption].flatMap((one) => one ?? []).toSorted((a, b) => endOf(b.until) - endOf(a.until));
  if (longest && !isOver(longest)) return { is: 'exempt', ...exempted(left, longest, now, false) };
  return { is: 'free', state: exemptionLapsed(left, now), ended: endedSays(left, now) };
}

/** Why a fix does not begin now: the case closes for the time being, or waits. */
type Hold =
  | { readonly is: 'close'; readonly status: 'would-fix' | 'awaiting-approval'; readonly reason?: Reason }
  | { readonly is: 'wait'; readonly seconds: number; readonly reason: Reason; readonly reportsTo: 'everybody' };

/** Asks the mode, whether somebody has to approve, whether there is a fight, and whether the resource has settled. */
export function holdOf(run: Run, state: CaseState, plan: Plan, now: Date): Hold | undefined {
  if (!mayFix(run.mode)) {
    const says = `It is not fixed: the control's mode is ${run.mode}; set it to approve or fix first.`;
    return { is: 'close', status: 'would-fix', ...(run.order && { reason: { code: 'mode', says } }) };
  }
  const changed = run.order?.kind === 'fix' ? changedSince(run, plan) : undefined;
  if (changed) return { is: 'close', status: 'awaiting-approval', reason: { code: 'plan-changed', says: changed } };
  if (!run.order) {
    const hold = approvalGate(run.mode, plan) ?? fightGate(run, state, now);
    if (hold) return hold;
  }
  const settled = Date.parse(state.settledFrom ?? now.toISOString()) + (plan.settleSeconds ?? 0) * 1000;
  const left = Math.ceil((settled - now.getTime()) / 1000);
  if (left <= 0) return undefined;
  const says = `Redress fixes it at ${new Date(settled).toISOString()}, if it is still as it is now.`;
  return { is: 'wait', seconds: left, reason: { code: 'settling', says }, reportsTo: 'everybody' };
}

/** Whether a control in this mode may write, if only by a person's word. */
export function mayFix(mode: Mode): boolean {
  return mode === 'approve' || mode === 'fix';
}

function approvalGate(mode: Mode, { needsApproval }: Plan): Hold | undefined {
  if (mode === 'approve') return { is: 'close', status: 'awaiting-approval' };
  return needsApproval ? { is: 'close', status: 'awaiting-approval', reason: { code: 'needs-approval', says: needsApproval } } : undefined;
}

function fightGate(run: Run, { fixes }: CaseState, now: Date): Hold | undefined {
  const recent = fixes.filter((time) => now.getTime() - Date.parse(time) < HOUR);
  const oldest = recent.at(-FIGHT);
  if (oldest === undefined) return undefined;
  // with one fewer it is no fight any more
  const until = Date.parse(oldest) + HOUR;
  const says = `It came back wrong ${recent.length} times within an hour, last by ${lastCaller(run)}, so Redress leaves it unchanged until ${new Date(until).toISOString()}.`;
  return { is: 'wait', seconds: Math.ceil((until - now.getTime()) / 1000), reason: { code: 'fight', says }, reportsTo: 'everybody' };
}

function lastCaller({ jobs, state }: Run): string {
  // the message that waits is of the first call; the finding knows who came after it
  const isNew = (job: Job) => !state.finding?.events.includes(occasionOf(job).event.id);
  const job = jobs.findLast((one) => one.occasion.is === 'call' && isNew(one));
  return (job ? occasionOf(job).actor : state.finding?.actor)?.name ?? 'an unknown caller';
}

/** A fix or an undo that is decided, and has not begun. */
export type Beginning = Extract<Decision, { is: 'begin' }>;

/** Asks the kill switch, and for a fix the rate limit; a decision means that the fix does not begin now. */
export async function lastGates(run: Run, beginning: Beginning, deps: CaseDeps): Promise<Report | undefined> {
  const shut = await pauseGate(run, beginning, deps);
  return shut ?? (beginning.kind === 'fix' ? await rateGate(run, beginning, deps) : undefined);
}

/** Asks the kill switch again where AWS shows nothing yet of what is in progress. */
export async function pausedAgain(
  run: Run,
  { asksPause }: Extract<Decision, { is: 'send' }>,
  deps: Pick<CaseDeps, 'isPaused'>,
): Promise<Report | undefined> {
  return asksPause ? await pauseGate(run, { kind: 'fix', found: fixOf(run.state).wrong }, deps) : undefined;
}

async function pauseGate(
  run: Run,
  { kind, found }: Pick<Beginning, 'kind' | 'found'>,
  deps: Pick<CaseDeps, 'isPaused'>,
): Promise<Report | undefined> {
  const { pause } = await deps.isPaused(run);
  if (!pause) return undefined;
  const says = `Redress is paused${pause.in === undefined ? '' : ` in ${pause.in}`} by ${pause.by} since ${pause.at}: ${pause.reason}`;
  if (kind === 'undo') return { is: 'answer', outcome: 'refused', says };
  return { is: 'wait', seconds: PAUSED_SECONDS, found, reason: { code: 'paused', says }, reportsTo: 'everybody' };
}

/** So many fixes the organization as a whole may have in a window, where one place may have `limit`. */
export function limitOfAll(limit: number): number {
  return limit * 10;
}

/** Takes one fix of the window's; the first that it refuses is announced, the others are not. */
async function rateGate(run: Run, { found }: Beginning, deps: Pick<CaseDeps, 'reserveOne' | 'now'>): Promise<Report | undefined> {
  const { id, limit } = run.control;
  const now = deps.now().getTime();
  const span = limit.minutes * MINUTE;
  const window = Math.floor(now / span);
  const end = (window + 1) * span;
  // what nobody else took by then is anybody's
  const openFrom = end - span * OPEN_TO_ALL;
  const asker = askerOf(run);
  const wanted = { window: `${id}#${window}`, limit: limit.fixes, ...(now < openFrom && { asker: asker.key }) };
  const { isGranted, isFirst, isFull, isOfAll } = await deps.reserveOne(wanted);
  if (isGranted) return undefined;
  const most = isOfAll ? limitOfAll(limit.fixes) : limit.fixes;
  const fixes = `${most} ${most === 1 ? 'fix' : 'fixes'} in ${limit.minutes} minutes`;
  const isShared = !isFull && now < openFrom;
  const says = isShared
    ? `${asker.name} has used its share of the rate limit of ${id}: ${fixes} for all. The rest wait until others had their chance.`
    : `The rate limit of ${id}${isOfAll ? ' for the organization' : ''} is reached: ${fixes}. The rest wait for the next window.`;
  return {
    is: 'wait',
    seconds: Math.ceil(((isShared ? openFrom : end) - now) / 1000) + 1,
    found,
    reason: { code: 'rate-limited', says },
    reportsTo: isFirst ? 'everybody' : 'ledger',
    isNews: isFirst,
  };
}
