import type { Severity } from '#shared/control/types.ts';
import { type Finding, type Status, unsettledStatuses } from '#shared/finding/finding.ts';

/** What a report is of. */
export interface ReportOf {
  readonly since: Date;
  readonly until: Date;
  /** The latest state of each finding that was opened in between. */
  readonly findings: readonly Finding[];
}

/** How many findings of a status or group there are. */
interface Counts {
  readonly fixed: number;
  readonly waiting: number;
  readonly exempt: number;
  readonly failed: number;
  /** The rest: skipped, undone, closed. */
  readonly ended: number;
}

/** What a status counts as. */
export type Group = keyof Counts;

/** The findings of one control. */
interface ControlReport extends Counts {
  readonly control: string;
  readonly title: string;
  readonly severity: Severity;
  readonly all: number;
}

/** A finding that waits for a person, or for its time. */
interface Waiting {
  readonly id: string;
  readonly control: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly resource: string;
  readonly by: string;
  /** When the call was made, ISO 8601. */
  readonly since: string;
}

/** A resource that is exempt. */
interface Exempt {
  readonly id: string;
  readonly control: string;
  readonly resource: string;
  readonly until: string;
  readonly owner: string;
  readonly reason: string;
}

/** How long something took, in seconds; null of nothing. */
export interface Spans {
  readonly count: number;
  readonly median: number | null;
  readonly p95: number | null;
}

/** Who or what made how many findings. */
export interface Maker {
  readonly name: string;
  readonly findings: number;
}

/** What Redress did in a time, as tables and pages show it. */
export interface ReportData {
  readonly since: string;
  readonly until: string;
  readonly all: number;
  readonly counts: Counts;
  /** Those with most findings first. */
  readonly controls: readonly ControlReport[];
  /** The most severe first, then the oldest. */
  readonly waiting: readonly Waiting[];
  /** Those that end first, first. */
  readonly exempt: readonly Exempt[];
  /** From the call to the end of the fix: where nobody was asked, and where a person ordered it. */
  readonly toFixed: { readonly alone: Spans; readonly ordered: Spans };
  readonly people: readonly Maker[];
  /** The stacks that findings name as what manages their resource. */
  readonly stacks: readonly Maker[];
  /** One entry a UTC day, oldest first, days without findings among them. */
  readonly days: readonly { readonly day: string; readonly found: number; readonly fixed: number }[];
}

/** So many makers are named. */
const NAMED = 10;
const DAY_MS = 86_400_000;
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What Redress did in a time, from its findings alone. */
export function reportData({ since, until, findings }: ReportOf): ReportData {
  const fixed = findings.filter(({ status }) => groupOf(status) === 'fixed');
  const timed = fixed.filter(({ event, timings }) => event.is === 'call' && timings.doneAt !== null);
  const days = Map.groupBy(findings, ({ event }) => event.time.slice(0, 10));
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    all: findings.length,
    counts: countsOf(findings),
    controls: [...Map.groupBy(findings, ({ control }) => control)].flatMap(([, some]) => controlReport(some)).sort((a, b) => b.all - a.all),
    waiting: findings
      .filter(({ status }) => groupOf(status) === 'waiting')
      .map(waitingOf)
      .sort(bySeverity),
    exempt: findings.flatMap(exemptOf).sort((a, b) => a.until.localeCompare(b.until)),
    toFixed: {
      alone: spansOf(timed.filter(({ doneBy }) => doneBy === undefined)),
      ordered: spansOf(timed.filter(({ doneBy }) => doneBy !== undefined)),
    },
    people: makersOf(findings.map(({ actor }) => actor.name)),
    stacks: makersOf(findings.flatMap(({ reason }) => stackIn(reason?.says) ?? [])),
    days: daysOf(since, until).map((day) => ({
      day,
      found: days.get(day)?.length ?? 0,
      fixed: days.get(day)?.filter(({ status }) => groupOf(status) === 'fixed').length ?? 0,
    })),
  };
}

/** What a status counts as. */
export function groupOf(status: Status): Group {
  if (status === 'fixed' || status === 'superseded') return 'fixed';
  if (status === 'exempt' || status === 'failed') return status;
  return unsettledStatuses.includes(status) ? 'waiting' : 'ended';
}

function countsOf(findings: readonly Finding[]): Counts {
  const count = (group: keyof Counts) => findings.filter(({ status }) => groupOf(status) === group).length;
  return { fixed: count('fixed'), waiting: count('waiting'), exempt: count('exempt'), failed: count('failed'), ended: count('ended') };
}

function controlReport(findings: readonly Finding[]): ControlReport[] {
  const [first] = findings;
  if (!first) return [];
  // a finding may matter more or less than others of its control
  const severity = severities.find((one) => findings.some((finding) => finding.severity === one)) ?? first.severity;
  return [{ control: first.control, title: first.title, severity, all: findings.length, ...countsOf(findings) }];
}

function waitingOf({ id, control, severity, status, resource, actor, event }: Finding): Waiting {
  return { id, control, severity, status, resource: resource.id, by: actor.name, since: event.time };
}

function bySeverity(a: Waiting, b: Waiting): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.since.localeCompare(b.since);
}

function exemptOf({ id, control, resource, status, exemption }: Finding): Exempt[] {
  if (status !== 'exempt' || !exemption) return [];
  const { until, owner, reason } = exemption;
  return [{ id, control, resource: resource.id, until, owner, reason }];
}

/** By the nearest rank, which is a time that was really taken. */
function spansOf(findings: readonly Finding[]): Spans {
  const seconds = findings
    .map(({ timings }) => (Date.parse(timings.doneAt ?? '') - Date.parse(timings.eventTime)) / 1000)
    .filter((one) => one >= 0)
    .sort((a, b) => a - b);
  const rank = (part: number) => seconds[Math.max(0, Math.ceil(part * seconds.length) - 1)] ?? null;
  return { count: seconds.length, median: rank(0.5), p95: rank(0.95) };
}

function makersOf(names: readonly string[]): Maker[] {
  const counted = [...Map.groupBy(names, (name) => name)].map(([name, all]) => ({ name, findings: all.length }));
  return counted.sort((a, b) => b.findings - a.findings || a.name.localeCompare(b.name)).slice(0, NAMED);
}

/** The stack that the sentence of a reason names: findings have it as words alone. */
function stackIn(says = ''): string | undefined {
  return /(?:CloudFormation stack |\(stack )([A-Za-z][A-Za-z0-9-]*)/.exec(says)?.[1];
}

function daysOf(since: Date, until: Date): string[] {
  const first = Date.parse(`${since.toISOString().slice(0, 10)}T00:00:00Z`);
  const count = Math.floor((until.getTime() - first) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
