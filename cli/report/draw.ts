import { plain } from '#shared/finding/text.ts';
import { paintSeverity, paintStatus, table } from '../draw.ts';
import type { Terminal } from '../terminal.ts';
import { ago } from '../times.ts';
import type { ReportCost } from './cost.ts';
import type { Maker, ReportData, Spans } from './data.ts';

/** So many of what waits or is exempt are shown. */
const SHOWN = 20;

/** Draws a report for a person. */
export function draw(data: ReportData, cost: ReportCost, now: Date, terminal: Terminal): void {
  const { paint } = terminal;
  const { counts, controls, waiting, exempt, toFixed } = data;
  const section = (title: string, heads: readonly string[], rows: readonly (readonly string[])[]) => {
    if (rows.length === 0) return;
    terminal.out('');
    terminal.out(paint.bold(title));
    terminal.out(table(heads, rows.slice(0, SHOWN), terminal));
    if (rows.length > SHOWN) terminal.out(paint.dim(`and ${rows.length - SHOWN} more; --json has all`));
  };
  terminal.out(
    `${paint.bold(`${data.all} findings`)} since ${data.since.slice(0, 10)}: ${counts.fixed} fixed, ${counts.waiting} waiting, ${counts.exempt} exempt, ${counts.failed} failed, ${counts.ended} ended without a fix.`,
  );
  terminal.out(`From the call to fixed: ${spans(toFixed.alone)}; where a person ordered it ${spans(toFixed.ordered)}.`);
  section(
    'Controls',
    ['CONTROL', 'SEVERITY', 'FINDINGS', 'FIXED', 'WAITING', 'EXEMPT', 'FAILED'],
    controls.map(({ control, severity, ...one }) => [
      control,
      paintSeverity(severity, paint),
      ...[one.all, one.fixed, one.waiting, one.exempt, one.failed].map(String),
    ]),
  );
  section(
    'Waiting',
    ['FINDING', 'AGE', 'SEVERITY', 'STATUS', 'CONTROL', 'RESOURCE', 'BY'],
    waiting.map((one) => [
      one.id,
      ago(one.since, now),
      paintSeverity(one.severity, paint),
      paintStatus(one.status, paint),
      one.control,
      plain(one.resource),
      plain(one.by),
    ]),
  );
  section(
    'Exempt',
    ['UNTIL', 'CONTROL', 'RESOURCE', 'BY', 'REASON'],
    exempt.map((one) => [plain(one.until), one.control, plain(one.resource), plain(one.owner), plain(one.reason)]),
  );
  section('Who made most', ['BY', 'FINDINGS'], data.people.map(maker));
  section('Stacks that made most', ['STACK', 'FINDINGS'], data.stacks.map(maker));
  terminal.out('');
  terminal.out(costLine(cost));
}

/** How long fixes took, as a sentence goes on. */
export function spans({ count, median, p95 }: Spans): string {
  return median === null || p95 === null ? 'none' : `median ${seconds(median)}, 95 % within ${seconds(p95)}, of ${count}`;
}

function seconds(count: number): string {
  if (count < 120) return `${count.toFixed(1)} s`;
  return count < 7200 ? `${Math.round(count / 60)} min` : `${Math.round(count / 3600)} h`;
}

function maker({ name, findings }: Maker): string[] {
  return [plain(name), String(findings)];
}

/** What Redress cost, in a sentence. */
export function costLine({ idle, findings: { atLeast, atMost } }: ReportCost): string {
  const most = atMost < 0.01 ? 'less than 0.01' : `${atLeast.toFixed(2)} to ${atMost.toFixed(2)}`;
  return `At list prices about ${idle.toFixed(2)} USD for being there, and ${most} USD for the findings; events about what was right are not counted.`;
}
