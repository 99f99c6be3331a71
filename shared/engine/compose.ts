import { actionOf } from '#shared/aws/actions.ts';
import { withFinding } from '#shared/control/command.ts';
import type { Json, Plan, Severity } from '#shared/control/control.ts';
import { announcementName, answerName, undoName } from '#shared/finding/announcement.ts';
import {
  type Finding,
  type FindingChange,
  finalStatuses,
  isAhead,
  type Outcome,
  type Status,
  type Story,
  saysOf,
} from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { outcomeIn } from '#shared/finding/outcome.ts';
import { eventOf } from '#shared/finding/upgrade.ts';
import type { CaseState, FindingRow } from '#shared/ledger/ledger.ts';
import { planDigest, planPartsOf } from './approval.ts';
import { changedIn, meaningOf } from './meaning.ts';
import { counted, findingOf, foundWrong, opened, ownerSeen } from './state.ts';
import { findingId, isEvent, occasionOf, type Report, type Run } from './types.ts';

/** Whether a tag's value looks like a secret, which goes no further. */
type IsSecret = (value: string) => boolean;

/** The state with the finding open, and with what is new about it counted; a repeat, a copy and a sweep count nothing. */
export function openFinding(run: Run, isSecret: IsSecret, now: Date): CaseState {
  const first = run.jobs.find(isEvent) ?? run.jobs[0];
  if (!first) throw new Error('a case without a message');
  const { actor, event } = occasionOf(first);
  const id = findingId(run.place, run.control.id, run.target, event.id, event.time);
  const state = opened(run.state, { id, openedBy: event, receivedAt: now.toISOString(), actor });
  const events = run.jobs.filter(isEvent).map((job) => ({ id: occasionOf(job).event.id, actor: occasionOf(job).actor }));
  return ownerSeen(counted(state, events), ownerOf(run, isSecret));
}

/** The state in which this can be reported: an answer to an order and an undo open no finding. */
export function stateToReport(run: Run, report: Report, isSecret: IsSecret, now: Date): CaseState {
  if (report.is === 'answer' || run.state.fix?.kind === 'undo') return run.state;
  return foundWrong(openFinding(run, isSecret, now), report.found, report.risk, report.severity);
}

/** Whether an order was of another plan, so that a person is asked again. */
export function asksAgain(report: Report): boolean {
  return report.is === 'close' && report.reason?.code === 'plan-changed';
}

/**
 * Whether subscribers hear it although they know the status: a reminder, or the answer to an order whose giver waits
 * for it to be announced; each once.
 */
export function isSaidAgain(run: Run, report: Report): boolean {
  if (report.is === 'wait' && report.isNews) return true;
  if (report.is === 'close' && report.exemption?.isEnding) return true;
  return (run.order?.isAnnounced === true || asksAgain(report)) && run.state.answered !== run.order?.id;
}

/** Whether an order is looked at again once this ends: a fix that was under way is not what an undo asked for. */
export function isForLater({ kind }: Order, { state }: Run, report: Report): boolean {
  return kind === 'undo' && state.fix?.kind === 'fix' && report.is === 'close' && report.leaves === undefined;
}

function outcomeOf(order: Order, run: Run, report: Report): Outcome {
  if (report.is === 'answer') return report.outcome;
  if (report.is === 'wait' || isForLater(order, run, report)) return 'waiting';
  if (report.reason?.code === 'gone' && report.status === 'skipped') return 'nothing-to-do';
  // a person does the rest of what was sent
  if (report.status === 'open' && run.state.fix && run.state.fix.sent.length > 0) return 'partly-done';
  return outcomeIn(report.status, order.kind);
}

/** The finding as it stands now, with the state before and after a fix that `undo` needs; `stateToReport` comes first. */
export function compose(run: Run, report: Report, now: Date, given?: Severity): FindingRow {
  const { state, control, place } = run;
  const severity = given ?? state.finding?.severity ?? control.severity;
  const row = state.fix?.kind === 'undo' ? (run.undoing ?? run.row) : run.row;
  const order = run.order && {
    order: {
      kind: run.order.kind,
      id: run.order.id,
      by: run.order.by,
      sender: run.sender ?? null,
      outcome: outcomeOf(run.order, run, report),
      ...(report.is === 'answer' && { says: report.says }),
    },
  };
  if (report.is === 'answer' || state.fix?.kind === 'undo') {
    if (!row) throw new Error(`the finding of ${control.id} on ${run.target.id} is not at hand`);
    if (report.is === 'answer') {
      const announcement = run.order?.isAnnounced ? answerName(row.finding.id, run.order.id) : row.finding.announcement;
      return { ...row, finding: { ...row.finding, ...order, announcement } };
    }
    const status = report.is === 'close' ? report.status : 'open';
    const { isFailedUndo: _failed, reason: _reason, ...finding } = row.finding;
    const fixedBy = row.fixedBy ?? finding.changes;
    const changes = [...fixedBy, ...(state.fix?.sent ?? [])];
    const timings = { ...finding.timings, decidedAt: now.toISOString(), doneAt: doneAt(status, now) };
    return {
      ...row,
      fixedBy,
      finding: {
        ...finding,
        ...order,
        ...doneBy(run, status),
        ...(status === 'failed' && { isFailedUndo: true as const }),
        status,
        severity: given ?? finding.severity,
        announcement: undoName(finding.id, state.fix?.order?.id ?? '', status),
        ...saying({ found: finding.found, now: report.now ?? finding.now, ...(report.reason && { reason: report.reason }) }),
        changes,
        later: [],
        timings,
      },
    };
  }
  const open = findingOf(state);
  const status = report.is === 'close' ? report.status : 'open';
  // what is neither sent nor waits to be is not announced
  const ahead = report.is === 'close' && isAhead(status) ? report.plan : undefined;
  const parts = ahead && ahead.changes.length > 0 ? planPartsOf(ahead) : undefined;
  const isSame = open.announced?.status === status;
  const changed = isSame ? changedIn(open.announced.meaning, meaningOf(run, report, severity)) : [];
  const isNews = !isSame || changed.length > 0 || isSaidAgain(run, report);
  const number = (open.announced?.number ?? 0) + (isNews ? 1 : 0);
  const finding: Finding = {
    type: 'finding',
    schemaVersion: '2',
    id: open.id,
    announcement: announcementName(open.id, number, status),
    control: control.id,
    title: control.title,
    status,
    mode: run.mode,
    severity,
    account: place.account,
    region: place.region,
    resource: { type: run.target.type, id: run.target.id, arn: control.kind.arnOf(run.target.id, place) },
    actor: open.actor,
    ...(open.owner && { owner: open.owner }),
    event: eventOf(open.openedBy),
    count: open.count,
    ...saying({ found: open.found ?? null, now: report.now ?? null, ...(report.reason && { reason: report.reason }) }),
    changes: ahead && !state.fix ? changesOf(ahead) : [...(open.sent ?? []), ...(state.fix?.sent ?? [])],
    ...(parts && { plan: planDigest(parts) }),
    later: ahead?.later?.map(({ api, says }) => ({ api, says })) ?? [],
    ...(control.costs && (state.fix ? state.fix.sent.length > 0 : changesOf(ahead).length > 0) && { costs: control.costs }),
    advice: (report.advice ?? []).map((one) => ({ ...one, says: withFinding(one.says, open.id) })),
    ...(!control.undo && { canUndo: false as const }),
    ...order,
    ...doneBy(run, status),
    ...(report.is === 'close' && report.exemption && { exemption: report.exemption }),
    ...(changed.length > 0 && { changed }),
    timings: { eventTime: open.openedBy.time, receivedAt: open.receivedAt, decidedAt: now.toISOString(), doneAt: doneAt(status, now) },
  };
  const current: Json | undefined = run.facts === undefined ? undefined : control.before(run.facts);
  const before: Json | undefined = state.fix?.before ?? current;
  return {
    finding,
    ...(parts && { plan: parts }),
    ...(before !== undefined && { before }),
    ...(state.fix && current !== undefined && { after: current }),
  };
}

function saying(story: Story): Story & Pick<Finding, 'says'> {
  return { ...story, says: saysOf(story) };
}

function ownerOf({ control, facts, live, ownerTag }: Run, isSecret: IsSecret): string | undefined {
  if (facts === undefined || ownerTag === undefined) return undefined;
  const tags = control.tags ? control.tags(facts) : live?.tags;
  const owner = tags?.find(({ Key }) => Key === ownerTag)?.Value;
  return owner && !isSecret(owner) ? owner : undefined;
}

/** What a plan would send, as a finding shows it. */
export function changesOf(plan: Plan | undefined): FindingChange[] {
  return (plan?.changes ?? []).map(({ command, says }) => ({ api: actionOf(command), says }));
}

function doneBy({ state }: Run, status: Status): Pick<Finding, 'doneBy'> {
  const order = finalStatuses.includes(status) ? state.fix?.order : undefined;
  return order ? { doneBy: order.by } : {};
}

function doneAt(status: Status, now: Date): string | null {
  return finalStatuses.includes(status) || status === 'exempt' || status === 'skipped' ? now.toISOString() : null;
}
