import type { Colors } from 'picocolors/types.js';
import { plain } from '#shared/finding/text.ts';
import type { LocalFinding } from './findings.ts';
import { stringAt } from './json.ts';

/** A finding in one line: status, control, resource, what it says, and the seconds from the event until it was done. */
export function describeFinding(finding: LocalFinding, colours: Colors): string {
  const status = stringAt(finding, 'status') ?? 'open';
  const seconds = secondsTaken(finding);
  return [
    colourOf(status, colours)(status.padEnd(17)),
    plain(stringAt(finding, 'control') ?? '').padEnd(22),
    plain(stringAt(finding, 'resource', 'id') ?? '').padEnd(22),
    plain(stringAt(finding, 'says') ?? ''),
    seconds === undefined ? '' : colours.dim(`(${seconds.toFixed(1)} s)`),
  ]
    .join(' ')
    .trimEnd();
}

function secondsTaken(finding: LocalFinding): number | undefined {
  const [from, to] = [
    stringAt(finding, 'timings', 'eventTime'),
    stringAt(finding, 'timings', 'doneAt') ?? stringAt(finding, 'timings', 'decidedAt'),
  ];
  if (from === undefined || to === undefined) return undefined;
  // An event's time is in whole seconds.
  return Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
}

/** The colour in which a status is shown. */
export function colourOf(status: string, colours: Colors): (text: string) => string {
  if (status === 'fixed' || status === 'superseded') return colours.green;
  if (status === 'failed') return colours.red;
  if (status === 'exempt' || status === 'skipped' || status === 'undone') return colours.dim;
  return colours.yellow;
}
