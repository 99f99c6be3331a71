import { actionOf } from '#shared/aws/actions.ts';
import type { Json, Place, Plan, Severity } from '#shared/control/control.ts';
import { detectInValue } from '#shared/detect/index.ts';
import {
  announcementName,
  answerName,
  type Finding,
  type FindingChange,
  finalStatuses,
  isAhead,
  type Status,
  undoName,
} from '#shared/finding/finding.ts';
import type { FindingRow, OpenFinding } from '#shared/ledger/ledger.ts';
import { type Decision, findingId, isEvent, type Job, occasionOf, orderOf, type Run } from './types.ts';

/** A decision that says something about a finding. */
export type Telling = Extract<Decision, { is: 'answer' | 'close' | 'wait' }>;

/** Opens the case's finding, or counts the messages that are new about it; a repeat, a copy and a sweep count nothing. */
export function openFinding(run: Run, now: Date): OpenFinding {
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
    ...ownerOf(run),
  };
  return state.finding;
}

/**
 * Whether subscribers are told although they know the status: a reminder, or the answer to an order whose giver waits
 * for it to be announced; each once.
 */
export function isSaidAnew(run: Run, telling: Telling): boolean {
  if (telling.is === 'wait' && telling.isNews) return true;
  if (telling.is === 'close' && telling.exemption?.isEnding) return true;
  const order = orderOf(run)?.order;
  return order?.isAnnounced === true && run.state.answered !== order.id;
}

function isNew({ events }: OpenFinding): (job: Job) => boolean {
  return (job) => isEvent(job) && !events.includes(occasionOf(job).event.id);
}

/** The finding as it is told now, with the state before and after that `undo` needs. */
export function compose(run: Run, telling: Telling, place: Place, now: Date, severity: Severity = run.control.severity): FindingRow {
  const { state, control } = run;
  const row = state.fix?.kind === 'undo' ? (run.undoing ?? run.row) : run.row;
  const ordered = orderOf(run);
  const order = ordered && {
    order: { kind: ordered.order.kind, id: ordered.order.id, by: ordered.order.by, sender: ordered.sender ?? null, says: telling.says },
  };
  if (telling.is === 'answer' || state.fix?.kind === 'undo') {
    if (!row) throw new Error(`the finding of ${control.id} on ${run.target.id} is not at hand`);
    if (telling.is === 'answer') {
      const announcement = ordered?.order.isAnnounced ? answerName(row.finding.id, ordered.order.id) : row.finding.announcement;
      return { ...row, finding: { ...row.finding, ...order, announcement } };
    }
    const status = telling.is === 'close' ? telling.status : 'open';
    const { isFailedUndo: _, ...finding } = row.finding;
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
        says: telling.says,
        changes,
        later: [],
        timings,
      },
    };
  }
  const opened = openFinding(run, now);
  const status = telling.is === 'close' ? telling.status : 'open';
  // what is neither sent nor waits to be is not announced
  const ahead = telling.is === 'close' && isAhead(status) ? telling.plan : undefined;
  const isNews = opened.announced?.status !== status || isSaidAnew(run, telling);
  const number = (opened.announced?.number ?? 0) + (isNews ? 1 : 0);
  const finding: Finding = {
    type: 'finding',
    schemaVersion: '1',
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
    event: opened.openedBy,
    count: opened.count,
    says: telling.says,
    changes: state.fix ? [...state.fix.sent] : changesOf(ahead),
    later: ahead?.later?.map(({ api, says }) => ({ api, says })) ?? [],
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

function ownerOf({ control, facts, live, ownerTag }: Run): { owner?: string } {
  if (facts === undefined || ownerTag === undefined) return {};
  const tags = control.tags ? control.tags(facts) : live?.tags;
  const owner = tags?.find(({ Key }) => Key === ownerTag)?.Value;
  // a secret that somebody put into that tag goes no further
  const isSecret = owner !== undefined && detectInValue(owner).some(({ kind }) => kind === 'secret');
  return owner && !isSecret ? { owner } : {};
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
