import { type Finding, isUndoable } from '../../shared/finding.ts';
import { plain } from '../../shared/text.ts';

/** A finding as an SNS message: a subject that fits AWS's limits, and text that a person reads in an e-mail. */
export interface TextAlert {
  /** Printable ASCII, at most 100 characters, as SNS asks of a subject. */
  readonly subject: string;
  readonly text: string;
}

const heads: { readonly [status in Finding['status']]: string } = {
  open: 'Needs you',
  'would-fix': 'Would fix',
  'awaiting-approval': 'Waits for your approval',
  fixed: 'Fixed',
  superseded: 'Replaced',
  exempt: 'Exempt',
  failed: 'Failed to fix',
  skipped: 'Left alone',
  undone: 'Undone',
};

/** Draws a finding as plain text; what comes from records keeps to its own line and cannot start a new one. */
export function textAlert(finding: Finding): TextAlert {
  const { resource, actor, timings } = finding;
  const head = `${heads[finding.status]}: ${finding.title}`;
  const place = `${finding.account} ${finding.region}`;
  const seconds = timings.doneAt ? Math.max(0, Math.round((Date.parse(timings.doneAt) - Date.parse(timings.eventTime)) / 1000)) : undefined;
  const lines = [
    plain(finding.says),
    '',
    ...row('Resource', `${resource.type} ${resource.id}`),
    ...row('Account', place),
    ...row('Made by', `${actor.name} with ${actor.via}${actor.sourceIp ? ` from ${actor.sourceIp}` : ''}`),
    ...row('Event', `${finding.event.name} at ${finding.event.time}${finding.count > 1 ? `, ${finding.count} times` : ''}`),
    ...row('Severity', finding.severity),
    ...(seconds === undefined ? [] : row('Took', `${seconds} s from the event`)),
    ...list(finding.status === 'would-fix' || finding.status === 'awaiting-approval' ? 'What Redress would do' : 'What Redress did', [
      ...finding.changes,
      ...finding.later,
    ]),
    ...list('What you can do', [...finding.advice.map((says) => ({ says })), ...nextSteps(finding).map((says) => ({ says }))]),
    '',
    ...row('Finding', finding.id),
    ...row('Control', finding.control),
  ];
  return { subject: subjectOf(`${head} (${resource.id}, ${place})`), text: lines.join('\n') };
}

function nextSteps(finding: Finding): string[] {
  const { status, id } = finding;
  const exempt = `Waive it: redress exempt ${id} --until DATE --reason TEXT`;
  if (status === 'awaiting-approval') return [`Fix it: redress fix ${id}`, exempt];
  if (status === 'would-fix') return ['Set the control to approve or fix, to let Redress do this.', exempt];
  if (status === 'failed') return [`Try again: redress fix ${id}`, exempt];
  if (status === 'open') return [exempt];
  return isUndoable(finding) ? [`Put the state before back: redress undo ${id}`] : [];
}

function row(name: string, value: string): string[] {
  return [`${`${name}:`.padEnd(10)} ${plain(value)}`];
}

function list(title: string, entries: readonly { readonly api?: string; readonly says: string }[]): string[] {
  if (entries.length === 0) return [];
  return ['', `${title}:`, ...entries.map(({ api, says }) => `- ${plain(says)}${api ? ` (${api})` : ''}`)];
}

function subjectOf(text: string): string {
  const ascii = plain(text).replace(/[^\x20-\x7e]/g, '?');
  return ascii.length > 100 ? `${ascii.slice(0, 97)}...` : ascii;
}
