import { Command, InvalidArgumentError } from 'commander';
import { jsonLine } from '#shared/finding/text.ts';
import { table } from '../../cli/draw.ts';
import { processTerminal, type Terminal } from '../../cli/terminal.ts';
import { readAccounts, readRegions } from '../../local/flags.ts';
import { alone } from './alone.ts';
import { KILLS } from './dead-letters.ts';
import { ofOrganization } from './organization.ts';
import type { Plan } from './plan.ts';
import { type StormResult, storm } from './storm.ts';

interface Flags {
  readonly creations: number;
  readonly seconds: number;
  readonly seed: number;
  readonly accounts?: number;
  readonly regions?: readonly string[];
  readonly volumes: number;
  readonly json?: true;
}

const { json, ...asked } = new Command('npm run storm --')
  .description(
    'Makes resources of every kind in a local cloud while the functions are killed, throttled and cut off and their events come twice, then looks whether each is right, once. Exits with 1 if anything is lost or was done twice, if a lease is left, or if a dead letter has another cause than kills at every try.',
  )
  .option('--creations <number>', 'how many to make', positive, 200)
  .option('--seconds <number>', 'over how long, in seconds', positive, 30)
  .option('--seed <number>', 'which storm: the same creations and faults for the same seed', whole, 1)
  .option(
    '--accounts <number>',
    'a storm of an organization of so many accounts, one of them the hub: unencrypted volumes in all of them, while 30 % of the calls of STS and EC2 are throttled',
    readAccounts,
  )
  .option('--regions <names>', 'the Regions of each account, with commas between (default: us-east-1,eu-west-1)', readRegions)
  .option('--volumes <number>', 'how many in each Region of each account', positive, 50)
  .option('--json', 'write the result as JSON to standard output, and nothing else there')
  .parse()
  .opts<Flags>();

const terminal = processTerminal(process);
const result = await storm({ plan: await planOf(asked), seed: asked.seed, terminal });
terminal.out(json ? jsonLine({ ...asked, ...result }) : drawn(result, terminal));
const isOnce = result.rows.every(({ lost, twice }) => lost.length + twice.length === 0);
const isClean = result.isQuiet && result.leasesLeft + result.notMade === 0;
const isByKills = Object.keys(result.deadLetters).every((cause) => KILLS.includes(cause));
process.exitCode = isOnce && isClean && isByKills ? 0 : 1;

async function planOf({ accounts, regions = ['us-east-1', 'eu-west-1'], ...how }: Omit<Flags, 'json'>): Promise<Plan> {
  return accounts === undefined ? alone(how) : await ofOrganization({ ...how, accounts, regions });
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It is not a whole number.');
  return number;
}

function positive(text: string): number {
  const number = whole(text);
  if (number === 0) throw new InvalidArgumentError('It is not a whole number from 1 on.');
  return number;
}

function drawn({ rows, thrown, deadLetters, leasesLeft, notMade, isQuiet, took }: StormResult, screen: Terminal): string {
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
