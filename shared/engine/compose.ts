import { actionOf } from '#shared/aws/actions.ts';
import type { Json, Plan, Severity } from '#shared/control/control.ts';
import {
  announcementName,
  answerName,
  type Finding,
  type FindingChange,
  finalStatuses,
  isAhead,
  type Outcome,
  type Status,
  type Story,
  saysOf,
  undoName,
} from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { outcomeIn } from '#shared/finding/outcome.ts';
import { eventOf } from '#shared/finding/upgrade.ts';
import type { FindingRow, OpenFinding } from '#shared/ledger/ledger.ts';
import { type Decision, findingId, isEvent, type Job, occasionOf, orderOf, type Run } from './types.ts';

/** A decision that says something about a finding. */
export type Telling = Extract<Decision, { is: 'answer' | 'close' | 'wait' }>;

/** Whether a tag's value looks like a secret, which goes no further. */
type IsSecret = (value: string) => boolean;

/** Opens the case's finding, or counts the messages that are new about it; a repeat, a copy and a sweep count nothing. */
export function openFinding(run: Run, now: Date, isSecret: IsSecret): OpenFinding {
  const { state, control, target } = run;
  const first = run.jobs.find(isEvent) ?? run.jobs[0];
  if (!first) throw new Error('a case without a message');
  const { actor, event } = occasionOf(first);
  const opened = state.finding ?? {
    id: findingId(run.place, control.id, target, event.id, event.time),
    openedBy: event,
    receivedAt: now.toISOString(),
    actor,
    events: [],
    count: 0,
  };
  const events = run.jobs.filter(isEvent).map((job) => occasionOf(job).event.id);
  const fresh = [...new Set(events)].filter((id) => !opened.events.includes(id));
  const count = Math.max(1, opened.count + fresh.length);
  const last = run.jobs.findLast(isNew(opened));
  state.finding = {
    ...opened,
    count,
    events: [...opened.events, ...fresh].slice(-100),
    actor: last ? occasionOf(last).actor : opened.actor,
    ...ownerOf(run, isSecret),
  };
  return state.finding;
}

/**
 * Whether subscribers hear it although they know the status: a reminder, or the answer to an order whose giver waits
 * for it to be announced; each once.
 */
export function isSaidAgain(run: Run, telling: Telling): boolean {
  if (telling.is === 'wait' && telling.isNews) return true;
  if (telling.is === 'close' && telling.exemption?.isEnding) return true;
  const order = orderOf(run)?.order;
  return order?.isAnnounced === true && run.state.answered !== order.id;
}

function isNew({ events }: OpenFinding): (job: Job) => boolean {
  return (job) => isEvent(job) && !events.includes(occasionOf(job).event.id);
}

/** Whether an order is looked at again once this ends: a fix that was under way is not what an undo asked for. */
export function isForLater({ kind }: Order, { state }: Run, telling: Telling): boolean {
  return kind === 'undo' && state.fix?.kind === 'fix' && telling.is === 'close' && telling.leaves === undefined;
}

function outcomeOf(order: Order, run: Run, telling: Telling): Outcome {
  if (telling.is === 'answer') return telling.outcome;
  if (telling.is === 'wait' || isForLater(order, run, telling)) return 'waiting';
  if (telling.reason?.code === 'gone' && telling.status === 'skipped') return 'nothing-to-do';
  // a person does the rest of what was sent
  if (telling.status === 'open' && run.state.fix && run.state.fix.sent.length > 0) return 'partly-done';
  return outcomeIn(telling.status, order.kind);
}

/** The finding as it stands now, with the state before and after a fix that `undo` needs. */
export function compose(run: Run, telling: Telling, isSecret: IsSecret, now: Date, severity: Severity = run.control.severity): FindingRow {
  const { state, control, place } = run;
  const row = state.fix?.kind === 'undo' ? (run.undoing ?? run.row) : run.row;
  const ordered = orderOf(run);
  const order = ordered && {
    order: {
      kind: ordered.order.kind,
      id: ordered.order.id,
      by: ordered.order.by,
      sender: ordered.sender ?? null,
      outcome: outcomeOf(ordered.order, run, telling),
      ...(telling.is === 'answer' && { says: telling.says }),
    },
  };
  if (telling.is === 'answer' || state.fix?.kind === 'undo') {
    if (!row) throw new Error(`the finding of ${control.id} on ${run.target.id} is not at hand`);
    if (telling.is === 'answer') {
      const announcement = ordered?.order.isAnnounced ? answerName(row.finding.id, ordered.order.id) : row.finding.announcement;
      return { ...row, finding: { ...row.finding, ...order, announcement } };
    }
    const status = telling.is === 'close' ? telling.status : 'open';
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
        severity,
        announcement: undoName(finding.id, state.fix?.order?.id ?? '', status),
        ...saying({ found: finding.found, now: telling.now ?? finding.now, ...(telling.reason && { reason: telling.reason }) }),
        changes,
        later: [],
        timings,
      },
    };
  }
  const opened = openFinding(run, now, isSecret);
  const found = telling.found ?? opened.found ?? null;
  if (found !== null) state.finding = { ...opened, found };
  const status = telling.is === 'close' ? telling.status : 'open';
  // what is neither sent nor waits to be is not announced
  const ahead = telling.is === 'close' && isAhead(status) ? telling.plan : undefined;
  const isNews = opened.announced?.status !== status || isSaidAgain(run, telling);
  const number = (opened.announced?.number ?? 0) + (isNews ? 1 : 0);
  const finding: Finding = {
    type: 'finding',
    schemaVersion: '2',
    id: opened.id,
    announcement: announcementName(opened.id, number, status),
    control: control.id,
    title: control.title,
    status,
    mode: run.mode,
    severity,
    account: place.account,
    region: place.region,
    resource: { type: run.target.type, id: run.target.id, arn: control.kind.arnOf(run.target.id, place) },
    actor: opened.actor,
    ...(opened.owner && { owner: opened.owner }),
    event: eventOf(opened.openedBy),
    count: opened.count,
    ...saying({ found, now: telling.now ?? null, ...(telling.reason && { reason: telling.reason }) }),
    changes: state.fix ? [...state.fix.sent] : changesOf(ahead),
    later: ahead?.later?.map(({ api, says }) => ({ api, says })) ?? [],
    ...(control.costs && (state.fix ? state.fix.sent.length > 0 : changesOf(ahead).length > 0) && { costs: control.costs }),
    advice: [...(telling.advice ?? [])],
    ...(!control.undo && { canUndo: false as const }),
    ...order,
    ...doneBy(run, status),
    ...(telling.is === 'close' && telling.exemption && { exemption: telling.exemption }),
    timings: { eventTime: opened.openedBy.time, receivedAt: opened.receivedAt, decidedAt: now.toISOString(), doneAt: doneAt(status, now) },
  };
  const current: Json | undefined = run.facts === undefined ? undefined : control.before(run.facts);
  const before: Json | undefined = state.fix?.before ?? current;
  return { finding, ...(before !== undefined && { before }), ...(state.fix && current !== undefined && { after: current }) };
}

function saying(story: Story): Story & Pick<Finding, 'says'> {
  return { ...story, says: saysOf(story) };
}

function ownerOf({ control, facts, live, ownerTag }: Run, isSecret: IsSecret): { owner?: string } {
  if (facts === undefined || ownerTag === undefined) return {};
  const tags = control.tags ? control.tags(facts) : live?.tags;
  const owner = tags?.find(({ Key }) => Key === ownerTag)?.Value;
  return owner && !isSecret(owner) ? { owner } : {};
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
