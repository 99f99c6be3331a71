import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { adviceText } from '#shared/control/iac.ts';
import { type Finding, isAhead } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { scopesAround } from '#shared/finding/pause.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import { discoverFunctions } from '../infra/catalog.ts';
import { type Answer, awaitAnswer } from './answer.ts';
import { callerIdentity, findDeployment, queueFor } from './deployment.ts';
import { changeLines, paintStatus } from './draw.ts';
import { Failure, trying } from './failure.ts';
import { checkId, findingOf } from './findings.ts';
import { whoAndWhy } from './pause.ts';
import type { ExitCode, Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { parseUntil } from './times.ts';

/** What the commands that order something take. */
export interface OrderOptions {
  readonly yes?: boolean;
  readonly wait: boolean;
  /** In seconds. */
  readonly timeout: number;
}

type Wish = Pick<Order, 'kind' | 'until' | 'reason'>;

/** `redress fix`: have a finding fixed. */
export const fix = (session: Session, options: OrderOptions, id = ''): Promise<ExitCode> =>
  giveOrder(session, options, id, { kind: 'fix' });

/** `redress undo`: put back the state from before a fix. */
export const undo = (session: Session, options: OrderOptions, id = ''): Promise<ExitCode> =>
  giveOrder(session, options, id, { kind: 'undo' });

/** `redress exempt`: leave a resource as it is for a time. */
export async function exempt(session: Session, options: OrderOptions & { until: string; reason: string }, id = ''): Promise<ExitCode> {
  const reason = plain(options.reason).trim();
  if (reason === '') throw new Failure('--reason is empty; say why, for those who look later.', { exitCode: 2 });
  return await giveOrder(session, options, id, { kind: 'exempt', until: parseUntil(options.until, session.now()), reason });
}

/** Shows what is asked for, sends it to the function's queue, and waits for what the engine makes of it. */
async function giveOrder({ terminal, json, where, now }: Session, options: OrderOptions, id: string, wish: Wish): Promise<ExitCode> {
  checkId(id);
  const [deployment, { arn }] = await Promise.all([findDeployment(where), callerIdentity(where)]);
  const { ledger, stack, sqs } = deployment;
  const row = await findingOf(ledger, id, stack);
  const functions = await discoverFunctions();
  const fn = functions.find(({ controls }) => controls.some(({ id: one }) => one === row.finding.control));
  const control = fn?.controls.find(({ id: one }) => one === row.finding.control);
  if (!fn || !control)
    throw new Failure(`The finding is of ${row.finding.control}, which this version of Redress does not have.`, {
      next: 'Use the version that is deployed.',
    });
  const { queueUrl } = queueFor(deployment, fn.id);
  // that of an OU is said by the answer: which OUs there are stands in the deployed config
  const scopes = deployment.isHub ? scopesAround(row.finding, {}) : undefined;
  const pause = wish.kind === 'exempt' ? undefined : await trying('read whether Redress is paused', () => ledger.paused(scopes));
  if (pause) terminal.err(`${terminal.paintError.yellow('Redress is paused')} ${whoAndWhy(pause)}`);

  if (!options.yes && terminal.confirm) {
    for (const line of preview(row, wish, terminal)) terminal.err(line);
    if (!(await terminal.confirm(`${questions[wish.kind]}?`))) throw new Failure('Nothing was sent to Redress.');
  }
  const { account, region } = row.finding;
  const plan = wish.kind === 'fix' ? row.finding.plan : undefined;
  const order: Order = {
    ...wish,
    ...(plan && { plan }),
    id: randomUUID(),
    finding: id,
    place: { account, region },
    by: arn,
    at: now().toISOString(),
  };
  await trying(`put the order on the queue ${queueUrl}`, () =>
    sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ control: control.id, order }) })),
  );
  const answer: Answer = options.wait
    ? await awaitAnswer({ ledger, row, order, seconds: options.timeout, progress: terminal.progress })
    : { outcome: 'sent', says: 'The order is on the queue.', finding: row.finding };
  if (json) terminal.out(jsonLine({ type: 'order', outcome: answer.outcome, says: answer.says, order, finding: answer.finding }));
  else tell(answer, order, terminal);
  return happened.includes(answer.outcome) ? 0 : 1;
}

/** What counts as done as asked: it was, it is on its way, or nobody waited to see. */
const happened: readonly Answer['outcome'][] = ['done', 'waiting', 'sent'];

const questions: { readonly [kind in Order['kind']]: string } = {
  fix: 'Have Redress look again, and fix it if it is still wrong',
  undo: 'Put the previous state back',
  exempt: 'Leave it as it is until then',
};

/** What would be sent, as far as the finding tells; the engine looks again before it sends anything. */
function preview({ finding, before }: FindingRow, { kind, until, reason }: Wish, { paintError: paint }: Terminal): string[] {
  const head = [
    `${paintStatus(finding.status, paint)}  ${paint.bold(plain(finding.title))}`,
    `${plain(finding.resource.id)} in ${plain(finding.account)} ${plain(finding.region)}: ${plain(finding.says)}`,
  ];
  if (kind === 'exempt') return [...head, `Exempt until ${until}: ${reason}`];
  if (kind === 'undo')
    return [
      ...head,
      `The previous state: ${before === undefined ? 'not known' : plain(JSON.stringify(before))}`,
      'Redress then leaves it unchanged for 7 days.',
    ];
  const changes = changeLines([...(isAhead(finding.status) ? finding.changes : []), ...finding.later], paint);
  return [...head, ...(changes.length > 0 ? ['What would be sent:', ...changes] : ['What is sent depends on what Redress finds.'])];
}

function tell({ outcome, says, finding }: Answer, { kind }: Order, { out, err, paint, paintError }: Terminal): void {
  const where = `See \`redress show ${finding.id}\`.`;
  if (outcome === 'done') {
    out(`${paintStatus(finding.status, paint)}  ${plain(says)}`);
    listSent(finding, out, paint);
  } else if (outcome === 'waiting') {
    out(`${paint.yellow(finding.changes.length > 0 ? 'under way' : `not ${past[kind]} yet`)}  ${plain(says)}`);
    err(where);
  } else if (outcome === 'sent' || outcome === 'unanswered') {
    err(`${outcome === 'sent' ? paintError.green('sent') : paintError.yellow('no answer yet')}  ${plain(says)} ${where}`);
  } else {
    out(`${paint.yellow(outcome === 'partly-done' ? 'partly done' : `not ${past[kind]}`)}  ${plain(says)}`);
    for (const advice of finding.advice) out(`  - ${plain(adviceText(advice))}`);
  }
}

const past: { readonly [kind in Order['kind']]: string } = { fix: 'fixed', undo: 'undone', exempt: 'exempt' };

function listSent({ status, changes }: Finding, out: Terminal['out'], paint: Terminal['paint']): void {
  if (status === 'exempt') return;
  for (const line of changeLines(changes, paint)) out(line);
}
