import Table from 'cli-table3';
import type { Finding, FindingChange } from '#shared/finding/finding.ts';
import { plain } from '#shared/finding/text.ts';
import type { Terminal } from './terminal.ts';

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Draws rows under bold heads, without borders; where the terminal is too narrow, cells of several words are wrapped. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { width, paint }: Pick<Terminal, 'width' | 'paint'>,
): string {
  const bare = [heads, ...rows.map((row) => row.map(visible))];
  const column = (at: number, sizeOf: (cell: string) => number) => Math.max(...bare.map((row) => sizeOf(row[at] ?? '')));
  const full = heads.map((_head, at) => column(at, (cell) => cell.length));
  const least = heads.map((_head, at) => column(at, (cell) => Math.max(...cell.split(' ').map((word) => word.length))));
  const colWidths = width === undefined ? full : shrunk(full, least, width - 2 * (heads.length - 1));
  const drawn = new Table({
    head: heads.map((head) => paint.bold(head)),
    chars: none,
    colWidths,
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
export function changeLines(changes: readonly FindingChange[], paint: Terminal['paint']): string[] {
  return changes.map(({ api, says }) => `  - ${plain(says)} ${paint.dim(`(${plain(api)})`)}`);
}

// takes a column from whichever has most to give, and never breaks a word
function shrunk(full: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...full];
  const slack = (at: number) => (widths[at] ?? 0) - (least[at] ?? 0);
  for (let total = widths.reduce((sum, one) => sum + one, 0); total > room; total -= 1) {
    const widest = widths.reduce((best, _one, at) => (slack(at) > slack(best) ? at : best), 0);
    if (slack(widest) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function visible(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours that were put in
  return cell.replace(/\u001b\[\d+m/g, '');
}
