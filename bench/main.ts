import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { processTerminal } from '../cli/terminal.ts';
import { measureCold } from './cold.ts';
import { measureCreations } from './creations.ts';
import { printDetectors } from './detect.ts';
import { measureReplay } from './replay/measure.ts';
import { replayReport } from './replay/report.ts';
import { report } from './report.ts';
import { jsonOf, keep, resultsOf } from './results.ts';
import { startStub } from './stub.ts';
import { makeVariants } from './variants.ts';
import { measureWarm } from './warm.ts';

interface Options {
  readonly json?: true;
  readonly quick?: true;
}

const terminal = processTerminal(process);
const tell = (text: string): void => void process.stderr.write(`${terminal.paintError.dim(`· ${text}`)}\n`);

const program = new Command('npm run bench --')
  .description('Measures cold starts, warm handling, AWS calls and invocations; writes bench/results.json. Aims that are missed are shown.')
  .option('--json', 'write the results as JSON to standard output, and nothing else there')
  .option('--quick', 'few rounds, and bench/results.json stays as it is')
  .enablePositionalOptions()
  .action(functions);
program
  .command('replay')
  .description('Measures how fast `redress replay` reads, beside who parses every record and who only unpacks them.')
  .option('--records <number>', 'how many records, in small files and then in large ones', positive, 1_000_000)
  .option('--rounds <number>', 'how often', positive, 5)
  .option('--asked <percent>', 'how many of the calls have a name for which a rule asks', share, 2)
  .option('--json', 'write the results as JSON to standard output, and nothing else there')
  .option('--quick', 'few records, once, and bench/results.json stays as it is')
  .action(replay);
await program.parseAsync();

async function functions({ json, quick }: Options): Promise<void> {
  const rounds = quick === true ? { cold: 5, warm: 5 } : { cold: 21, warm: 15 };
  const each = (what: string, count: number) => (round: number) => {
    if (round % 10 === 0) tell(`${what}: round ${round} of ${count}`);
  };
  const folder = await mkdtemp(join(tmpdir(), 'redress-bench-'));
  const stub = await startStub();
  try {
    tell('Bundling every function in every way');
    const variants = await makeVariants(folder);
    const cold = await measureCold(variants, { rounds: rounds.cold, stub, folder, onRound: each('Cold starts', rounds.cold) });
    const warm = await measureWarm(variants, { rounds: rounds.warm, stub, folder, onRound: each('Warm batches', rounds.warm) });
    const creations = await measureCreations(quick === true ? 2 : 10, tell);
    const measured = { rounds, cold, warm, creations };
    const results = resultsOf(measured, today());
    if (quick !== true) await keep(results);
    process.stdout.write(json === true ? jsonOf(results) : `${report(measured, terminal)}\n`);
    if (json !== true) await printDetectors(tell);
  } finally {
    await stub.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function replay({
  json,
  quick,
  records,
  rounds,
  asked: share,
}: Options & Record<'records' | 'rounds' | 'asked', number>): Promise<void> {
  const size = quick === true ? { records: Math.min(records, 20_000), rounds: 1, share } : { records, rounds, share };
  const folder = await mkdtemp(join(tmpdir(), 'redress-bench-'));
  try {
    const layouts = await measureReplay(folder, size, tell);
    const results = { replay: { date: today(), node: process.version, rounds: size.rounds, layouts } };
    if (quick !== true) await keep(results);
    process.stdout.write(json === true ? jsonOf(results) : `${replayReport(layouts, terminal)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is not a whole number from 1 on.');
  return number;
}

function share(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 15)) throw new InvalidArgumentError('It is no share of at most 15 per cent.');
  return number;
}
