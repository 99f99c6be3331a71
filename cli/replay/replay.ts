import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { withDefaultModes } from '#shared/finding/config.ts';
import { jsonLine } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { Failure, trying } from '../failure.ts';
import { writePage } from '../page/page.ts';
import type { ExitCode, Session } from '../session.ts';
import { draw } from './draw.ts';
import { exemptionLines } from './exemptions.ts';
import { logFiles } from './files.ts';
import { Judge } from './judge.ts';
import { idsIn, isAtLeast, type ReplayOptions, selectionOf } from './options.ts';
import { Gathering, matchRow, summaryRow } from './outcome.ts';
import { countedFiles, Progress } from './progress.ts';
import { readAll, type Taker } from './read-all.ts';
import { readStream } from './read-file.ts';
import { type Counts, Reading, type Setup } from './reading.ts';
import { PageGathering } from './report.ts';
import { chosenControls, rulesOf } from './rules.ts';
import { Tallies } from './tally.ts';

/** What stands for standard input. */
export const INPUT = '-';

/** `redress replay`: what the rules would have delivered of the records that are there, and what each mode would have done with it. */
export async function replay(session: Session, options: ReplayOptions, ...given: readonly (string | undefined)[]): Promise<ExitCode> {
  const { terminal, json, now } = session;
  const paths = given.flatMap((path) => path ?? []);
  await refuseWhatIsNone(paths);
  const selection = selectionOf(options, now());
  const functions = await discoverFunctions();
  const config = withDefaultModes(await loadConfig(options.config ?? PROJECT_CONFIG, functions), controlsOf(functions));
  const controls = chosenControls(idsIn(options.control), functions, config);
  const byId = new Map(controls.map((control) => [control.id, control]));
  const setup: Setup = { rules: rulesOf(controls, functions, config), selection };
  const judge = new Judge(config);
  const tallies = new Tallies();
  const gathering = new Gathering();
  const progress = new Progress(terminal);
  const page = options.html === undefined ? undefined : new PageGathering();
  let isFailed = false;

  const take: Taker = async ({ matches, unreadable }, bytes) => {
    for (const one of unreadable) gathering.name(one);
    for (const { event, controls: ids } of matches) {
      gathering.matches += 1;
      for (const control of ids.flatMap((id) => byId.get(id) ?? [])) {
        const judged = await judge.judge(control, event);
        tallies.add(event, judged);
        page?.add(event, judged);
        const mayBeWrong = judged.told.is === 'violation' || judged.told.is === 'needs-live';
        if (mayBeWrong && options.failOn && isAtLeast(control.severity, options.failOn)) isFailed = true;
        if (json && !options.exemptions) terminal.out(jsonLine(matchRow(judged, event)));
      }
    }
    progress.add(bytes);
  };
  const counts = paths.includes(INPUT)
    ? await readInput(setup, take, gathering)
    : await readFiles(paths, setup, take, { gathering, progress, threads: options.threads ?? availableParallelism() });
  terminal.progress();

  const outcome = gathering.outcome(counts, tallies, selection.isStrict, progress.seconds);
  if (options.exemptions) for (const line of exemptionLines(tallies.wrong(), now(), json)) terminal.out(line);
  else if (json) terminal.out(jsonLine(summaryRow(outcome)));
  else draw(outcome, terminal);
  if (page && options.html !== undefined) await writePage(options.html, page.page(outcome, now(), []), terminal);
  if (isFailed) terminal.err(`Something of severity ${options.failOn} or above is wrong, or may be.`);
  return isFailed ? 1 : 0;
}

async function readFiles(
  paths: readonly string[],
  setup: Setup,
  take: Taker,
  { gathering, progress, threads }: { gathering: Gathering; progress: Progress; threads: number },
): Promise<Counts> {
  const measuring = progress.measure(paths);
  const files = countedFiles(
    logFiles(paths, (one) => gathering.addOutside(one)),
    () => {
      gathering.files += 1;
    },
  );
  const counts = await readAll(files, setup, take, threads);
  await measuring;
  return counts;
}

async function readInput(setup: Setup, take: Taker, gathering: Gathering): Promise<Counts> {
  gathering.files = 1;
  const reading = new Reading(setup);
  reading.begin(INPUT);
  let bytes = 0;
  const keepUp = async () => {
    const done = bytes;
    bytes = 0;
    await take(reading.collect(), done);
  };
  const onBytes = (more: number) => {
    bytes += more;
  };
  await readStream(reading, process.stdin, { onBytes, keepUp });
  await keepUp();
  return reading.counts;
}

/** A path that is named must be there; what lies below it may be unreadable. */
async function refuseWhatIsNone(paths: readonly string[]): Promise<void> {
  const bucket = paths.find((path) => path.startsWith('s3://'));
  if (bucket !== undefined)
    throw new Failure(`${bucket} is in S3, and replay reads files of this machine.`, {
      next: `Copy it first: aws s3 cp --recursive '${bucket.replaceAll("'", '')}' records, then redress replay records.`,
      exitCode: 2,
    });
  if (paths.includes(INPUT) && paths.length > 1) throw new Failure('Standard input (-) is read alone.', { exitCode: 2 });
  for (const path of paths) if (path !== INPUT) await trying(`read ${path}`, () => stat(path));
}
