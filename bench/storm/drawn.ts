import { table } from '../../cli/draw.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { NoisyResult, Took } from './noisy.ts';
import type { StormResult } from './storm.ts';

/** The result of a storm, as a table. */
export function drawn({ rows, thrown, deadLetters, leasesLeft, notMade, isQuiet, took }: StormResult, screen: Terminal): string {
  const { paint } = screen;
  const bad = (count: number): string => (count > 0 ? paint.red(String(count)) : '0');
  const sum = (of: (row: StormResult['rows'][number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const cells = rows.map(({ kind, made, right, lost, twice }) => [kind, `${made}`, `${right}`, bad(lost.length), bad(twice.length)]);
  const total = ['all', ...[sum(({ made }) => made), sum(({ right }) => right)].map(String)];
  const ends = [bad(sum(({ lost }) => lost.length)), bad(sum(({ twice }) => twice.length))];
  const listed = (counts: { readonly [what: string]: number }) =>
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ') || 'none';
  return [
    table(['Kind', 'Made', 'Right', 'Lost', 'Twice'], [...cells, [...total, ...ends]], screen),
    '',
    `Thrown: ${listed(thrown)}.`,
    `Dead letters: ${listed(deadLetters)}; all were put back. Leases left: ${bad(leasesLeft)}. It took ${took} s.`,
    ...(notMade > 0 ? [paint.red(`Not made: ${notMade}`)] : []),
    ...(isQuiet ? [] : [paint.red('Messages were still on the queues in the end.')]),
    ...rows.flatMap(({ kind, lost, twice }) => [
      ...lost.map((one) => paint.red(`Lost: ${kind} ${one}`)),
      ...twice.map((one) => paint.red(`Twice: ${kind} ${one}`)),
    ]),
  ].join('\n');
}

/** The result of a run beside a noisy account, as a table. */
export function drawnNoisy({ alone, beside, cameIn, stillWaiting }: NoisyResult, events: number, screen: Terminal): string {
  const row = (what: string, { made, done, median, longest }: Took) => [what, `${made}`, `${done}`, median.toFixed(1), longest.toFixed(1)];
  return [
    table(
      ['Volumes of quiet accounts', 'Made', 'Encrypted', 'Seconds, median', 'Longest'],
      [row('without noise', alone), row(`beside ${events} events of another account`, beside)],
      screen,
    ),
    '',
    `The noise came within ${cameIn.toFixed(0)} s; when the last quiet volume was done, ${stillWaiting} messages were on the queues.`,
    `It delayed them by ${delayOf(alone, beside).toFixed(1)} s at most.`,
  ].join('\n');
}

/** By how much the slowest was later than the slowest without noise, in seconds. */
export function delayOf(alone: Took, beside: Took): number {
  return Math.max(0, beside.longest - alone.longest);
}
