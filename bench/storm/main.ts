import { Command, InvalidArgumentError } from 'commander';
import { jsonLine } from '#shared/finding/text.ts';
import { processTerminal } from '../../cli/terminal.ts';
import { readAccounts, readRegions } from '../../local/flags.ts';
import { alone } from './alone.ts';
import { KILLS } from './dead-letters.ts';
import { delayOf, drawn, drawnNoisy } from './drawn.ts';
import { noisy } from './noisy.ts';
import { ofOrganization } from './organization.ts';
import type { Plan } from './plan.ts';
import { storm } from './storm.ts';

const REGIONS = ['us-east-1', 'eu-west-1'];
/** A hub, a noisy account, and so many others that none comes to its rate limit. */
const LEAST_FOR_NOISE = 6;
/** By so many seconds no account may delay another's. */
const MOST_DELAY = 10;

interface Flags {
  readonly creations: number;
  readonly seconds: number;
  readonly seed: number;
  readonly accounts?: number;
  readonly regions?: readonly string[];
  readonly volumes: number;
  readonly noisy?: number;
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
  .option(
    '--noisy <events>',
    'no faults, but one account that makes so many events, and others with one every few seconds; exits with 1 if it delays these by 10 s or more',
    positive,
  )
  .option('--json', 'write the result as JSON to standard output, and nothing else there')
  .parse()
  .opts<Flags>();

const terminal = processTerminal(process);
process.exitCode = (await (asked.noisy === undefined ? stormed() : besideNoise(asked.noisy))) ? 0 : 1;

async function stormed(): Promise<boolean> {
  const result = await storm({ plan: await planOf(asked), seed: asked.seed, terminal });
  terminal.out(json ? jsonLine({ ...asked, ...result }) : drawn(result, terminal));
  const isOnce = result.rows.every(({ lost, twice }) => lost.length + twice.length === 0);
  const isClean = result.isQuiet && result.leasesLeft + result.notMade === 0;
  return isOnce && isClean && Object.keys(result.deadLetters).every((cause) => KILLS.includes(cause));
}

async function besideNoise(events: number): Promise<boolean> {
  const { accounts = LEAST_FOR_NOISE, regions = REGIONS, seconds } = asked;
  const result = await noisy({ accounts: Math.max(accounts, LEAST_FOR_NOISE), regions, events, seconds, terminal });
  const delay = delayOf(result.alone, result.beside);
  terminal.out(json ? jsonLine({ ...asked, ...result, delay }) : drawnNoisy(result, events, terminal));
  return delay < MOST_DELAY && [result.alone, result.beside].every(({ made, done }) => made === done);
}

async function planOf({ accounts, regions = REGIONS, ...how }: Omit<Flags, 'json'>): Promise<Plan> {
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
