import { isDeepStrictEqual } from 'node:util';
import { actionOf } from '#shared/aws/actions.ts';
import type { CaseContext, Plan, Verdict } from '#shared/control/control.ts';
import { proving } from '#shared/control/manager.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import type { FixInProgress } from '#shared/ledger/ledger.ts';
import { absent } from './absent.ts';
import { brokenAgain } from './again.ts';
import { asking } from './approval.ts';
import { growing } from './backoff.ts';
import { beliefIn, isFromLedger, isVisible } from './belief.ts';
import { callsStand, type Wording } from './calls.ts';
import { changesOf } from './compose.ts';
import { type Exempting, endedSays, saysOf } from './exempt.ts';
import { exemptionGate, holdOf, mayFix } from './gates.ts';
import { brokenIn, managedGate, waysIn, withWays } from './managed.ts';
import { riskOf } from './meaning.ts';
import { nothingMore, nothingToSend } from './nothing.ts';
import { countsAsTry } from './patience.ts';
import { digestOf } from './sender.ts';
import { exemptionLapsed, fixNotBegun, fixOf, hindered, keptNow, lagged, outdated, unhindered } from './state.ts';
import { broken } from './state-broken.ts';
import { fixBegunAgain, undoNotBegun } from './state-order.ts';
import { lostFound, unsureGate } from './state-unsure.ts';
import type { Decided, Decision, Run, Words } from './types.ts';
import { adviceIn, isReached, seenIn } from './verdicts.ts';

/** How often a plan that AWS took, but that reads do not show, is waited for. */
const TRIES_FOR_LAG = 8;
/** Why a fix waits where it is not known who made the resource. */
const UNKNOWN_MAKER = 'Redress did not see who made it, so code may manage it.';

/** What to do with a case, given what was read, and its state after that; it reads nothing, sends nothing and changes nothing. */
export function decide(run: Run, context: CaseContext, configured: Exempting | undefined): Decided {
  const { facts, control } = run;
  if (facts === undefined) return { decision: absent(run, context.now), state: run.state };
  const verdict: Verdict = control.judge(facts, context);
  const { decision, state } = about(run, verdict, context, configured);
  const after = verdict.is === 'compliant' ? keptNow(state, verdict.keeps) : state;
  return {
    decision: withWays(decision, { ...run, state }, context, verdict),
    state: verdict.is === 'violation' ? outdated(after, verdict.outdates) : after,
  };
}

/** The same, of a resource that is there and was judged. */
function about(given: Run, verdict: Verdict, context: CaseContext, configured: Exempting | undefined): Decided {
  const run = verdict.is === 'violation' ? { ...given, state: broken(given.state, brokenIn(given, context)) } : given;
  const { state, facts, control, order } = run;
  const unchanged = (decision: Decision): Decided => ({ decision, state });
  if (isFromLedger(run))
    return unchanged(refused('It waited in the ledger, as in a version before, where others can write: order it again.'));
  const { fix } = state;
  if (fix) {
    const isOnlyExempt = run.jobs.every(({ occasion }) => occasion.is === 'order' && occasion.order.kind === 'exempt');
    if (!isOnlyExempt) return inProgress(run, fix, verdict, context, configured);
    const what = fix.kind === 'fix' ? 'a fix' : 'an undo';
    return unchanged(refused(`It is not exempt: ${what} is in progress and is finished first. Order it again if that fails.`));
  }
  if (order?.kind === 'undo') return unchanged(undo(run, context));
  if (verdict.is === 'compliant' || verdict.is === 'superseded') return unchanged(settledElsewhere(run, verdict));
  const skip = (rest: { reason?: Reason; advice?: Finding['advice'] }): Decided =>
    unchanged({ is: 'close', status: 'skipped', found: verdict.says, risk: riskOf(verdict), ...rest });
  if (verdict.is === 'skip') return skip({ advice: adviceIn(verdict) });
  const managed = managedGate(run, context, verdict.brokenWith);
  if (managed.is === 'left') return skip({ reason: { code: 'left-unchanged', says: managed.says } });
  const plan = control.plan(facts, context);
  if (managed.is === 'managed' || managed.is === 'claimed') {
    const { reason } = managed;
    const advice = proving(managed.manager);
    if (managed.is === 'managed' && !control.reportsManaged) return skip({ reason, advice });
    const both = { ...verdict, advice: [...advice, ...(verdict.advice ?? [])] };
    return violation(run, both, managed.is === 'managed' ? { changes: [] } : asking(plan, reason.says), context, configured, reason);
  }
  const isUnknown = managed.is === 'unknown' && !plan.isAdditive;
  return violation(run, verdict, isUnknown ? asking(plan, UNKNOWN_MAKER) : plan, context, configured);
}

function refused(says: string): Decision {
  return { is: 'answer', outcome: 'refused', says };
}

function nothingToDo(says: string): Decision {
  return { is: 'answer', outcome: 'nothing-to-do', says };
}

/** What is right, though no fix of ours is in progress. */
function settledElsewhere({ state, order }: Run, { is, says }: Verdict & { is: 'compliant' | 'superseded' }): Decision {
  if (!state.finding) return order ? nothingToDo(`It no longer applies: ${says}`) : { is: 'drop' };
  const reason = { code: 'fixed-elsewhere', says: 'It was fixed outside Redress.' } as const;
  return { is: 'close', status: is === 'superseded' ? 'superseded' : 'fixed', now: says, reason };
}

function violation(
  run: Run,
  verdict: Verdict & { is: 'violation' },
  plan: Plan,
  { now }: CaseContext,
  configured: Exempting | undefined,
  hindrance?: Reason,
): Decided {
  const seen = seenIn(run, verdict);
  const gate = exemptionGate(run, configured, now);
  if (gate.is === 'over') return { decision: refused(`It is not exempt: ${gate.until} has passed.`), state: run.state };
  if (gate.is === 'exempt') {
    const { state, exemption } = gate;
    // an exempt finding announces nothing that it would send
    return {
      decision: { is: 'close', status: 'exempt', ...seen, reason: { code: 'exempt', says: saysOf(exemption) }, exemption },
      state,
    };
  }
  const { state, ended } = gate;
  const words: Wording = (reason) => {
    const why =
      ended === undefined ? reason : { code: reason?.code ?? 'exemption-ended', says: reason ? `${ended} ${reason.says}` : ended };
    return { ...seen, ...(why && { reason: why }) };
  };
  if (run.control.kind.is === 'call') return { decision: callsStand(state, now, words), state };
  if (plan.changes.length === 0) return { decision: nothingToSend(run, plan, words, hindrance, now), state: hindered(state) };
  const ready = unhindered(state, now);
  const hold = holdOf(run, ready, plan, now);
  if (!hold) {
    const { found, severity, advice = [] } = seen;
    return { decision: { is: 'begin', kind: 'fix', plan, found, advice, ...(severity && { severity }) }, state: ready };
  }
  // why a person is asked names the claim; in other modes the claim alone is the reason
  const isAsking = hold.reason === undefined || hold.reason.code === 'needs-approval';
  const reason = hindrance && isAsking ? { ...hindrance, says: hold.reason?.says ?? hindrance.says } : hold.reason;
  return { decision: { ...hold, ...words(reason), ...(hold.is === 'close' && { plan }) }, state: ready };
}

/** A fix or an undo that the case says is in progress, as far as that is believed. */
function inProgress(run: Run, fix: FixInProgress, verdict: Verdict, context: CaseContext, configured: Exempting | undefined): Decided {
  const belief = beliefIn(run, fix, context.now);
  const believing = { ...run, state: belief.state };
  if (belief.is === 'not-begun') return decide(believing, context, configured);
  if (belief.is === 'believed') return proceed(believing, fixOf(belief.state), verdict, context, configured);
  const reason = { code: 'in-progress', says: `The ${fix.kind} goes on once its order is at hand.` } as const;
  return { decision: { is: 'wait', seconds: belief.seconds, found: fix.wrong, reason, reportsTo: 'nobody' }, state: belief.state };
}

/** The next step of a fix or an undo in progress: no gate stops it once AWS shows a part of it. */
function proceed(run: Run, fix: FixInProgress, verdict: Verdict, context: CaseContext, configured: Exempting | undefined): Decided {
  const { facts, state, control } = run;
  const unchanged = (decision: Decision): Decided => ({ decision, state });
  const isUndo = fix.kind === 'undo';
  const found = fix.wrong;
  const now = verdict.says;
  if (isUndo && isDeepStrictEqual(control.before(facts), fix.before)) {
    const says = `The previous state is back, as ${fix.order?.by ?? 'somebody'} asked.`;
    return unchanged({ is: 'close', status: 'undone', now, reason: { code: 'undone', says } });
  }
  if (!isUndo && isReached(verdict)) {
    const ended = endedSays(state, context.now);
    const reason = ended ? { code: 'exemption-ended' as const, says: ended } : undefined;
    const status = verdict.is === 'superseded' ? 'superseded' : 'fixed';
    const shown = verdict.is === 'superseded' ? lostFound(state, verdict.by) : state;
    return { decision: { is: 'close', status, found, now, ...(reason && { reason }) }, state: exemptionLapsed(shown, context.now) };
  }
  const plan = isUndo ? control.undo?.(fix.before, facts, context) : verdict.is === 'violation' ? control.plan(facts, context) : undefined;
  if (!plan || plan.changes.length === 0) return unchanged(nothingMore(fix, plan, verdict));
  const actions = plan.changes.map(({ command }) => actionOf(command));
  const surprise = actions.find((action) => !fix.announced.some(({ api }) => api === action));
  if (surprise) {
    const reason = { code: 'not-announced', says: `The ${fix.kind} would now need ${surprise}, which was not announced.` } as const;
    return unchanged({ is: 'close', status: 'failed', found, reason, leaves: 'failed', keepsFix: true });
  }
  const digest = digestOf(plan.changes.map(({ command }) => command));
  if (fix.taken.includes(digest)) {
    const again = brokenAgain(run, fix, plan, context.now);
    if (again) return decide({ ...run, state: again }, context, configured);
    const shown = (says: string): Words => ({ found, reason: { code: 'not-visible', says: `AWS took the ${fix.kind}, ${says}` } });
    const isCounted = countsAsTry(run, context.now);
    if (isCounted && fix.lag >= TRIES_FOR_LAG) {
      const words = { ...shown('but reads still show the old state.'), advice: adviceIn(verdict) };
      // with another id, what AWS has made would be made once more
      const keepsFix = fix.isAnswerLost === true;
      return unchanged({ is: 'close', status: 'failed', ...words, leaves: 'rerunnable', keepsFix });
    }
    const wait: Decision = { is: 'wait', seconds: growing(fix.lag), ...shown('and it is not visible yet.'), reportsTo: 'nobody' };
    return { decision: wait, state: isCounted ? lagged(state) : state };
  }
  if (fix.last?.digest === digest && fix.last.outcome === 'refused') {
    return unchanged({
      is: 'close',
      status: 'failed',
      found,
      reason: { code: 'refused', says: `AWS refused the ${fix.kind}: ${run.refusal ?? 'see the log'}` },
      advice: adviceIn(verdict),
      leaves: 'failed',
      keepsFix: fix.sent.length > 0,
    });
  }
  const unsure = unsureGate(fix, plan, context.now);
  if (unsure) return unchanged(unsure);
  return isVisible(run, fix, plan) ? unchanged({ is: 'send', plan }) : startAgain(run, fix, plan, context, configured);
}

/** A change of which AWS shows nothing: what would hold its beginning holds it still. It keeps its id, so that nothing is made twice. */
function startAgain(run: Run, fix: FixInProgress, plan: Plan, context: CaseContext, configured: Exempting | undefined): Decided {
  const { state, mode, order, control, facts } = run;
  const isUndo = fix.kind === 'undo';
  const before = isUndo ? undoNotBegun(state) : fixNotBegun(state);
  // what is off has nothing to report either
  if (mode === 'off' && !order) return { decision: { is: 'drop' }, state: before };
  const { decision, state: after } = decide({ ...run, state: before }, context, configured);
  if (decision.is === 'wait') return { decision, state: { ...after, fix } };
  if (decision.is !== 'begin') return { decision, state: after };
  const send: Decision = { is: 'send', plan, asksPause: true };
  if (isUndo) return { decision: send, state };
  // what it was is known from the time of its first command
  if (fix.sent.length > 0) return { decision: send, state: { ...after, fix } };
  const announced = [...changesOf(plan), ...(plan.later ?? [])];
  const { found: wrong, advice } = decision;
  return { decision: send, state: fixBegunAgain(after, fix, { wrong, before: control.before(facts), announced, ways: waysIn(advice) }) };
}

/** An undo that is ordered, and has not begun. */
function undo(run: Run, context: CaseContext): Decision {
  const { row, control, facts } = run;
  if (!control.undo) return { is: 'answer', outcome: 'not-possible', says: `${control.id} has no undo.` };
  // also by a person's word nothing is written in these modes, and the role may hold no write
  if (!mayFix(run.mode)) return refused(`It is not undone: the control's mode is ${run.mode}; set it to approve or fix first.`);
  if (row?.finding.status === 'undone') return nothingToDo('It is undone already.');
  // `fixedBy` is there since an undo began; one that failed may be ordered again
  const isFixed = row?.finding.status === 'fixed' || row?.finding.status === 'superseded' || row?.fixedBy !== undefined;
  if (!row || !isFixed || row.before === undefined || row.after === undefined || (row.fixedBy ?? row.finding.changes).length === 0)
    return nothingToDo(`There is nothing to undo: the finding is ${row?.finding.status ?? 'unknown'}, and not by a change of Redress.`);
  if (run.state.finding) return refused(`It is not undone: a later finding about the resource is open (${run.state.finding.id}).`);
  if (!isDeepStrictEqual(control.before(facts), row.after))
    return refused('It is not undone: the resource is no longer as Redress left it.');
  const plan: Plan = control.undo(row.before, facts, context);
  if (plan.changes.length === 0) return nothingToDo('There is nothing to undo: the previous state is already back.');
  return { is: 'begin', kind: 'undo', plan, found: row.finding.found ?? '' };
}
