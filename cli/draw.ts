import Table from 'cli-table3';
import type { Finding } from '../shared/finding.ts';
import type { Terminal } from './terminal.ts';
import { plain } from './terminal.ts';

const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' };

/** Draws rows under bold heads, without borders; where the terminal is too narrow the last column is wrapped. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], { width, paint }: Pick<Terminal, 'width' | 'paint'>): string {
  const bare = rows.map((row) => row.map(visible));
  const widths = heads.map((head, at) => Math.max(head.length, ...bare.map((row) => row[at]?.length ?? 0)));
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(24, width - before);
  const last = Math.min(widths.at(-1) ?? 0, room);
  const drawn = new Table({
    head: heads.map((head) => paint.bold(head)),
    chars: none,
    colWidths: [...widths.slice(0, -1), last],
    wordWrap: true,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A status in its colour. */
export function paintStatus(status: Finding['status'], paint: Terminal['paint']): string {
  if (status === 'fixed' || status === 'superseded') return paint.green(status);
  if (status === 'failed') return paint.red(status);
  if (status === 'open' || status === 'would-fix' || status === 'awaiting-approval') return paint.yellow(status);
  return paint.dim(status);
}

/** A severity in its colour. */
export function paintSeverity(severity: Finding['severity'], paint: Terminal['paint']): string {
  if (severity === 'critical' || severity === 'high') return paint.red(severity);
  return severity === 'medium' ? paint.yellow(severity) : severity;
}

/** The commands of a finding, one a line, each with its API. */
export function changeLines(changes: Finding['changes'], paint: Terminal['paint']): string[] {
  return changes.map(({ api, says }) => `  - ${plain(says)} ${paint.dim(`(${plain(api)})`)}`);
}

function visible(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours that were put in
  return cell.replace(/\u001b\[\d+m/g, '');
}
