import type { CaseDeps } from './case.ts';
import { compose, type Telling } from './compose.ts';
import type { Target } from './control.ts';
import type { EngineDeps } from './engine.ts';
import { finalStatuses } from './finding.ts';
import type { CaseState, FindingRow } from './ledger.ts';
import { type Decision, doneKey, type Job, orderOf, type Run } from './run.ts';

/** A decision that ends this invocation's work on the case. */
export type Ending = Telling | Extract<Decision, { is: 'drop' }>;

/** Writes the finding, announces it, and only then closes the case or puts its message back; false hands the messages back. */
export async function finish(run: Run, ending: Ending, deps: CaseDeps): Promise<boolean> {
  const { control, target, jobs } = run;
  const isQuiet = ending.is === 'wait' && ending.tells === 'nobody' && !run.state.finding;
  if (ending.is !== 'drop' && !isQuiet) await tell(run, ending, deps);
  if (ending.is === 'wait') {
    if (run.state.fix?.last?.outcome === 'sent') run.state.fix.lag += 1;
    await lookAgain(jobs, { ...target, ...(run.state.hint !== undefined && { hint: run.state.hint }) }, ending.seconds, deps);
  } else {
    if (ending.is === 'close') closeState(run, ending, deps.now());
    const isDone = ending.is !== 'close' || ending.leaves === undefined;
    if (isDone)
      await deps.ledger.markDone(
        jobs.map((job) => doneKey(job, control, target)),
        deps.now(),
      );
  }
  await deps.ledger.release(control.id, target, deps.owner, worthKeeping(run), deps.now());
  return !(ending.is === 'close' && ending.leaves === 'failed');
}

/** Says, before it is tried, that an unfinished fix goes to the dead-letter queue if this try fails too. */
export async function warnOfLastTry(run: Run, deps: CaseDeps): Promise<void> {
  const { fix } = run.state;
  const says = `${fix?.wrong ?? ''} A fix begun at ${fix?.begunAt ?? 'an unknown time'} is unfinished, and this is its last try before the dead-letter queue; \`redress redrive\` takes it up again.`;
  const row = compose(run, { is: 'wait', seconds: 0, says, tells: 'everybody' }, deps.place, deps.now(), 'critical');
  const finding = { ...row.finding, announcement: `${row.finding.id}-last-try` };
  await deps.ledger.putFinding({ ...row, finding });
  await deps.announceOne(finding);
}

/** Puts a delayed copy of what a case's messages want on the queue: every order, or else one of the events. */
export async function lookAgain(jobs: readonly Job[], target: Target, seconds: number, deps: EngineDeps): Promise<void> {
  const orders = jobs.filter(({ occasion }) => occasion.is === 'order');
  const newest = jobs.toSorted((a, b) => b.message.round - a.message.round)[0];
  const copied = orders.length > 0 ? orders : newest ? [newest] : [];
  const delaySeconds = Math.max(1, Math.min(900, Math.ceil(seconds)));
  await deps.enqueue(
    copied.map(({ message, occasion }) => ({
      body: { ...message, round: message.round + 1, ...(occasion.is !== 'order' && { targets: [target] }) },
      delaySeconds,
    })),
  );
}

/** The case's item if it holds anything that a later run needs. */
export function worthKeeping({ state }: Pick<Run, 'state'>): CaseState | undefined {
  return state.finding || state.fix || state.exemption || state.fixes.length > 0 ? state : undefined;
}

async function tell(run: Run, telling: Telling, deps: CaseDeps): Promise<void> {
  const { state } = run;
  const now = deps.now();
  const isFirst = !state.finding?.announced;
  if (telling.is === 'close' && orderOf(run)?.order.kind === 'exempt') takeExemption(run);
  const row = compose(run, telling, deps.place, now);
  const isNews = hasNews(run, row, telling);
  await deps.ledger.putFinding(row);
  const { order } = row.finding;
  // whoever gave the order asks for its answer at the finding that it named, even if another one is open by now
  if (order && run.row && run.row.finding.id !== row.finding.id)
    await deps.ledger.putFinding({ ...run.row, finding: { ...run.row.finding, order } });
  if (isNews) await deps.announceOne(row.finding);
  deps.telemetry.log('info', row.finding.says, {
    finding: row.finding.id,
    control: run.control.id,
    resource: run.target.id,
    status: row.finding.status,
    isAnnounced: isNews,
  });
  if (isNews && state.finding) state.finding.announced = { status: row.finding.status, number: (state.finding.announced?.number ?? 0) + 1 };
  if (isFirst && telling.is !== 'answer' && row.finding.status !== 'skipped' && row.finding.status !== 'exempt')
    deps.telemetry.count(run.control.id, 'violations');
  if (telling.is !== 'close') return;
  if (telling.status === 'failed') deps.telemetry.count(run.control.id, 'failures');
  if (state.fix?.kind === 'fix' && finalStatuses.includes(telling.status)) {
    deps.telemetry.count(run.control.id, 'fixes');
    deps.telemetry.secondsToFixed(run.control.id, (now.getTime() - Date.parse(row.finding.timings.eventTime)) / 1000);
  }
}

/** Whether subscribers have not heard this yet: another status, or the end of an undo. */
function hasNews(run: Run, { finding }: FindingRow, telling: Telling): boolean {
  if (telling.is === 'answer' || (telling.is === 'wait' && telling.tells !== 'everybody')) return false;
  if (run.state.fix?.kind === 'undo') return true;
  return run.state.finding?.announced?.status !== finding.status;
}

function takeExemption(run: Run): void {
  const order = orderOf(run)?.order;
  if (order?.until) run.state.exemption = { until: order.until, reason: order.reason ?? 'no reason given', owner: order.by };
}

function closeState(run: Run, ending: Extract<Ending, { is: 'close' }>, now: Date): void {
  const { state } = run;
  const { fix } = state;
  if (finalStatuses.includes(ending.status)) {
    if (fix?.kind === 'fix') state.fixes = [...state.fixes, now.toISOString()].slice(-10);
    delete state.finding;
    delete state.fix;
  } else if (fix && ending.keepsFix) {
    // the next try sends its step anew, even if it is the same
    delete fix.last;
  } else {
    delete state.fix;
  }
}
