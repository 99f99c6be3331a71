import { adviceText } from '#shared/control/iac.ts';
import { commandText } from '#shared/finding/next-steps.ts';
import { cut, plain } from '#shared/finding/text.ts';
import { AT_THE_SOURCE, factText, PREVENT, TO_DO, type View, WHY } from '#shared/finding/view.ts';

/** A finding as an SNS message: a subject that fits AWS's limits, and text that a person reads in an e-mail. */
export interface TextAlert {
  /** Printable ASCII, at most 100 characters, as SNS asks of a subject. */
  readonly subject: string;
  readonly text: string;
}

/** How much of one text from a record an e-mail shows; all of it is in the ledger. */
const MOST = 2000;

/** Draws a finding as plain text; what comes from records keeps to its own line and cannot start a new one. */
export function textAlert(view: View): TextAlert {
  const { finding, title, changes, advice, next, source, page, links } = view;
  const { account, region } = finding;
  const lines = [
    ...view.story.map(line),
    '',
    ...view.facts.flatMap((fact) => row(fact.name, factText(fact))),
    ...list(
      changes.title,
      changes.entries.map(({ api, says }) => `${says} (${api})`),
    ),
    ...list(TO_DO, [...advice.map(adviceText), ...next.map(commandText)]),
    ...list(WHY, view.why ? [view.why] : []),
    ...list(AT_THE_SOURCE, source.map(adviceText)),
    ...list(PREVENT, view.prevention ? [view.prevention] : []),
    ...list(
      'Look at it',
      [...(page ? [page] : []), ...links].map(({ text, url }) => `${text}: ${url}`),
    ),
    '',
    ...row('Finding', finding.id),
    ...row('Control', finding.control),
  ];
  return { subject: subjectOf(`${title} in ${account} ${region}`), text: lines.join('\n') };
}

function row(name: string, value: string): string[] {
  return [`${`${name}:`.padEnd(10)} ${line(value)}`];
}

function list(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', `${title}:`, ...entries.map((says) => `- ${line(says)}`)];
}

function line(text: string): string {
  const one = plain(text);
  return cut(one, MOST, `… (${one.length - MOST} more characters)`);
}

function subjectOf(text: string): string {
  const ascii = plain(text).replace(/[^\x20-\x7e]/g, '?');
  return cut(ascii, 100, '...');
}
