import { isDeepStrictEqual } from 'node:util';
import { actionOf } from '#shared/aws/actions.ts';
import type { CaseContext, Plan, Verdict } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import { GONE } from '#shared/finding/finding.ts';
import { lapsed, saysOf, type Waiver, waived } from './exempt.ts';
import { managedGate } from './gates.ts';
import { digestOf } from './sender.ts';
import { type Decision, occasionOf, orderOf, type Run, roundOf } from './types.ts';

/** How often a resource that is not there yet is looked for again; 5, 10, 20 … seconds apart, about five minutes in all. */
const TRIES_TO_SEE = 6;
/** How often something that must come first is waited for before the sweep takes over; about an hour. */
const TRIES_TO_WAIT = 14;
/** How often a plan that AWS took, but that reads do not show, is waited for. */
const TRIES_FOR_LAG = 8;
const HOUR = 3_600_000;
/** Why a fix waits where it is not known who made the resource. */
const UNKNOWN_MAKER = 'Redress did not see who made it, so code may manage it.';
/** So many fixes of one resource within an hour are a fight. */
const FIGHT = 3;

/** What to do with a case, given what was read; it reads nothing and sends nothing. */
export function decide(run: Run, facts: unknown, context: CaseContext, configured: Waiver | undefined): Decision {
  if (facts === undefined) return absent(run);
  const verdict: Verdict = run.control.judge(facts, context);
  if (run.state.fix) {
    const isOnlyExempt = run.jobs.every(({ occasion }) => occasion.is === 'order' && occasion.order.kind === 'exempt');
    if (!isOnlyExempt) return proceed(run, facts, verdict, context);
    const begun = run.state.fix.kind === 'fix' ? 'a fix' : 'an undo';
    return { is: 'answer', says: `It is not exempt: ${begun} has begun, and is finished first; order it again if it failed.` };
  }
  const order = orderOf(run)?.order;
  if (order?.kind === 'undo') return undo(run, facts, context);
  if (verdict.is === 'compliant' || verdict.is === 'superseded') {
    if (run.state.finding)
      return {
        is: 'close',
        status: verdict.is === 'superseded' ? 'superseded' : 'fixed',
        says: `Set right outside Redress. ${verdict.says}`,
      };
    return order ? { is: 'answer', says: `It no longer applies: ${verdict.says}` } : { is: 'drop' };
  }
  if (verdict.is === 'skip') return { is: 'close', status: 'skipped', says: verdict.says, advice: verdict.advice ?? [] };
  const managed = managedGate(run);
  if (managed.is === 'left') return { is: 'close', status: 'skipped', says: `${verdict.says} ${managed.says}` };
  const plan = run.control.plan(facts, context);
  if (managed.is === 'managed') {
    const says = `${verdict.says} ${managed.manager.name} manages it, so it is left unchanged: fix it there.`;
    const advice = managed.manager.fix(verdict.iac ?? run.control.iac ?? {});
    if (!run.control.reportsManaged) return { is: 'close', status: 'skipped', says, advice };
    const both = { ...verdict, says, advice: [...advice, ...(verdict.advice ?? [])] };
    return violation(run, both, { changes: [] }, context, configured);
  }
  const isUnknown = managed.is === 'unknown' && !plan.isAdditive && !run.control.reportsManaged;
  const asking = isUnknown ? { ...plan, needsApproval: plan.needsApproval ?? UNKNOWN_MAKER } : plan;
  return violation(run, verdict, asking, context, configured);
}

/** Seconds to wait before try `n` (from 0): 5, 10, 20 … or twice another first one each time, at the most the 900 that SQS can delay. */
export function growing(n: number, first = 5): number {
  return Math.min(900, first * 2 ** Math.min(n, 10));
}

function absent(run: Run): Decision {
  const round = roundOf(run);
  if (round < TRIES_TO_SEE) return { is: 'wait', seconds: growing(round), says: 'The resource does not show yet.', tells: 'nobody' };
  if (run.state.fix) return { is: 'close', status: 'failed', says: `A fix had begun. ${GONE}`, leaves: 'failed', keepsFix: true };
  return { is: 'close', status: 'skipped', says: GONE };
}

function violation(
  run: Run,
  verdict: Verdict & { is: 'violation' },
  plan: Plan,
  context: CaseContext,
  configured: Waiver | undefined,
): Decision {
  const { state, mode } = run;
  const order = orderOf(run)?.order;
  const advice = verdict.advice ?? [];
  const exempt = (waiver: Waiver, isOrdered: boolean): Decision => {
    const exemption = waived(state, waiver, context.now, isOrdered);
    // a waiver announces nothing that it would send
    return { is: 'close', status: 'exempt', says: `${verdict.says} ${saysOf(exemption)}`, advice, exemption };
  };
  // a person's later word lifts their earlier one, and an order to fix may have waited; what the config says stands
  const mayFix = mode !== 'off' && mode !== 'observe';
  if (order?.kind === 'fix' && mayFix && state.exemption && Date.parse(state.exemption.at) < Date.parse(order.at)) delete state.exemption;
  const exemption = [configured, state.exemption].flatMap((one) => one ?? []).toSorted((a, b) => endOf(b.until) - endOf(a.until))[0];
  if (order?.kind === 'exempt' && order.until) {
    if (endOf(order.until) <= context.now.getTime()) return { is: 'answer', says: `It is not exempt: ${order.until} has passed.` };
    return exempt({ until: order.until, owner: order.by, reason: order.reason ?? 'no reason given' }, true);
  }
  if (exemption && endOf(exemption.until) > context.now.getTime()) return exempt(exemption, false);
  const ended = lapsed(state, context.now);
  const wrong = ended ? `${verdict.says} ${ended}` : verdict.says;
  const close = (status: 'open' | 'would-fix' | 'awaiting-approval', more = ''): Decision => ({
    is: 'close',
    status,
    says: more ? `${wrong} ${more}` : wrong,
    advice,
    plan,
  });
  if (plan.changes.length === 0) {
    state.isHindered = true;
    if (!plan.again) return close('open');
    const round = roundOf(run);
    if (round >= TRIES_TO_WAIT) return close('open', `It was waited for, since ${plan.again.why}; the next sweep looks again.`);
    return {
      is: 'wait',
      seconds: growing(round, plan.again.afterSeconds),
      says: `${wrong} Looking again, since ${plan.again.why}.`,
      tells: round < TRIES_TO_SEE ? 'nobody' : 'everybody',
    };
  }
  // what could not be fixed before (a volume in use) settles from when it first can, not from the last event
  if (state.isHindered) state.settledFrom = context.now.toISOString();
  delete state.isHindered;
  if (!mayFix) return close('would-fix', order ? `It is not fixed: the control's mode is ${mode}; set it to approve or fix first.` : '');
  if (!order) {
    if (mode === 'approve') return close('awaiting-approval');
    if (plan.needsApproval) return close('awaiting-approval', plan.needsApproval);
    const recent = state.fixes.filter((time) => context.now.getTime() - Date.parse(time) < HOUR);
    if (recent.length >= FIGHT)
      return close('open', `It came back wrong ${recent.length} times within an hour, last by ${lastCaller(run)}, so it is left alone.`);
  }
  const settled = Date.parse(state.settledFrom ?? context.now.toISOString()) + (plan.settleSeconds ?? 0) * 1000;
  const left = Math.ceil((settled - context.now.getTime()) / 1000);
  if (left > 0) {
    const says = `${wrong} To be fixed at ${new Date(settled).toISOString()}, if it is still as it is now.`;
    return { is: 'wait', seconds: left, says, tells: 'everybody', advice };
  }
  return { is: 'begin', kind: 'fix', plan, wrong };
}

function lastCaller(run: Run): string {
  const job = run.jobs.findLast(({ occasion }) => occasion.is === 'call');
  return (job ? occasionOf(job).actor : run.state.finding?.actor)?.name ?? 'an unknown caller';
}

/** The next step of a fix that has begun: no gate stops it any more. */
function proceed(run: Run, facts: unknown, verdict: Verdict, context: CaseContext): Decision {
  const { fix } = run.state;
  if (!fix) throw new Error('proceed without a begun fix');
  const isUndo = fix.kind === 'undo';
  if (isUndo && isDeepStrictEqual(run.control.before(facts), fix.before))
    return { is: 'close', status: 'undone', says: `The state before is back, as ${fix.order?.by ?? 'somebody'} asked.` };
  if (!isUndo && (verdict.is === 'compliant' || verdict.is === 'superseded')) {
    return { is: 'close', status: verdict.is === 'compliant' ? 'fixed' : 'superseded', says: `Found: ${fix.wrong} Now: ${verdict.says}` };
  }
  const plan: Plan | undefined = isUndo
    ? run.control.undo?.(fix.before, facts, context)
    : verdict.is === 'violation'
      ? run.control.plan(facts, context)
      : undefined;
  const changes = plan?.changes ?? [];
  if (!plan || changes.length === 0) {
    if (plan?.again)
      return { is: 'wait', seconds: plan.again.afterSeconds, says: `${fix.wrong} Being fixed: ${plan.again.why}.`, tells: 'nobody' };
    const advice = verdict.is === 'violation' || verdict.is === 'skip' ? (verdict.advice ?? []) : [];
    if (plan?.leavesRest) return { is: 'close', status: 'open', says: `Found: ${fix.wrong} Now: ${verdict.says}`, advice };
    return { is: 'close', status: 'failed', says: `A fix had begun and cannot go on. ${verdict.says}`, advice };
  }
  const surprise = changes.map(({ command }) => actionOf(command)).find((action) => !fix.announced.some(({ api }) => api === action));
  if (surprise)
    return {
      is: 'close',
      status: 'failed',
      says: `A fix had begun and would now need ${surprise}, which was not announced.`,
      leaves: 'failed',
      keepsFix: true,
    };
  const digest = digestOf(changes.map(({ command }) => command));
  if (fix.taken.includes(digest)) {
    if (fix.lag >= TRIES_FOR_LAG)
      return {
        is: 'close',
        status: 'failed',
        says: `${fix.wrong} AWS took the fix, but reads still show the old state.`,
        leaves: 'rerunnable',
      };
    fix.lag += 1;
    return { is: 'wait', seconds: growing(fix.lag - 1), says: `${fix.wrong} AWS took the fix; reads do not show it yet.`, tells: 'nobody' };
  }
  if (fix.last?.digest === digest && fix.last.outcome === 'refused') {
    return {
      is: 'close',
      status: 'failed',
      says: `${fix.wrong} AWS refused the fix: ${run.refusal ?? 'see the log'}`,
      advice: verdict.is === 'violation' ? (verdict.advice ?? []) : [],
      leaves: 'failed',
      keepsFix: fix.sent.length > 0,
    };
  }
  return { is: 'send', plan };
}

function undo(run: Run, facts: unknown, context: CaseContext): Decision {
  const { row, control } = run;
  if (!control.undo) return { is: 'answer', says: `${control.id} has no undo.` };
  // also by a person's word nothing is written in these modes, and the role may hold no write
  if (run.mode === 'off' || run.mode === 'observe') {
    return { is: 'answer', says: `It is not undone: the control's mode is ${run.mode}; set it to approve or fix first.` };
  }
  if (row?.finding.status === 'undone') return { is: 'answer', says: 'It is undone already.' };
  // `fixedBy` is there since an undo began; one that failed may be ordered again
  const isFixed = row?.finding.status === 'fixed' || row?.finding.status === 'superseded' || row?.fixedBy !== undefined;
  if (!row || !isFixed || row.before === undefined || row.after === undefined || (row.fixedBy ?? row.finding.changes).length === 0) {
    return {
      is: 'answer',
      says: `There is nothing to undo: the finding is ${row?.finding.status ?? 'unknown'}, and not by a change of Redress.`,
    };
  }
  if (run.state.finding)
    return { is: 'answer', says: `It is not undone: a later finding about the resource is open (${run.state.finding.id}).` };
  if (!isDeepStrictEqual(control.before(facts), row.after))
    return { is: 'answer', says: 'It is not undone: the resource is no longer as Redress left it.' };
  const plan: Plan = control.undo(row.before, facts, context);
  if (plan.changes.length === 0) return { is: 'answer', says: 'There is nothing to undo: the state before is already back.' };
  return { is: 'begin', kind: 'undo', plan, wrong: row.finding.says };
}
