import { adviceText } from '#shared/control/iac.ts';
import { plain } from '#shared/finding/text.ts';
import { AT_THE_SOURCE, factText, PREVENT, TO_DO, type View, WHY } from '#shared/finding/view.ts';
import { changeLines, paintStatus } from './draw.ts';
import type { Terminal } from './terminal.ts';
import { ago } from './times.ts';

type Paint = Terminal['paint'];

/** One finding in full, for a person: what the alerts show too, and then what only somebody who looks closer wants. */
export function describe(view: View, paint: Paint, now: Date): string[] {
  const { finding, headline, story, facts, changes, advice, next, why, source, prevention, page, links } = view;
  const steps = [...advice.map(adviceText), ...next.map(({ says, command }) => `${says}: ${command}`)];
  return [
    `${paintStatus(finding.status, paint)}  ${paint.bold(plain(headline))}`,
    ...story.map(plain),
    '',
    ...facts.map((fact) => row(fact.name, factText(fact), paint)),
    ...section(changes.title, changeLines(changes.entries, paint), paint),
    ...section(TO_DO, bullets(steps), paint),
    ...section(WHY, why ? [`  ${why}`] : [], paint),
    ...section(AT_THE_SOURCE, bullets(source.map(adviceText)), paint),
    ...section(PREVENT, prevention ? [`  ${prevention}`] : [], paint),
    ...section('Look at it', bullets([...(page ? [page] : []), ...links].map(({ text, url }) => `${text}: ${url}`)), paint),
    ...section('In detail', detailsOf(view, paint, now), paint),
  ];
}

function detailsOf({ finding }: View, paint: Paint, now: Date): string[] {
  const { id, control, title, mode, resource, actor, event, timings, order } = finding;
  const time = (iso: string) => `${iso} (${ago(iso, now)} ago)`;
  const after = (iso: string) => `${time(iso)}, ${secondsFrom(event.time, iso)} after the event`;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Finding', id],
    ['Control', `${control} (${title}), mode ${mode}`],
    ['ARN', resource.arn],
    ['Actor', actor.arn],
    ['Event', `${event.id} at ${time(event.time)}`],
    ['Seen', after(timings.receivedAt)],
    timings.doneAt ? ['Closed', after(timings.doneAt)] : ['Decided', timings.decidedAt && time(timings.decidedAt)],
    ['Order', order ? `${order.id} (${order.outcome}) by ${order.by}${order.sender ? `, sent by ${order.sender}` : ''}` : null],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [row(name, value, paint)]));
}

function row(name: string, value: string, paint: Paint): string {
  return `${paint.dim(name.padEnd(10))} ${plain(value)}`;
}

function bullets(texts: readonly string[]): string[] {
  return texts.map((text) => `  - ${plain(text)}`);
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
}

function secondsFrom(start: string, end: string): string {
  return `${Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000).toFixed(1)} s`;
}
