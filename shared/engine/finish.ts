import { randomUUID } from 'node:crypto';
import type { Target } from '#shared/control/control.ts';
import { announcementName, finalStatuses, undoName } from '#shared/finding/finding.ts';
import { WAKE_SECONDS } from '#shared/finding/names.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import { delayOf } from './backoff.ts';
import type { EngineDeps } from './batch.ts';
import type { CaseDeps } from './case.ts';
import { compose, isForLater, isSaidAgain, type Telling } from './compose.ts';
import { type Decision, doneKey, doneKeyOf, type Job, orderOf, type Run } from './types.ts';

/** A decision that ends this invocation's work on the case. */
export type Ending = Telling | Extract<Decision, { is: 'drop' }>;

/** Writes the finding, announces it, and only then closes the case or puts its message back; false hands the messages back. */
export async function finish(run: Run, ending: Ending, deps: CaseDeps): Promise<boolean> {
  const { control, target, jobs } = run;
  const isQuiet = ending.is === 'wait' && ending.tells === 'nobody' && !run.state.finding;
  if (ending.is !== 'drop' && !isQuiet) await tell(run, ending, deps);
  if (ending.is === 'wait') await waitFor(run, ending.seconds, deps);
  else {
    const later = jobs.filter((job) => !isSettled(job, run, ending));
    const keys = jobs.filter((job) => !later.includes(job)).map((job) => doneKey(job, control, target));
    // a copy that comes late must not open again what was ended on behalf of its event
    const isFinal = ending.is === 'close' && finalStatuses.includes(ending.status);
    const { openedBy, events } = (isFinal && run.state.finding) || {};
    const covered = openedBy ? [openedBy.id, ...(events ?? [])] : [];
    if (ending.is === 'close') closeState(run, ending, deps.now());
    delete run.state.look;
    if (later.length > 0) await lookAgain(later, withHint(run), 1, deps);
    const isDone = ending.is !== 'close' || ending.leaves === undefined;
    if (isDone) {
      const all = [...keys, ...covered.map((id) => doneKeyOf(id, control, target))];
      await deps.ledger.markDone([...new Set(all)], deps.now());
    }
  }
  await deps.ledger.release(control.id, target, deps.owner, worthKeeping(run), deps.now());
  return !(ending.is === 'close' && ending.leaves === 'failed');
}

/** Says, before it is tried, that an unfinished fix goes to the dead-letter queue if this try fails too. */
export async function warnOfLastTry(run: Run, deps: CaseDeps): Promise<void> {
  const { fix } = run.state;
  if (!fix) throw new Error('a last try without a fix in progress');
  const says = `The ${fix.kind} that began at ${fix.begunAt} is unfinished, and this is its last try before the dead-letter queue. \`redress redrive\` takes it up again.`;
  const reason = { code: 'last-try', says } as const;
  const row = compose(run, { is: 'wait', seconds: 0, found: fix.wrong, reason, tells: 'everybody' }, deps.isSecret, deps.now(), 'critical');
  const number = (run.state.finding?.announced?.number ?? 0) + 1;
  const { id, status } = row.finding;
  const isUndo = fix.kind === 'undo' && fix.order !== undefined;
  const announcement = isUndo ? undoName(id, fix.order.id, 'last-try') : announcementName(id, number, 'last-try');
  const finding = { ...row.finding, announcement };
  await deps.putOne({ ...row, finding });
  await deps.announceOne(finding);
  // it counts, so that whoever heard it hears the end too
  if (!isUndo && run.state.finding) run.state.finding.announced = { status, number };
}

/** Has what a case's messages want come again later: every order, and one of the events; a busy case is no round of its own. */
export async function lookAgain(
  jobs: readonly Job[],
  target: Target,
  seconds: number,
  { enqueue, due, now }: Pick<EngineDeps, 'enqueue' | 'due' | 'now'>,
  { look, isSameRound = false }: { look?: string; isSameRound?: boolean } = {},
): Promise<void> {
  const orders = jobs.filter(({ occasion }) => occasion.is === 'order');
  const [newest] = jobs.filter(({ occasion }) => occasion.is !== 'order').toSorted((a, b) => b.message.round - a.message.round);
  const bodies = [...orders, ...(newest ? [newest] : [])].map(({ message, occasion }) => ({
    ...message,
    round: message.round + (isSameRound ? 0 : 1),
    ...(occasion.is !== 'order' && { targets: [target], ...(look && { look }) }),
  }));
  const at = new Date(now().getTime() + seconds * 1000).toISOString();
  if (seconds > WAKE_SECONDS) await due.put(bodies.map((message) => ({ at, message })));
  else await enqueue(bodies.map((body) => ({ body, delaySeconds: delayOf(seconds) })));
}

/** Looks again later, unless a copy is under way already that will look by then: else many events about one case would be as many loops. */
async function waitFor(run: Run, seconds: number, deps: CaseDeps): Promise<void> {
  const { state, jobs } = run;
  const now = deps.now().getTime();
  const due = now + (seconds > WAKE_SECONDS ? seconds : delayOf(seconds)) * 1000;
  const at = state.look ? Date.parse(state.look.at) : Number.NaN;
  const isUnderWay = at > now && at <= due && !jobs.some(({ message }) => message.look === state.look?.id);
  const wanted = isUnderWay ? jobs.filter(({ occasion }) => occasion.is === 'order') : jobs;
  const look = wanted.some(({ occasion }) => occasion.is !== 'order') ? randomUUID() : undefined;
  if (wanted.length > 0) await lookAgain(wanted, withHint(run), seconds, deps, { ...(look && { look }) });
  if (look) state.look = { id: look, at: new Date(due).toISOString() };
}

function withHint({ target, state }: Run): Target {
  return { ...target, ...(state.hint !== undefined && { hint: state.hint }) };
}

/** Whether an ending is the end of a message too; an answer is for orders only. */
function isSettled({ occasion }: Job, run: Run, ending: Ending): boolean {
  if (ending.is === 'answer') return occasion.is === 'order';
  return !(occasion.is === 'order' && ending.is !== 'drop' && isForLater(occasion.order, run, ending));
}

/** The case's item if it holds anything that a later run needs. */
export function worthKeeping({ state }: Pick<Run, 'state'>): CaseState | undefined {
  return state.finding || state.fix || state.exemption || state.fixes.length > 0 ? state : undefined;
}

async function tell(run: Run, telling: Telling, deps: CaseDeps): Promise<void> {
  const { state } = run;
  const now = deps.now();
  const isFirst = !state.finding?.announced;
  const isOpen = state.finding !== undefined;
  // what came to another end, or could not be looked at, is not exempt behind anybody's back
  if (telling.is === 'close' && telling.exemption) takeExemption(run);
  const row = compose(run, telling, deps.isSecret, now);
  if (telling.is === 'close' && (telling.exemption || state.finding?.announced?.status === 'exempt'))
    await deps.ledger.keepExempt(run.control.id, run.target, telling.exemption?.until);
  const isNews = hasNews(run, row, telling);
  // else, after a crash, another message of the case would open a second finding, and nobody would close the first
  if (!isOpen && state.finding) await deps.ledger.save(state, deps.owner, now);
  await deps.putOne(row);
  const { order } = row.finding;
  // whoever gave the order asks for its answer at the finding that it named, even if another one is open by now
  if (order && run.row && run.row.finding.id !== row.finding.id)
    await deps.putOne({ ...run.row, finding: { ...run.row.finding, order: { ...order, says: row.finding.says } } });
  if (isNews) await deps.announceOne(row.finding);
  deps.telemetry.log('info', row.finding.says, {
    finding: row.finding.id,
    control: run.control.id,
    resource: run.target.id,
    status: row.finding.status,
    isAnnounced: isNews,
  });
  if (isNews) noteTold(run, telling);
  if (isNews && telling.is !== 'answer' && state.finding)
    state.finding.announced = { status: row.finding.status, number: (state.finding.announced?.number ?? 0) + 1 };
  if (isFirst && telling.is !== 'answer' && row.finding.status !== 'skipped' && row.finding.status !== 'exempt')
    deps.telemetry.count(run.control.id, 'violations');
  if (telling.is !== 'close') return;
  if (telling.status === 'failed') deps.telemetry.count(run.control.id, 'failures');
  if (state.fix?.kind === 'fix' && finalStatuses.includes(telling.status)) {
    deps.telemetry.count(run.control.id, 'fixes');
    deps.telemetry.secondsToFixed(run.control.id, (now.getTime() - Date.parse(row.finding.timings.eventTime)) / 1000);
  }
}

/** Whether subscribers have not heard this yet: another status, the end of an undo, or what is said again. */
function hasNews(run: Run, { finding }: FindingRow, telling: Telling): boolean {
  if (telling.is === 'wait' && telling.tells !== 'everybody') return false;
  if (isSaidAgain(run, telling)) return true;
  return telling.is !== 'answer' && (run.state.fix?.kind === 'undo' || run.state.finding?.announced?.status !== finding.status);
}

/** Remembers what must not be announced twice. */
function noteTold(run: Run, telling: Telling): void {
  const order = orderOf(run)?.order;
  if (order?.isAnnounced) run.state.answered = order.id;
  if (telling.is === 'close' && telling.exemption?.isEnding) run.state.waiver = { until: telling.exemption.until };
}

function takeExemption(run: Run): void {
  const order = orderOf(run)?.order;
  if (order?.kind === 'exempt' && order.until)
    run.state.exemption = { until: order.until, reason: order.reason ?? 'no reason given', owner: order.by, at: order.at };
}

function closeState(run: Run, ending: Extract<Ending, { is: 'close' }>, now: Date): void {
  const { state } = run;
  const { fix } = state;
  if (finalStatuses.includes(ending.status)) {
    if (fix?.kind === 'fix') state.fixes = [...state.fixes, now.toISOString()].slice(-10);
    delete state.finding;
    delete state.fix;
    delete state.waiver;
  } else if (fix && ending.keepsFix) {
    // the next try sends its step again, even if it is the same
    delete fix.last;
    fix.taken = [];
    fix.refusals = 0;
  } else {
    // an undo that did nothing must not leave the resource unprotected
    if (fix?.kind === 'undo' && ending.status === 'failed') delete state.exemption;
    delete state.fix;
  }
}
