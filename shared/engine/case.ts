import { CallFailed, classify, errorText, LeaseLost, organizationPolicyOf } from '#shared/aws/errors.ts';
import { exemptionFor, resolveControl } from '#shared/finding/config.ts';
import { type CaseState, isBare } from '#shared/ledger/ledger.ts';
import { growing } from './backoff.ts';
import { withoutStrayUndo } from './belief.ts';
import { decide } from './decide.ts';
import { adviceOnDenial } from './denied.ts';
import { finish, lookAgain, warnOfLastTry, worthKeeping } from './finish.ts';
import { pausedAgain } from './gates.ts';
import type { Case } from './intake.ts';
import { isSpent, looked, timesOf, waitedFor, waitsOf } from './patience.ts';
import { begin, sendPlan } from './round.ts';
import { eventsSeen, hinted, lookDone } from './state.ts';
import {
  type CaseDeps,
  caseContextOf,
  caseKey,
  type Decided,
  idOf,
  isEvent,
  type Job,
  type Observed,
  occasionOf,
  orderIn,
  type Run,
} from './types.ts';

/** Rounds within one invocation; what is not done by then goes on with a delayed copy. */
const MAX_ROUNDS = 10;
/** How soon a case is looked at again that another invocation holds. */
const BUSY_SECONDS = 5;
/** From what age on, in milliseconds, a message may be a repeat of one from before an update, as one that comes again may be. */
const OLD_MS = 15 * 60_000;
/** No round begins with less time left than this, in milliseconds. */
export const ENOUGH_MS = 15_000;

/** Takes one case to its end, or to a delayed copy; false hands its messages back to the queue. */
export async function runCase(one: Case, deps: CaseDeps): Promise<boolean> {
  let run: Run | undefined;
  try {
    run = await takeCase(one, deps);
    return run ? await reconcile(run, deps) : true;
  } catch (error) {
    return await recover(one, run, error, deps);
  }
}

/** Leases the case and drops the messages that were done before; undefined if nothing is left to do. */
async function takeCase(one: Case, deps: CaseDeps): Promise<Run | undefined> {
  const { control, target } = one;
  // an order is about what was found before
  const isNew = one.jobs.every((job) => isEvent(job) && !mayBeOld(job, deps.now()));
  const leased = await deps.ledger.lease(control.id, target, deps.owner, deps.now(), deps.leaseSeconds, { isNew });
  if (!leased) {
    await lookAgain(one.jobs, target, BUSY_SECONDS, deps, { waits: waitsOf(one.jobs), mayBeDone: true });
    return undefined;
  }
  const undoing = leased.fix?.kind === 'undo' && leased.fix.order ? await deps.ledger.getFinding(leased.fix.order.finding) : undefined;
  const state = hinted(withoutStrayUndo(leased, undoing, control, target), target.hint, control.joinHints);
  // asked for under the lease: a message that runs twice at once is done by then
  const isDone = await doneFor(one, state, deps);
  const pending = one.jobs.filter((job) => !isDone(job));
  // a crash just before the case was released leaves a fix that looks as if in progress: these messages end it, not a later event without its gates
  const jobs = pending.length === 0 && state.fix ? one.jobs : pending;
  // whoever had the case since it was read has left something in it if the resource was changed
  const isAsSeen = isBare(leased) && leased.done === undefined;
  const run: Run = {
    ...runOf({ ...one, jobs }, state, deps),
    waits: waitsOf(one.jobs),
    ...(undoing && state.fix && { undoing }),
    ...(one.seen && isAsSeen && { seen: one.seen }),
  };
  // off stops everything but orders, and the completing steps of a fix in progress
  const isOff = run.mode === 'off' && !state.fix && !one.row;
  if (jobs.length === 0 || isOff) {
    run.state = lookDone(state);
    await deps.ledger.release(control.id, target, deps.owner, worthKeeping(run), deps.now());
    return undefined;
  }
  const times = jobs.filter(isEvent).map((job) => Date.parse(occasionOf(job).event.time));
  run.state = eventsSeen(state, times, deps.now());
  return run;
}

/** A case at work in this state. */
export function runOf({ place, control, target, jobs, row }: Case, state: CaseState, { config }: Pick<CaseDeps, 'config'>): Run {
  const { mode, settings } = resolveControl(config, control, place.account, place.region);
  const { ownerTag } = config.alerts ?? {};
  return {
    place,
    control,
    target,
    jobs,
    ...orderIn(jobs),
    mode,
    settings,
    state,
    waits: waitsOf(jobs),
    ...(ownerTag && { ownerTag }),
    ...(row && { row }),
  };
}

/** Whether a message was done before: by the case's item, or by a row that an older Redress wrote for it. */
async function doneFor({ jobs, control, target }: Case, { done = [] }: CaseState, deps: CaseDeps): Promise<(job: Job) => boolean> {
  const known = new Set(done.map(({ id }) => id));
  const keyOf = (job: Job) => `${idOf(job)}#${caseKey(control, target)}`;
  const old = jobs.filter((job) => !known.has(idOf(job)) && mayBeOld(job, deps.now()));
  const rows = old.length > 0 ? await deps.ledger.done([...new Set(old.map(keyOf))]) : new Set();
  return (job) => known.has(idOf(job)) || rows.has(keyOf(job));
}

/** Whether a version before may have handled the message. */
function mayBeOld(job: Job, now: Date): boolean {
  return job.delivery.receiveCount > 1 || Date.parse(occasionOf(job).event.time) < now.getTime() - OLD_MS;
}

/** Observes, decides and sends, round after round, until the case is closed or has to wait. */
async function reconcile(run: Run, deps: CaseDeps): Promise<boolean> {
  if (run.state.fix && run.jobs.some(({ delivery }) => delivery.receiveCount >= deps.maxReceives)) await warnOfLastTry(run, deps);
  for (let round = 0; round < MAX_ROUNDS && deps.remainingMs() >= ENOUGH_MS; round += 1) {
    const { decision, state } = decideOn(run, (round === 0 && run.seen) || (await deps.observe(run)), deps);
    run.state = state;
    run.waits = looked(run.waits, decision.is === 'wait' ? decision.cause : undefined, deps.now());
    if (decision.is !== 'begin' && decision.is !== 'send') return await finish(run, decision, deps);
    const gate = decision.is === 'begin' ? await begin(run, decision, deps) : await pausedAgain(run, decision, deps);
    const stop = gate ?? (await sendPlan(run, decision.plan, deps));
    if (stop) return await finish(run, stop, deps);
  }
  const reason = { code: 'in-progress', says: 'Redress goes on in another invocation.' } as const;
  return await finish(run, { is: 'wait', seconds: 5, reason, reportsTo: 'nobody' }, deps);
}

/** What to do with a case of which this was read. */
export function decideOn(run: Run, { facts, live }: Observed, deps: Pick<CaseDeps, 'config' | 'now'>): Decided {
  run.facts = facts;
  if (live) run.live = live;
  const now = deps.now();
  const configured = exemptionFor(deps.config, run.control.id, { account: run.place.account, id: run.target.id }, now);
  return decide(run, caseContextOf(run, deps, now), configured);
}

/** What an error means for the case: wait, report, or hand the messages back. */
async function recover(one: Case, run: Run | undefined, error: unknown, deps: CaseDeps): Promise<boolean> {
  const { control, target } = one;
  const what = error instanceof LeaseLost ? 'lease' : classify(error);
  deps.telemetry.log(what === 'refused' || what === 'defect' ? 'error' : 'warn', 'a case was interrupted', {
    control: control.id,
    resource: target.id,
    what,
    error: errorText(error),
    // without the message, which `error` holds in the form that may be shown
    ...(what === 'defect' && error instanceof Error && { stack: error.stack?.slice(error.stack.indexOf('\n    at ')) }),
  });
  try {
    if (what === 'lease' || what === 'throttled' || what === 'unavailable') {
      const waits = run?.waits ?? waitsOf(one.jobs);
      const [jobs, mayBeDone] = [run?.jobs ?? one.jobs, run === undefined];
      if (what === 'lease') {
        await lookAgain(jobs, target, BUSY_SECONDS, deps, { waits, mayBeDone });
        return true;
      }
      const now = deps.now();
      // no more copies in the end: the queue counts these tries, and its alarm reports them
      const isOver = isSpent(waits, 'unanswered', now);
      if (!isOver) {
        const seconds = growing(timesOf(waits, 'unanswered'));
        await lookAgain(jobs, target, seconds, deps, { waits: waitedFor(waits, 'unanswered', now), mayBeDone });
      }
      if (run) await deps.ledger.release(control.id, target, deps.owner, worthKeeping(run), now);
      return !isOver;
    }
    if (!run) return false;
    if (what === 'denied' && error instanceof CallFailed) {
      const { action, cause, code } = error;
      const policy = organizationPolicyOf(cause);
      const says = policy
        ? `Redress cannot look at it. ${policy} denies ${action}.`
        : `Redress cannot look at it: its role may not ${action} (${errorText(cause)}).`;
      return await finish(
        run,
        {
          is: 'close',
          status: 'failed',
          reason: { code: 'no-permission', says },
          advice: [{ says: adviceOnDenial(action, { code, policy }) }],
          leaves: 'rerunnable',
          keepsFix: true,
        },
        deps,
      );
    }
    const says = `Redress could not judge or fix it: ${errorText(error)}`;
    return await finish(run, { is: 'close', status: 'failed', reason: { code: 'error', says }, leaves: 'failed', keepsFix: true }, deps);
  } catch (second) {
    // the lease runs out by itself, and the message comes back after its visibility timeout
    deps.telemetry.log('error', 'could not release the case', { control: control.id, resource: target.id, error: errorText(second) });
    return false;
  }
}
