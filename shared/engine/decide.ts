import { isDeepStrictEqual } from 'node:util';
import { actionOf } from '#shared/aws/actions.ts';
import type { CaseContext, Plan, Verdict } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import type { Finding, Reason } from '#shared/finding/finding.ts';
import { type Exempting, exempted, lapsed, saysOf } from './exempt.ts';
import { managedGate } from './gates.ts';
import { digestOf } from './sender.ts';
import { type Decision, occasionOf, orderOf, type Run, roundOf, type Words } from './types.ts';

/** How often a resource that is not there yet is looked for again; 5, 10, 20 … seconds apart, about five minutes in all. */
const TRIES_TO_SEE = 6;
/** How often something that must come first is waited for before the sweep takes over; about an hour. */
const TRIES_TO_WAIT = 14;
/** How often a plan that AWS took, but that reads do not show, is waited for. */
const TRIES_FOR_LAG = 8;
const HOUR = 3_600_000;
/** How long a finding about calls stays open, in milliseconds. */
const CALLS_STAND = 24 * HOUR;
/** Why a fix waits where it is not known who made the resource. */
const UNKNOWN_MAKER = 'Redress did not see who made it, so code may manage it.';
/** So many fixes of one resource within an hour are a fight. */
const FIGHT = 3;

/** What to do with a case, given what was read; it reads nothing and sends nothing. */
export function decide(run: Run, facts: unknown, context: CaseContext, configured: Exempting | undefined): Decision {
  if (facts === undefined) return absent(run);
  const verdict: Verdict = run.control.judge(facts, context);
  if (run.state.fix) {
    const isOnlyExempt = run.jobs.every(({ occasion }) => occasion.is === 'order' && occasion.order.kind === 'exempt');
    if (!isOnlyExempt) return proceed(run, facts, verdict, context);
    const inProgress = run.state.fix.kind === 'fix' ? 'a fix' : 'an undo';
    return refused(`It is not exempt: ${inProgress} is in progress and is finished first. Order it again if that fails.`);
  }
  const order = orderOf(run)?.order;
  if (order?.kind === 'undo') return undo(run, facts, context);
  if (verdict.is === 'compliant' || verdict.is === 'superseded') {
    if (run.state.finding)
      return {
        is: 'close',
        status: verdict.is === 'superseded' ? 'superseded' : 'fixed',
        now: verdict.says,
        reason: { code: 'fixed-elsewhere', says: 'It was fixed outside Redress.' },
      };
    return order ? nothingToDo(`It no longer applies: ${verdict.says}`) : { is: 'drop' };
  }
  if (verdict.is === 'skip') return { is: 'close', status: 'skipped', found: verdict.says, advice: adviceIn(verdict) };
  const managed = managedGate(run);
  if (managed.is === 'left')
    return { is: 'close', status: 'skipped', found: verdict.says, reason: { code: 'left-unchanged', says: managed.says } };
  const plan = run.control.plan(facts, context);
  if (managed.is === 'managed') {
    const reason = { code: 'managed', says: `${managed.manager.name} manages it, so it is left unchanged: fix it there.` } as const;
    const advice = managed.manager.fix(verdict.iac ?? run.control.iac ?? {});
    if (!run.control.reportsManaged) return { is: 'close', status: 'skipped', found: verdict.says, reason, advice };
    const both = { ...verdict, advice: [...advice, ...(verdict.advice ?? [])] };
    return violation(run, both, { changes: [] }, context, configured, reason);
  }
  const isUnknown = managed.is === 'unknown' && !plan.isAdditive && !run.control.reportsManaged;
  const asking = isUnknown ? { ...plan, needsApproval: plan.needsApproval ?? UNKNOWN_MAKER } : plan;
  return violation(run, verdict, asking, context, configured);
}

/** Seconds to wait before try `n` (from 0): 5, 10, 20 … or twice another first one each time, at most the 900 that SQS can delay. */
export function growing(n: number, first = 5): number {
  return Math.min(900, first * 2 ** Math.min(n, 10));
}

function refused(says: string): Decision {
  return { is: 'answer', outcome: 'refused', says };
}

function nothingToDo(says: string): Decision {
  return { is: 'answer', outcome: 'nothing-to-do', says };
}

/** A verdict's advice in the form that findings have. */
function adviceIn(verdict: Verdict): Finding['advice'] {
  const advice = verdict.is === 'violation' || verdict.is === 'skip' ? (verdict.advice ?? []) : [];
  return advice.map((one) => (typeof one === 'string' ? { says: one } : one));
}

function absent(run: Run): Decision {
  const round = roundOf(run);
  const { fix } = run.state;
  if (round < TRIES_TO_SEE) {
    const reason = { code: 'not-visible', says: 'The resource is not visible yet.' } as const;
    return { is: 'wait', seconds: growing(round), reason, tells: 'nobody' };
  }
  if (!fix) return { is: 'close', status: 'skipped', reason: { code: 'gone', says: 'The resource is gone.' } };
  const says = `The resource is gone, and ${fix.kind === 'fix' ? 'a fix' : 'an undo'} was in progress.`;
  return { is: 'close', status: 'failed', found: fix.wrong, reason: { code: 'gone', says }, leaves: 'failed', keepsFix: true };
}

function violation(
  run: Run,
  verdict: Verdict & { is: 'violation' },
  plan: Plan,
  context: CaseContext,
  configured: Exempting | undefined,
  hindrance?: Reason,
): Decision {
  const { state, mode } = run;
  const order = orderOf(run)?.order;
  const advice = adviceIn(verdict);
  const exempt = (exempting: Exempting, isOrdered: boolean): Decision => {
    const exemption = exempted(state, exempting, context.now, isOrdered);
    // an exempt finding announces nothing that it would send
    return { is: 'close', status: 'exempt', found: verdict.says, reason: { code: 'exempt', says: saysOf(exemption) }, advice, exemption };
  };
  // a person's later word lifts their earlier one, and an order to fix may have waited; what the config says stands
  const mayFix = mode !== 'off' && mode !== 'observe';
  if (order?.kind === 'fix' && mayFix && state.exemption && Date.parse(state.exemption.at) < Date.parse(order.at)) delete state.exemption;
  const exemption = [configured, state.exemption].flatMap((one) => one ?? []).toSorted((a, b) => endOf(b.until) - endOf(a.until))[0];
  if (order?.kind === 'exempt' && order.until) {
    if (endOf(order.until) <= context.now.getTime()) return refused(`It is not exempt: ${order.until} has passed.`);
    return exempt({ until: order.until, owner: order.by, reason: order.reason ?? 'no reason given' }, true);
  }
  if (exemption && endOf(exemption.until) > context.now.getTime()) return exempt(exemption, false);
  const ended = lapsed(state, context.now);
  const words = (reason?: Reason): Pick<Words, 'found' | 'reason' | 'advice'> => {
    const why =
      ended === undefined ? reason : { code: reason?.code ?? 'exemption-ended', says: reason ? `${ended} ${reason.says}` : ended };
    return { found: verdict.says, ...(why && { reason: why }), advice };
  };
  const close = (status: 'open' | 'would-fix' | 'awaiting-approval', reason?: Reason): Decision => ({
    is: 'close',
    status,
    ...words(reason),
    plan,
  });
  if (run.control.kind.is === 'call') {
    // nothing can be fixed: a day after it was opened, the finding has had its time
    const opened = Date.parse(state.finding?.receivedAt ?? context.now.toISOString());
    const left = Math.ceil((opened + CALLS_STAND - context.now.getTime()) / 1000);
    if (left > 0) return { is: 'wait', seconds: left, ...words(), tells: 'everybody' };
    return { is: 'close', status: 'closed', ...words({ code: 'day-over', says: 'A day has passed since the first call.' }) };
  }
  if (plan.changes.length === 0) {
    state.isHindered = true;
    if (!plan.again) return close('open', hindrance);
    const round = roundOf(run);
    const { why } = plan.again;
    if (round >= TRIES_TO_WAIT)
      return close('open', { code: 'waiting', says: `Redress waited, because ${why}. The next sweep looks again.` });
    return {
      is: 'wait',
      seconds: growing(round, plan.again.afterSeconds),
      ...words({ code: 'waiting', says: `Redress looks again soon, because ${why}.` }),
      tells: round < TRIES_TO_SEE ? 'nobody' : 'everybody',
    };
  }
  // what could not be fixed before (a volume in use) settles from when it first can, not from the last event
  if (state.isHindered) state.settledFrom = context.now.toISOString();
  delete state.isHindered;
  if (!mayFix) {
    const says = `It is not fixed: the control's mode is ${mode}; set it to approve or fix first.`;
    return close('would-fix', order && { code: 'mode', says });
  }
  if (!order) {
    if (mode === 'approve') return close('awaiting-approval');
    if (plan.needsApproval) return close('awaiting-approval', { code: 'needs-approval', says: plan.needsApproval });
    const recent = state.fixes.filter((time) => context.now.getTime() - Date.parse(time) < HOUR);
    if (recent.length >= FIGHT) {
      const says = `It came back wrong ${recent.length} times within an hour, last by ${lastCaller(run)}, so Redress leaves it unchanged.`;
      return close('open', { code: 'fight', says });
    }
  }
  const settled = Date.parse(state.settledFrom ?? context.now.toISOString()) + (plan.settleSeconds ?? 0) * 1000;
  const left = Math.ceil((settled - context.now.getTime()) / 1000);
  if (left > 0) {
    const says = `Redress fixes it at ${new Date(settled).toISOString()}, if it is still as it is now.`;
    return { is: 'wait', seconds: left, ...words({ code: 'settling', says }), tells: 'everybody' };
  }
  return { is: 'begin', kind: 'fix', plan, found: verdict.says };
}

function lastCaller(run: Run): string {
  const job = run.jobs.findLast(({ occasion }) => occasion.is === 'call');
  return (job ? occasionOf(job).actor : run.state.finding?.actor)?.name ?? 'an unknown caller';
}

/** The next step of a fix or an undo in progress: no gate stops it any more. */
function proceed(run: Run, facts: unknown, verdict: Verdict, context: CaseContext): Decision {
  const { fix } = run.state;
  if (!fix) throw new Error('proceed without a fix in progress');
  const isUndo = fix.kind === 'undo';
  const found = fix.wrong;
  const now = verdict.says;
  if (isUndo && isDeepStrictEqual(run.control.before(facts), fix.before)) {
    const says = `The previous state is back, as ${fix.order?.by ?? 'somebody'} asked.`;
    return { is: 'close', status: 'undone', now, reason: { code: 'undone', says } };
  }
  if (!isUndo && (verdict.is === 'compliant' || verdict.is === 'superseded')) {
    const ended = lapsed(run.state, context.now);
    const reason = ended ? { code: 'exemption-ended' as const, says: ended } : undefined;
    return { is: 'close', status: verdict.is === 'compliant' ? 'fixed' : 'superseded', found, now, ...(reason && { reason }) };
  }
  const plan: Plan | undefined = isUndo
    ? run.control.undo?.(fix.before, facts, context)
    : verdict.is === 'violation'
      ? run.control.plan(facts, context)
      : undefined;
  const changes = plan?.changes ?? [];
  if (!plan || changes.length === 0) {
    if (plan?.again) {
      const reason = { code: 'in-progress', says: `The ${fix.kind} is in progress: ${plan.again.why}.` } as const;
      return { is: 'wait', seconds: plan.again.afterSeconds, found, reason, tells: 'nobody' };
    }
    const advice = adviceIn(verdict);
    if (plan?.leavesRest) return { is: 'close', status: 'open', found, now, advice };
    return { is: 'close', status: 'failed', found, now, reason: { code: 'stuck', says: `The ${fix.kind} cannot go on.` }, advice };
  }
  const surprise = changes.map(({ command }) => actionOf(command)).find((action) => !fix.announced.some(({ api }) => api === action));
  if (surprise) {
    const reason = { code: 'not-announced', says: `The ${fix.kind} would now need ${surprise}, which was not announced.` } as const;
    return { is: 'close', status: 'failed', found, reason, leaves: 'failed', keepsFix: true };
  }
  const digest = digestOf(changes.map(({ command }) => command));
  if (fix.taken.includes(digest)) {
    const shown = (says: string): Words => ({ found, reason: { code: 'not-visible', says: `AWS took the ${fix.kind}, ${says}` } });
    if (fix.lag >= TRIES_FOR_LAG)
      return { is: 'close', status: 'failed', ...shown('but reads still show the old state.'), leaves: 'rerunnable' };
    fix.lag += 1;
    return { is: 'wait', seconds: growing(fix.lag - 1), ...shown('and it is not visible yet.'), tells: 'nobody' };
  }
  if (fix.last?.digest === digest && fix.last.outcome === 'refused') {
    return {
      is: 'close',
      status: 'failed',
      found,
      reason: { code: 'refused', says: `AWS refused the ${fix.kind}: ${run.refusal ?? 'see the log'}` },
      advice: adviceIn(verdict),
      leaves: 'failed',
      keepsFix: fix.sent.length > 0,
    };
  }
  return { is: 'send', plan };
}

function undo(run: Run, facts: unknown, context: CaseContext): Decision {
  const { row, control } = run;
  if (!control.undo) return { is: 'answer', outcome: 'not-possible', says: `${control.id} has no undo.` };
  // also by a person's word nothing is written in these modes, and the role may hold no write
  if (run.mode === 'off' || run.mode === 'observe')
    return refused(`It is not undone: the control's mode is ${run.mode}; set it to approve or fix first.`);
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
