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
import { drawLive, liveLines, livePlain, liveRow } from './draw-live.ts';
import { exemptionLines } from './exemptions.ts';
import { type LogFile, logFiles } from './files.ts';
import { Judge } from './judge.ts';
import { eyesOf, Live, type LiveLook } from './live.ts';
import { idsIn, isAtLeast, type ReplayOptions, selectionOf } from './options.ts';
import { Gathering, matchRow, summaryRow } from './outcome.ts';
import { countedFiles, Progress } from './progress.ts';
import { readAll, type Taker } from './read-all.ts';
import { readStream } from './read-file.ts';
import { type Counts, Reading, type Setup } from './reading.ts';
import { PageGathering } from './report.ts';
import { chosenControls, rulesOf } from './rules.ts';
import { objectsBelow, partsOf, S3, s3Client } from './s3.ts';
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
  const setup: Setup = { rules: rulesOf(controls, functions, config), selection, where: session.where };
  const judge = new Judge(config);
  const tallies = new Tallies();
  const gathering = new Gathering();
  const progress = new Progress(terminal);
  const page = options.html === undefined ? undefined : new PageGathering();
  const live = options.live ? new Live(config, await eyesOf(session.where)) : undefined;
  let isFailed = false;

  const take: Taker = async ({ matches, unreadable }, bytes) => {
    for (const one of unreadable) gathering.name(one);
    for (const { event, controls: ids } of matches) {
      gathering.matches += 1;
      for (const control of ids.flatMap((id) => byId.get(id) ?? [])) {
        const judged = await judge.judge(control, event);
        tallies.add(event, judged);
        page?.add(event, judged);
        live?.add(event, judged);
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
  const looks = live ? await lookAll(live, { terminal, json: json && !options.exemptions, page }, now) : [];
  const seen = live ? livePlain(looks, live.left) : [];
  if (options.exemptions) for (const line of exemptionLines(tallies.wrong(), now(), json)) terminal.out(line);
  else if (json) terminal.out(jsonLine(summaryRow(outcome)));
  else draw(outcome, terminal);
  if (!json && !options.exemptions) drawLive(looks, terminal);
  for (const line of seen) terminal.err(line);
  if (page && options.html !== undefined) await writePage(options.html, page.page(outcome, now(), seen), terminal);
  if (isFailed) terminal.err(`Something of severity ${options.failOn} or above is wrong, or may be.`);
  return isFailed ? 1 : 0;
}

/** Looks at what is kept. */
async function lookAll(
  live: Live,
  { terminal, json, page }: { terminal: Session['terminal']; json: boolean; page: PageGathering | undefined },
  now: () => Date,
): Promise<readonly LiveLook[]> {
  const looks: LiveLook[] = [];
  for await (const look of live.look(now)) {
    looks.push(look);
    page?.addLive(look.key, liveLines(look));
    if (json) terminal.out(liveRow(look));
    terminal.progress(`Looking: ${looks.length} resources …`);
  }
  terminal.progress();
  return looks;
}

async function readFiles(
  paths: readonly string[],
  setup: Setup,
  take: Taker,
  { gathering, progress, threads }: { gathering: Gathering; progress: Progress; threads: number },
): Promise<Counts> {
  const isInS3 = paths.some((path) => path.startsWith(S3));
  // to list a bucket twice would cost twice
  const measuring = isInS3 ? undefined : progress.measure(paths);
  const files = countedFiles(isInS3 ? objectsOf(paths, setup) : logFiles(paths, (one) => gathering.addOutside(one)), () => {
    gathering.files += 1;
  });
  const counts = await readAll(files, setup, take, threads);
  await measuring;
  return counts;
}

/** The objects below paths of S3. */
async function* objectsOf(paths: readonly string[], { selection, where = {} }: Setup): AsyncGenerator<LogFile> {
  const client = await s3Client(where);
  for (const path of paths) yield* objectsBelow(client, path, selection);
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
  const objects = paths.filter((path) => path.startsWith(S3));
  const bare = objects.find((path) => partsOf(path).bucket === '');
  if (bare !== undefined) throw new Failure(`${bare} names no bucket: write s3://bucket/prefix.`, { exitCode: 2 });
  if (objects.length > 0 && objects.length < paths.length)
    throw new Failure('Objects of S3 and files of this machine are read apart.', { exitCode: 2 });
  if (objects.length > 0) return;
  if (paths.includes(INPUT) && paths.length > 1) throw new Failure('Standard input (-) is read alone.', { exitCode: 2 });
  for (const path of paths) if (path !== INPUT) await trying(`read ${path}`, () => stat(path));
}
