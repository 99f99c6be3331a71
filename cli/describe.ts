import { type Finding, isAhead } from '#shared/finding/finding.ts';
import { nextSteps } from '#shared/finding/next-steps.ts';
import { plain } from '#shared/finding/text.ts';
import { changeLines, paintSeverity, paintStatus } from './draw.ts';
import type { Terminal } from './terminal.ts';
import { ago } from './times.ts';

type Paint = Terminal['paint'];

/** One finding in full, for a person: what is wrong, who did it, what was or would be done, and what can be done now. */
export function describe(finding: Finding, paint: Paint, now: Date): string[] {
  const { resource, actor, event, timings, order } = finding;
  const row = (name: string, value: string) => `${paint.dim(name.padEnd(10))} ${value}`;
  const isPlanned = isAhead(finding.status);
  const time = (iso: string) => `${plain(iso)} (${ago(iso, now)} ago)`;
  return [
    `${paintStatus(finding.status, paint)}  ${paint.bold(plain(finding.title))}`,
    plain(finding.says),
    '',
    row('Finding', plain(finding.id)),
    row('Control', `${plain(finding.control)}, mode ${finding.mode}, severity ${paintSeverity(finding.severity, paint)}`),
    row('Resource', `${plain(resource.type)} ${plain(resource.id)}`),
    row('', plain(resource.arn)),
    row('Place', `${plain(finding.account)} ${plain(finding.region)}`),
    row('Made by', `${plain(actor.name)} with ${plain(actor.via)}${actor.sourceIp ? ` from ${plain(actor.sourceIp)}` : ''}`),
    ...(actor.arn && actor.arn !== actor.name ? [row('', plain(actor.arn))] : []),
    row('Event', `${plain(event.name)}${finding.count > 1 ? `, ${finding.count} times` : ''}`),
    row('', `${plain(event.id)} at ${time(event.time)}`),
    row('Seen', `${time(timings.receivedAt)}, ${secondsFrom(event.time, timings.receivedAt)} after the event`),
    ...(timings.doneAt
      ? [row('Closed', `${time(timings.doneAt)}, ${secondsFrom(event.time, timings.doneAt)} after the event`)]
      : timings.decidedAt
        ? [row('Decided', time(timings.decidedAt))]
        : []),
    ...section(isPlanned ? 'What Redress would do' : 'What Redress did', changeLines(finding.changes, paint), paint),
    ...section(isPlanned || finding.changes.length === 0 ? 'And then' : 'And after that', changeLines(finding.later, paint), paint),
    ...(order
      ? section(
          'Last order',
          [
            `  ${order.kind} by ${plain(order.by)}`,
            ...(order.says === finding.says ? [] : [`  ${plain(order.says)}`]),
            paint.dim(`  ${plain(order.id)}${order.sender ? `, sent by ${plain(order.sender)}` : ''}`),
          ],
          paint,
        )
      : []),
    ...section(
      'What you can do',
      [...finding.advice, ...nextSteps(finding).map(({ says, command }) => `${says}: ${command}`)].map((says) => `  - ${plain(says)}`),
      paint,
    ),
  ];
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
}

function secondsFrom(start: string, end: string): string {
  return `${Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000).toFixed(1)} s`;
}
