import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
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
  /** The same of CPU time, without what the starts take. */
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
    const starts = await startsOf(folder, asked, threads);
    const runs: { readonly ours: Replayed; readonly unpacked: Took; readonly parsed: Took }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      onProgress(`${name}: round ${round + 1} of ${rounds}`);
      runs.push({
        ours: await replayed([corpus], records),
        unpacked: await said(['bench/replay/others.ts', 'gunzip', corpus, threads]),
        parsed: await said(['bench/replay/others.ts', 'parse', corpus, threads]),
      });
    }
    const withPage = await replayed([corpus, '--html', page], records);
    await rm(corpus, { recursive: true });
    const seconds = (of: keyof (typeof runs)[number]) => median(runs.map((run) => run[of].seconds));
    const cpu = (of: keyof (typeof runs)[number]) => median(runs.map((run) => run[of].cpuSeconds));
    const alone = (of: keyof typeof starts & keyof (typeof runs)[number]) => cpu(of) - starts[of].cpuSeconds;
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
      cpuBesideParsing: rounded(alone('parsed') / alone('ours')),
      cpuBesideUnpacking: rounded(alone('unpacked') / alone('ours')),
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

/** What each takes for one record, when what a first start keeps is there. */
async function startsOf(folder: string, asked: ReadonlySet<string>, threads: string) {
  const one = join(folder, 'one');
  await writeCorpus(one, { records: 1, perFile: 1, asked, share: 0 });
  await replayed([one], 1);
  return {
    ours: await replayed([one], 1),
    unpacked: await said(['bench/replay/others.ts', 'gunzip', one, threads]),
    parsed: await said(['bench/replay/others.ts', 'parse', one, threads]),
  };
}

async function replayed(given: readonly string[], records: number): Promise<Replayed> {
  const { parsed = 0, matches = 0, ...whole } = await said(['cli/bin.js', 'replay', '--json', ...given]);
  if (whole.records !== records) throw new Error(`the replay did not read ${records} records, but ${whole.records}`);
  return { ...whole, parsed, matches };
}

/** What a script says in its last line takes the place of the whole process's time: from the first file on, since to start is no reading. */
async function said(command: readonly string[]): Promise<Took & { readonly [name in 'records' | 'parsed' | 'matches']?: number }> {
  const { last, ...whole } = await took(command);
  const { seconds, ...others }: { readonly [name in 'seconds' | 'records' | 'parsed' | 'matches']?: number } = JSON.parse(last);
  if (seconds === undefined) throw new Error(`${command.join(' ')} did not say how long it took: ${last}`);
  return { ...others, ...whole, seconds };
}

/** Runs a script of the project to its end; what it prints goes to a file, for whoever read it meanwhile would take of the same cores. */
async function took([script = '', ...given]: readonly string[]): Promise<Took & { readonly last: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-printed-'));
  const printed = await open(join(folder, 'lines'), 'w+');
  try {
    const child = spawn(process.execPath, [...meter, join(project, script), ...given], {
      cwd: project,
      stdio: ['ignore', printed.fd, 'pipe'],
    });
    let told = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    child.on('error', reject).on('close', resolve);
    const code = await promise;
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${told}`);
    const last = (await readFile(join(folder, 'lines'), 'utf8')).trimEnd().split('\n').at(-1) ?? '';
    return { ...JSON.parse(told.slice(told.lastIndexOf('\n') + 1)), last };
  } finally {
    await printed.close();
    await rm(folder, { recursive: true });
  }
}

/** The names of calls for which any rule of the project's config asks. */
async function namesAsked(): Promise<ReadonlySet<string>> {
  const functions = await discoverFunctions();
  const config = withDefaultModes(await loadConfig(PROJECT_CONFIG, functions), controlsOf(functions));
  const rules = rulesOf(chosenControls([], functions, config), functions, config);
  return new Set(rules.flatMap(({ pattern }) => branchesOf(pattern).flatMap((branch) => namesIn(branch) ?? [])));
}
