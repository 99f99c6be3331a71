import { availableParallelism } from 'node:os';
import { withDefaultModes } from '#shared/finding/config.ts';
import { jsonLine } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import type { Where } from '../deployment.ts';
import { writePage } from '../page/page.ts';
import type { ExitCode, Session } from '../session.ts';
import { growYoung } from '../young.ts';
import { filesByAthena, printedQuery, TABLE, tableName } from './athena.ts';
import { draw } from './draw.ts';
import { drawLive, liveLines, livePlain, liveRow } from './draw-live.ts';
import { exemptionLines } from './exemptions.ts';
import { Judge } from './judge.ts';
import { eyesOf, Live, type LiveLook } from './live.ts';
import { idsIn, isAtLeast, type ReplayOptions, selectionOf } from './options.ts';
import { Gathering, matchRow, summaryRow } from './outcome.ts';
import { Progress } from './progress.ts';
import type { Taker } from './read-all.ts';
import type { Setup } from './reading.ts';
import { PageGathering } from './report.ts';
import { chosenControls, rulesOf } from './rules.ts';
import { readSources, refuseWhatIsNone, threadsFor } from './sources.ts';
import { Tallies } from './tally.ts';

/** `redress replay`: what the rules would have delivered of the records that are there, and what each mode would have done with it. */
export async function replay(session: Session, options: ReplayOptions, ...given: readonly (string | undefined)[]): Promise<ExitCode> {
  const { terminal, json, now } = session;
  const paths = given.flatMap((path) => path ?? []);
  const table = options.athena === undefined ? undefined : tableName(options.athena);
  await refuseWhatIsNone(paths, table !== undefined || options.printSql === true);
  const selection = selectionOf(options, now());
  const threads = await threadsFor(paths, options.threads ?? availableParallelism());
  // --region chooses events, and not where Athena and the bucket are
  const { profile } = session.where;
  const where: Where = { profile };
  const functions = await discoverFunctions();
  const config = withDefaultModes(await loadConfig(options.config ?? PROJECT_CONFIG, functions), controlsOf(functions));
  const controls = chosenControls(idsIn(options.control), functions, config);
  const byId = new Map(controls.map((control) => [control.id, control]));
  const setup: Setup = { rules: rulesOf(controls, functions, config), selection, where };
  if (options.printSql) {
    const sql = printedQuery(table ?? TABLE, setup.rules, selection);
    terminal.out(json ? jsonLine({ type: 'query', sql }) : sql);
    return 0;
  }
  const found = table === undefined ? undefined : await filesByAthena({ ...options, table }, setup.rules, selection, { terminal, where });
  growYoung();
  const judge = new Judge(config);
  const tallies = new Tallies();
  const gathering = new Gathering();
  const progress = new Progress(terminal);
  const page = options.html === undefined ? undefined : new PageGathering(options.live === true);
  const live = options.live ? new Live(config, await eyesOf(session.where)) : undefined;
  let isFailed = false;

  const take: Taker = async ({ matches, unreadable }, bytes) => {
    for (const one of unreadable) gathering.name(one);
    const rows: string[] = [];
    for (const { event, controls: ids } of matches) {
      gathering.matches += 1;
      for (const control of ids.flatMap((id) => byId.get(id) ?? [])) {
        const judged = await judge.judge(control, event);
        tallies.add(event, judged);
        page?.add(event, judged);
        live?.add(event, judged);
        const mayBeWrong = judged.told.is === 'violation' || judged.told.is === 'needs-live';
        if (mayBeWrong && options.failOn && isAtLeast(control.severity, options.failOn)) isFailed = true;
        if (json && !options.exemptions) rows.push(jsonLine(matchRow(judged, event)));
      }
    }
    // one write for each line would take a tenth of the time
    if (rows.length > 0) terminal.out(rows.join('\n'));
    progress.add(bytes);
  };
  const counts = await readSources(found ?? paths, setup, take, { gathering, progress, threads });
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
