import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { scopeKey, scopeText } from '#shared/finding/pause.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { withBody } from '#shared/ledger/dynamo.ts';
import { adoptedKey } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { Failure, trying } from '../../failure.ts';
import type { ExitCode, Session } from '../../session.ts';
import { type Contents, contentsOf } from './contents.ts';
import { moveMessages } from './messages.ts';
import { type Keep, moveItems } from './move.ts';
import { type Adopted, type AdoptOptions, adoptedBefore, checkListed, nameOf, patienceOf, placeIn, type Run, runOf } from './run.ts';
import { checkDeadLetters, comesTrue, MOVING, Standstill } from './standstill.ts';

/** `redress org adopt`: moves what a stack alone keeps of an account and Region to the hub, once that stack is at a standstill. */
export async function adopt(session: Session, options: AdoptOptions, where = ''): Promise<ExitCode> {
  const { terminal, json } = session;
  const place = placeIn(where);
  await checkListed(place, options.config);
  const run = await runOf(session, options, place);
  const before = await adoptedBefore(run);
  if (before) {
    if (json) terminal.out(jsonLine({ type: 'adopted', ...place, ...before, isNew: false }));
    else terminal.out(`${nameOf(place)} was adopted already, by ${plain(before.by)} on ${plain(before.at)}.`);
    for (const line of nextSteps(run)) terminal.err(line);
    return 0;
  }
  if (run.source.stack) await checkDeadLetters(run.source.stack);
  terminal.progress('Reading the ledger …');
  const contents = await contentsOf(run.source.table, run.hub, run.move, session.now());
  terminal.progress();
  show(run, contents);
  if (options.dryRun) {
    terminal.err('Nothing was changed.');
    return 0;
  }
  checkConflicts(contents, options.keep);
  if (!options.yes && terminal.confirm && !(await terminal.confirm('Stop that stack, and move this to the hub?')))
    throw new Failure('Nothing was changed.');
  if (!options.yes && !terminal.confirm)
    throw new Failure('This stops a stack, and nobody can be asked.', { next: 'Look at it with --dry-run, then say --yes.', exitCode: 2 });
  await stopped(run);
  try {
    return await carryOver(run);
  } catch (error) {
    if (run.source.stack)
      terminal.err(`The stack ${run.source.stack.name} stands still now. Run the same again soon: what was moved is not moved twice.`);
    throw error;
  }
}

/** Brings the stack to a standstill with nothing in progress; else it goes on as before. */
async function stopped(run: Run): Promise<void> {
  const { source, session, deployment, by, hub, move } = run;
  const patience = patienceOf(run);
  let left: readonly string[] = [];
  const isIdle = async () => {
    const { changing, held } = await contentsOf(source.table, hub, move, session.now());
    // what a stack that is gone has begun, the hub completes as after any crash; a lease ends by itself
    left = source.stack ? [...changing, ...held] : held;
    return left.length === 0;
  };
  if (!source.stack) {
    if (await comesTrue(patience, 'Waiting for leases to end …', isIdle)) return;
    throw inProgress(left, 'Something still writes that ledger: find out what, then run it again.');
  }
  const still = new Standstill(source, source.stack);
  const ends = 'Its functions complete what is in progress: run it again in some minutes, or with a longer --timeout.';
  try {
    await still.deafen(by, nameOf(deployment.place), session.now());
    if (!(await comesTrue(patience, 'Waiting for fixes in progress …', isIdle))) throw inProgress(left, ends);
    if (!(await still.disconnect(patience)))
      throw new Failure(`Messages of the stack ${source.stack.name} are still in flight.`, { next: ends });
    // a message that was in flight may have begun something
    if (!(await isIdle())) throw inProgress(left, ends);
  } catch (error) {
    await still.undo();
    throw error;
  }
}

function inProgress(busy: readonly string[], next: string): Failure {
  const more = busy.length > 5 ? ` and ${busy.length - 5} more` : '';
  return new Failure(`A fix is in progress, or a case is held: ${busy.slice(0, 5).map(plain).join(', ')}${more}. Nothing was moved.`, {
    next,
  });
}

/** Copies the pause, the ledger and what waits, in this order, then what is on the queues, and notes that it is done. */
async function carryOver(run: Run): Promise<ExitCode> {
  const { session, options, hub, source, move, by } = run;
  const { terminal, json, now } = session;
  const moving = { source: source.table, hub, move, keep: options.keep };
  const onPage = (count: number) => terminal.progress(`${count} items copied …`);
  await movePauses(run);
  const moved = await moveItems(moving, 'all-else', onPage);
  terminal.progress();
  checkConflicts(moved, undefined);
  const waiting = await moveItems(moving, 'messages', onPage);
  terminal.progress();
  const messages = source.stack ? await moveMessages(source.stack, hub, move, { ...patienceOf(run), now }) : undefined;
  if (messages && !messages.isAll)
    throw new Failure('Messages are still delayed on the queues of that stack, which stands still.', {
      next: 'Run the same again in a quarter of an hour.',
    });
  const note: Adopted = { from: source.id, by, at: now().toISOString() };
  await trying("note it in the hub's ledger", () =>
    hub.client.send(new PutItemCommand({ TableName: hub.name, Item: { ...adoptedKey(move.from), ...withBody(note) } })),
  );
  const written = moved.written + waiting.written;
  const counts = { items: written, keptHubs: moved.kept, messages: messages?.moved ?? 0, unreadable: messages?.unreadable ?? 0 };
  if (json) terminal.out(jsonLine({ type: 'adopted', ...move.from, ...note, isNew: true, ...counts }));
  else terminal.out(`${nameOf(move.from)} is adopted: ${written} items and ${counts.messages} messages were moved to the hub.`);
  if (counts.unreadable > 0) terminal.err(`${counts.unreadable} messages cannot be read, and stay on the queues of that stack.`);
  for (const line of nextSteps(run)) terminal.err(line);
  return 0;
}

/** A pause that a person has set there holds for that place in the hub too. */
async function movePauses({ source, deployment, move }: Run): Promise<void> {
  const [key, text] = [scopeKey(move.from), scopeText(move.from)];
  await trying('move the pause', async () => {
    const theirs = (await source.ledger.pauses()).find(({ reason }) => !reason.startsWith(MOVING));
    if (!theirs || (await deployment.ledger.paused([key]))) return;
    await deployment.ledger.setPause(
      { ...theirs, ...(text !== undefined && { in: text }) } satisfies Parameters<Ledger['setPause']>[0],
      key,
    );
  });
}

function nextSteps({ source, move, deployment }: Run): string[] {
  const steps = [
    ...(source.stack
      ? [
          `Delete the stack ${source.stack.name} in ${nameOf(move.from)} (\`npx cdk destroy\` there): it stands still, with its rules and mappings off. Its ledger, the table ${source.table.name}, is kept.`,
        ]
      : []),
    `Deploy the members with \`redress org deploy\`: from then on the hub at ${nameOf(deployment.place)} hears ${nameOf(move.from)}, and looks at all of it. Until then nobody does.`,
  ];
  return steps.map((step, n) => `${n + 1}. ${step}`);
}

function show(
  { session: { terminal, json }, move, source, deployment }: Run,
  { counts, open, exempt, unknown, changing, conflicts }: Contents,
): void {
  if (json) {
    const is = { cases: counts.case, open, exemptions: counts.exemption, exempt, findings: counts.finding, waiting: counts.waiting };
    terminal.out(jsonLine({ type: 'plan', ...move.from, stack: source.stack?.name ?? null, ...is, changing, conflicts, unknown }));
    return;
  }
  const what = source.stack ? `the stack ${source.stack.name}` : `the ledger that a stack left`;
  terminal.err(`From ${what} in ${nameOf(move.from)} to the hub at ${nameOf(deployment.place)}:`);
  terminal.err(`  ${counts.case} cases, ${open} of them with an open finding, ${exempt} exempted by a person`);
  terminal.err(`  ${counts.finding} findings, with what an undo puts back and the plans that wait for approval`);
  terminal.err(`  ${counts.exemption} resources that are exempt, and ${counts.waiting} messages that wait for their time`);
  if (changing.length > 0) terminal.err(`  ${changing.length} of the cases have a fix in progress.`);
  if (unknown.length > 0)
    terminal.err(
      `  ${unknown.length} findings are of controls that this version does not have, and are left: ${unknown.slice(0, 3).map(plain).join(', ')}`,
    );
}

function checkConflicts({ conflicts }: Pick<Contents, 'conflicts'>, keep: Keep | undefined): void {
  if (conflicts.length === 0 || keep) return;
  const more = conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : '';
  throw new Failure(
    `The hub has ${conflicts.length} of these cases already, and otherwise: ${conflicts.slice(0, 5).map(plain).join(', ')}${more}.`,
    {
      next: 'It has served that place before. Say whose word holds: --keep hub, or --keep stack.',
    },
  );
}
