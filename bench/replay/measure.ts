import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { withDefaultModes } from '#shared/finding/config.ts';
import { branchesOf } from '#shared/replay/matcher.ts';
import { namesIn } from '../../cli/replay/rule-book.ts';
import { chosenControls, rulesOf } from '../../cli/replay/rules.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { median, rounded } from '../stats.ts';
import { LAYOUTS, mixOf, writeCorpus } from './corpus.ts';
import type { Took } from './meter.ts';

/** How fast a replay reads files of one layout, beside others on the same cores. */
export interface ReplayResult {
  readonly layout: string;
  readonly files: number;
  readonly records: number;
  /** What the records are. */
  readonly mix: string;
  /** How many of them were parsed, and how many matched a rule. */
  readonly parsed: number;
  readonly matches: number;
  readonly recordsASecond: number;
  /** How many times as fast as who parses every record. */
  readonly besideParsing: number;
  /** Which part of the speed of who only unpacks. */
  readonly besideUnpacking: number;
  /** The same of CPU time, without what the start takes. */
  readonly cpuBesideParsing: number;
  readonly cpuBesideUnpacking: number;
  readonly peakMb: number;
  /** The same with `--html`. */
  readonly peakMbWithPage: number;
}

const project = join(import.meta.dirname, '../..');
const meter = ['--import', join(import.meta.dirname, 'meter.ts')];

/** Replays generated records in each layout; every round runs each program once. */
export async function measureReplay(
  folder: string,
  { records, rounds, share }: { records: number; rounds: number; share: number },
  onProgress: (text: string) => void,
): Promise<readonly ReplayResult[]> {
  const asked = await namesAsked();
  const threads = String(availableParallelism());
  const results: ReplayResult[] = [];
  for (const { name, perFile } of LAYOUTS) {
    onProgress(`Writing ${records} records in ${name}`);
    const corpus = join(folder, String(perFile));
    const files = await writeCorpus(corpus, { records, perFile, asked, share });
    const page = join(folder, 'page.html');
    const start = await startOf(folder, asked);
    const runs: { readonly ours: Replayed; readonly unpacked: Took; readonly parsed: Took }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      onProgress(`${name}: round ${round + 1} of ${rounds}`);
      runs.push({
        ours: await replayed([corpus], records),
        unpacked: await took(['bench/replay/others.ts', 'gunzip', corpus, threads]),
        parsed: await took(['bench/replay/others.ts', 'parse', corpus, threads]),
      });
    }
    const withPage = await replayed([corpus, '--html', page], records);
    await rm(corpus, { recursive: true });
    const seconds = (of: keyof (typeof runs)[number]) => median(runs.map((run) => run[of].seconds));
    const cpu = (of: keyof (typeof runs)[number]) => median(runs.map((run) => run[of].cpuSeconds));
    const read = cpu('ours') - start.cpuSeconds;
    results.push({
      layout: name,
      files,
      records,
      mix: mixOf(share),
      parsed: withPage.parsed,
      matches: withPage.matches,
      recordsASecond: Math.round(records / seconds('ours')),
      besideParsing: rounded(seconds('parsed') / seconds('ours')),
      besideUnpacking: rounded(seconds('unpacked') / seconds('ours')),
      cpuBesideParsing: rounded(cpu('parsed') / read),
      cpuBesideUnpacking: rounded(cpu('unpacked') / read),
      peakMb: Math.round(Math.max(...runs.map(({ ours }) => ours.peakMb))),
      peakMbWithPage: Math.round(withPage.peakMb),
    });
  }
  return results;
}

/** What a replay took, and what came of it. */
interface Replayed extends Took {
  readonly parsed: number;
  readonly matches: number;
}

/** What a replay of one record takes, when what a first start keeps is there. */
async function startOf(folder: string, asked: ReadonlySet<string>): Promise<Took> {
  const one = join(folder, 'one');
  await writeCorpus(one, { records: 1, perFile: 1, asked, share: 0 });
  await replayed([one], 1);
  return await replayed([one], 1);
}

/** A replay takes what it says itself, from the first file on: to load the controls is no reading. */
async function replayed(given: readonly string[], records: number): Promise<Replayed> {
  let last = '';
  const whole = await took(['cli/bin.js', 'replay', '--json', ...given], (line) => {
    last = line;
  });
  const summary: { readonly [name in 'seconds' | 'records' | 'parsed' | 'matches']?: number } = JSON.parse(last);
  if (summary.seconds === undefined || summary.records !== records) throw new Error(`the replay did not read ${records} records: ${last}`);
  return { ...whole, seconds: summary.seconds, parsed: summary.parsed ?? 0, matches: summary.matches ?? 0 };
}

/** Runs a script of the project to its end. */
async function took([script = '', ...given]: readonly string[], onLine: (line: string) => void = () => undefined): Promise<Took> {
  const child = spawn(process.execPath, [...meter, join(project, script), ...given], { cwd: project });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    const line = lines.at(-1);
    if (line !== undefined) onLine(line);
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${told}`);
  return JSON.parse(told.slice(told.lastIndexOf('\n') + 1));
}

/** The names of calls for which any rule of the project's config asks. */
async function namesAsked(): Promise<ReadonlySet<string>> {
  const functions = await discoverFunctions();
  const config = withDefaultModes(await loadConfig(PROJECT_CONFIG, functions), controlsOf(functions));
  const rules = rulesOf(chosenControls([], functions, config), functions, config);
  return new Set(rules.flatMap(({ pattern }) => branchesOf(pattern).flatMap((branch) => namesIn(branch) ?? [])));
}
