import { randomUUID } from 'node:crypto';
import type { Target } from '#shared/control/control.ts';
import { announcementName, undoName } from '#shared/finding/announcement.ts';
import { finalStatuses, type Status } from '#shared/finding/finding.ts';
import type { Message, Waits } from '#shared/finding/message.ts';
import { WAKE_SECONDS } from '#shared/finding/names.ts';
import { type CaseState, type FindingRow, isBare } from '#shared/ledger/ledger.ts';
import { delayOf } from './backoff.ts';
import { asksAgain, compose, isForLater, isSaidAgain, stateToReport } from './compose.ts';
import { copyFor } from './copies.ts';
import { meaningOf } from './meaning.ts';
import { awsAnswered, isEarly } from './patience.ts';
import { withRetry } from './retry.ts';
import { answered, closed, done, exemptionOrdered, isFinal, lookDone, lookPlanned, meantNow, reminded, reported } from './state.ts';
import { type CaseDeps, type Decision, type EngineDeps, idOf, type Job, occasionOf, type Report, type Run } from './types.ts';

/** A decision that ends this invocation's work on the case. */
export type Ending = Report | Extract<Decision, { is: 'drop' }>;

/** Writes the finding, announces it, and only then closes the case or puts its message back; false hands the messages back. */
export async function finish(run: Run, ending: Ending, deps: CaseDeps): Promise<boolean> {
  const { control, target, jobs } = run;
  const isQuiet = ending.is === 'wait' && ending.reportsTo === 'nobody' && !run.state.finding;
  if (ending.is !== 'drop' && !isQuiet) await publish(run, withRetry(run, ending, deps.maxReceives), deps);
  if (ending.is === 'wait') await waitFor(run, ending.seconds, deps);
  else {
    const later = jobs.filter((job) => !isSettled(job, run, ending));
    // a repeat of a sweep that had nothing to report looks again in vain: to remember each would grow what is kept by every hour
    const isForgotten = ({ occasion }: Job) => ending.is === 'drop' && occasion.is === 'sweep';
    const ended = jobs.filter((job) => !later.includes(job) && !isForgotten(job)).map(idOf);
    // a copy that comes late must not open again what was ended on behalf of its event
    const { openedBy, events } = (ending.is === 'close' && isFinal(ending) && run.state.finding) || {};
    const covered = openedBy ? [openedBy.id, ...(events ?? [])] : [];
    run.state = lookDone(ending.is === 'close' ? closed(run.state, ending, deps.now()) : run.state);
    if (later.length > 0) await lookAgain(later, withHint(run), 1, deps, { waits: {} });
    const isDone = ending.is !== 'close' || ending.leaves === undefined;
    if (isDone && ended.length + covered.length > 0) run.state = done(run.state, [...ended, ...covered], deps.now());
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
  const warning = { is: 'wait', seconds: 0, found: fix.wrong, reason, reportsTo: 'everybody' } as const;
  const now = deps.now();
  run.state = stateToReport(run, warning, deps.isSecret, now);
  const row = compose(run, warning, now, 'critical');
  const number = (run.state.finding?.announced?.number ?? 0) + 1;
  const { id, status } = row.finding;
  const isUndo = fix.kind === 'undo' && fix.order !== undefined;
  const announcement = isUndo ? undoName(id, fix.order.id, 'last-try') : announcementName(id, number, 'last-try');
  const finding = { ...row.finding, announcement };
  await deps.putOne({ ...row, finding });
  await deps.announceOne(finding);
  // it counts, so that whoever heard it hears the end too
  if (!isUndo && run.state.finding) run.state = reported(run.state, status);
}

/**
 * Has what a case's messages want come again later: every order, and one of the events, the one of what happened first. Where nobody
 * knows which of them are done, the last comes too: a repeat of the first may be dropped, and whoever is done with the last has
 * looked after all of them. A planned look stays what it is unless another is planned: no event that comes before its time plans one.
 */
export async function lookAgain(
  jobs: readonly Job[],
  target: Target,
  seconds: number,
  { enqueue, due, now }: Pick<EngineDeps, 'enqueue' | 'due' | 'now'>,
  { waits, look, mayBeDone }: { waits: Waits; look?: string; mayBeDone?: boolean },
): Promise<void> {
  const orders = jobs.filter(({ occasion }) => occasion.is === 'order');
  const events = jobs.filter(({ occasion }) => occasion.is !== 'order').toSorted((a, b) => timeOf(a) - timeOf(b));
  const looks = look === undefined ? events.filter(({ message }) => message.look !== undefined) : [];
  const wanted = eachOnce([...looks, ...(mayBeDone ? firstAndLast(events) : events.slice(0, 1))]);
  const bodies = [...orders, ...wanted].map(({ message, occasion }) => ({
    ...(occasion.is === 'order' ? message : { ...copyFor(message, [target]), ...(look && { look }) }),
    waits,
  }));
  const at = new Date(now().getTime() + seconds * 1000).toISOString();
  // an order stays on the queue, for whoever may write to the ledger must not give one by it
  const isDue = ({ order }: Message) => seconds > WAKE_SECONDS && order === undefined;
  const later = bodies.filter(isDue);
  const copies = bodies.filter((body) => !isDue(body));
  if (later.length > 0) await due.put(later.map((message) => ({ at, message })));
  if (copies.length > 0) await enqueue(copies.map((body) => ({ body, delaySeconds: delayOf(seconds) })));
}

/** Of events in the order of their time the first and the last; of several in the last second, which CloudTrail does not tell apart, each. */
function firstAndLast(events: readonly Job[]): readonly Job[] {
  const last = events.at(-1);
  return events.filter((job, n) => n === 0 || (last && timeOf(job) === timeOf(last)));
}

/** Each planned look, and each event that none of them is about. */
function eachOnce(events: readonly Job[]): readonly Job[] {
  const found = new Map<string, Job>();
  for (const job of events) {
    const isLookedAt = [...found.values()].some((other) => idOf(other) === idOf(job));
    if (job.message.look !== undefined) found.set(job.message.look, job);
    else if (!isLookedAt) found.set(idOf(job), job);
  }
  return [...found.values()];
}

function timeOf(job: Job): number {
  return Date.parse(occasionOf(job).event.time);
}

/** Looks again later, unless a copy is under way already that will look by then: else many events about one case would be as many loops. */
async function waitFor(run: Run, seconds: number, deps: CaseDeps): Promise<void> {
  const { state, jobs } = run;
  const now = deps.now();
  const due = now.getTime() + (seconds > WAKE_SECONDS ? seconds : delayOf(seconds)) * 1000;
  const isUnderWay = isEarly(run, now) && Date.parse(state.look?.at ?? '') <= due;
  const wanted = isUnderWay ? jobs.filter(({ occasion }) => occasion.is === 'order') : jobs;
  const look = wanted.some(({ occasion }) => occasion.is !== 'order') ? randomUUID() : undefined;
  if (wanted.length > 0) await lookAgain(wanted, withHint(run), seconds, deps, { waits: awsAnswered(run.waits), ...(look && { look }) });
  if (look) run.state = lookPlanned(state, { id: look, at: new Date(due).toISOString() });
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
  if (!isBare(state)) return state;
  const { control, resource, fixes, done } = state;
  return done && { control, resource, fixes, done };
}

async function publish(run: Run, report: Report, deps: CaseDeps): Promise<void> {
  const now = deps.now();
  const isFirst = !run.state.finding?.announced;
  const isOpen = run.state.finding !== undefined;
  // what came to another end, or could not be looked at, is not exempt behind anybody's back
  if (report.is === 'close' && report.exemption) run.state = exemptedBy(run);
  run.state = stateToReport(run, report, deps.isSecret, now);
  const row = compose(run, report, now);
  if (report.is === 'close' && (report.exemption || run.state.finding?.announced?.status === 'exempt'))
    await deps.ledger.keepExempt(run.control.id, run.target, report.exemption?.until);
  const isNews = hasNews(run, row, report);
  // else, after a crash, another message of the case would open a second finding, and nobody would close the first
  if (!isOpen && run.state.finding) await deps.ledger.open(run.state, row, deps.owner, deps.now());
  else await deps.putOne(row);
  const { order } = row.finding;
  // whoever gave the order asks for its answer at the finding that it named, even if another one is open by now
  if (order && run.row && run.row.finding.id !== row.finding.id)
    await deps.putOne({ ...run.row, finding: { ...run.row.finding, order: { ...order, says: row.finding.says } } });
  if (isNews) {
    await deps.announceOne(row.finding);
    run.state = heard(run, report, row.finding.status);
  }
  // what was announced and still holds says what it meant, also where a version before announced it
  const isKnown = isNews || (run.state.finding?.announced?.status === row.finding.status && row.finding.changed === undefined);
  if (isKnown && report.is !== 'answer') run.state = meantNow(run.state, meaningOf(run, report, row.finding.severity));
  deps.telemetry.log('info', row.finding.says, {
    finding: row.finding.id,
    control: run.control.id,
    resource: run.target.id,
    status: row.finding.status,
    isAnnounced: isNews,
  });
  if (isFirst && report.is !== 'answer' && row.finding.status !== 'skipped' && row.finding.status !== 'exempt')
    deps.telemetry.count(run.control.id, 'violations');
  if (report.is !== 'close') return;
  if (report.status === 'failed') deps.telemetry.count(run.control.id, 'failures');
  if (run.state.fix?.kind === 'fix' && finalStatuses.includes(report.status)) {
    deps.telemetry.count(run.control.id, 'fixes');
    deps.telemetry.secondsToFixed(run.control.id, (now.getTime() - Date.parse(row.finding.timings.eventTime)) / 1000);
  }
}

/** Whether subscribers have not heard this yet: another status or meaning, the end of an undo, or what is said again. */
function hasNews(run: Run, { finding }: FindingRow, report: Report): boolean {
  if (report.is === 'wait' && report.reportsTo !== 'everybody') return false;
  if (isSaidAgain(run, report)) return true;
  if (report.is === 'answer') return false;
  const isOther = run.state.finding?.announced?.status !== finding.status || finding.changed !== undefined;
  return run.state.fix?.kind === 'undo' || isOther;
}

/** The state that remembers what must not be announced twice. */
function heard({ state, order }: Run, report: Report, status: Status): CaseState {
  const afterAnswer = order && (order.isAnnounced || asksAgain(report)) ? answered(state, order.id) : state;
  if (report.is === 'answer') return afterAnswer;
  const isReminder = report.is === 'close' && report.exemption?.isEnding;
  const afterReminder = isReminder ? reminded(afterAnswer, report.exemption.until) : afterAnswer;
  return state.finding ? reported(afterReminder, status) : afterReminder;
}

function exemptedBy({ state, order }: Run): CaseState {
  if (order?.kind !== 'exempt' || !order.until) return state;
  return exemptionOrdered(state, { until: order.until, reason: order.reason ?? 'no reason given', owner: order.by, at: order.at });
}
