import { Command, InvalidArgumentError } from 'commander';
import { table } from '../../cli/draw.ts';
import { processTerminal, type Terminal } from '../../cli/terminal.ts';
import { type StormResult, storm } from './storm.ts';

const { creations, seconds, seed, json } = new Command('npm run storm --')
  .description(
    'Makes resources of every kind in a local cloud while the functions are killed, throttled and cut off and their events come twice, then looks whether each is right, once. Exits with 1 if anything is lost or was done twice.',
  )
  .option('--creations <number>', 'how many to make', positive, 200)
  .option('--seconds <number>', 'over how long, in seconds', positive, 30)
  .option('--seed <number>', 'which storm: the same creations for the same seed', positive, 1)
  .option('--json', 'write the result as JSON to standard output, and nothing else there')
  .parse()
  .opts<{ creations: number; seconds: number; seed: number; json?: true }>();

const terminal = processTerminal(process);
const tell = (text: string): void => terminal.err(terminal.paintError.dim(`· ${text}`));
const result = await storm({ creations, seconds, seed, tell });
terminal.out(json ? JSON.stringify({ creations, seed, ...result }) : drawn(result, terminal));
const isGood = result.rows.every(({ lost, twice }) => lost.length + twice.length === 0) && result.leasesLeft === 0;
process.exitCode = isGood ? 0 : 1;

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is not a whole number from 1 on.');
  return number;
}

function drawn({ rows, thrown, deadLetters, leasesLeft, seconds: took }: StormResult, screen: Terminal): string {
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
    ...rows.flatMap(({ kind, lost, twice }) => [
      ...lost.map((one) => paint.red(`Lost: ${kind} ${one}`)),
      ...twice.map((one) => paint.red(`Twice: ${kind} ${one}`)),
    ]),
  ].join('\n');
}
