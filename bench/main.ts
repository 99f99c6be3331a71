import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { processTerminal } from '../cli/terminal.ts';
import { measureCold } from './cold.ts';
import { measureCreations } from './creations.ts';
import { printDetectors } from './detect.ts';
import { report } from './report.ts';
import { resultsOf } from './results.ts';
import { startStub } from './stub.ts';
import { makeVariants } from './variants.ts';
import { measureWarm } from './warm.ts';

const { json, quick } = new Command('npm run bench --')
  .description('Measures cold starts, warm handling, AWS calls and invocations; writes bench/results.json. Aims that are missed are shown.')
  .option('--json', 'write the results as JSON to standard output, and nothing else there')
  .option('--quick', 'few rounds, and bench/results.json stays as it is')
  .parse()
  .opts<{ json?: true; quick?: true }>();

const terminal = processTerminal(process);
const tell = (text: string): void => void process.stderr.write(`${terminal.paintError.dim(`· ${text}`)}\n`);
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
  const results = `${JSON.stringify(resultsOf(measured, new Date().toISOString().slice(0, 10)), undefined, 2)}\n`;
  if (quick !== true) await writeFile(join(import.meta.dirname, 'results.json'), results);
  process.stdout.write(json === true ? results : `${report(measured, terminal)}\n`);
  if (json !== true) await printDetectors(tell);
} finally {
  await stub.stop();
  await rm(folder, { recursive: true, force: true });
}
