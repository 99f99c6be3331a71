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
import { LAYOUTS, writeCorpus } from './corpus.ts';
import type { Took } from './meter.ts';

/** How fast a replay reads files of one layout, beside others on the same cores. */
export interface ReplayResult {
  readonly layout: string;
  readonly files: number;
  readonly records: number;
  readonly recordsASecond: number;
  /** How many times as fast as who parses every record. */
  readonly besideParsing: number;
  /** Which part of the speed of who only unpacks. */
  readonly besideUnpacking: number;
  readonly peakMb: number;
  /** The same with `--html`. */
  readonly peakMbWithPage: number;
}

const project = join(import.meta.dirname, '../..');
const meter = ['--import', join(import.meta.dirname, 'meter.ts')];

/** Replays generated records in each layout; every round runs each program once. */
export async function measureReplay(
  folder: string,
  { records, rounds }: { records: number; rounds: number },
  onProgress: (text: string) => void,
): Promise<readonly ReplayResult[]> {
  const asked = await namesAsked();
  const threads = String(availableParallelism());
  const results: ReplayResult[] = [];
  for (const { name, perFile } of LAYOUTS) {
    onProgress(`Writing ${records} records in ${name}`);
    const corpus = join(folder, String(perFile));
    const files = await writeCorpus(corpus, { records, perFile, asked });
    const page = join(folder, 'page.html');
    const runs: { readonly ours: Took; readonly unpacked: Took; readonly parsed: Took }[] = [];
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
    results.push({
      layout: name,
      files,
      records,
      recordsASecond: Math.round(records / seconds('ours')),
      besideParsing: rounded(seconds('parsed') / seconds('ours')),
      besideUnpacking: rounded(seconds('unpacked') / seconds('ours')),
      peakMb: Math.round(Math.max(...runs.map(({ ours }) => ours.peakMb))),
      peakMbWithPage: Math.round(withPage.peakMb),
    });
  }
  return results;
}

/** A replay takes what it says itself, from the first file on: to load the controls is no reading. */
async function replayed(given: readonly string[], records: number): Promise<Took> {
  let last = '';
  const whole = await took(['cli/main.ts', 'replay', '--json', ...given], (line) => {
    last = line;
  });
  const summary: { readonly seconds?: number; readonly records?: number } = JSON.parse(last);
  if (summary.seconds === undefined || summary.records !== records) throw new Error(`the replay did not read ${records} records: ${last}`);
  return { ...whole, seconds: summary.seconds };
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
