import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { unsettledStatuses } from '#shared/finding/finding.ts';
import { jsonLine } from '#shared/finding/text.ts';
import { findDeployment } from './deployment.ts';
import { paintStatus, table } from './draw.ts';
import { trying } from './failure.ts';
import { findingsSince } from './findings.ts';
import { whoAndWhy } from './pause.ts';
import type { ExitCode, Session } from './session.ts';
import { parseSince } from './times.ts';

/** How many messages a queue holds, about: SQS counts them with a delay. */
export interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** `redress status`: whether it is paused, what is on the queues, and what wants attention. */
export async function status({ terminal, json, where, now }: Session, options: { since: string }): Promise<ExitCode> {
  const since = parseSince(options.since, now());
  const { ledger, queues, sqs, stack } = await findDeployment(where);
  const isUnsettled = ({ status: one }: { status: (typeof unsettledStatuses)[number] }) => unsettledStatuses.includes(one);
  const [paused, found, depths] = await Promise.all([
    trying('read whether Redress is paused', () => ledger.paused()),
    trying('read the findings from the ledger', () => findingsSince(ledger, since, now(), isUnsettled, undefined, terminal.progress)),
    Promise.all(
      queues.map(async ({ kind, queueUrl, deadLetterUrl }) => ({
        kind,
        queue: await depthOf(sqs, queueUrl),
        deadLetters: await depthOf(sqs, deadLetterUrl),
      })),
    ),
  ]);
  const counts = unsettledStatuses.map((one) => ({ status: one, count: found.filter((finding) => finding.status === one).length }));
  if (json) {
    terminal.out(
      jsonLine({
        type: 'status',
        stack,
        paused: paused ?? null,
        queues: depths,
        unsettled: {
          since: since.toISOString(),
          total: found.length,
          ...Object.fromEntries(counts.map(({ status: one, count }) => [one, count])),
        },
      }),
    );
    return 0;
  }
  const { paint } = terminal;
  terminal.out(paused ? `${paint.yellow('Paused')} ${whoAndWhy(paused)}` : `${paint.green('Running.')} No pause is set.`);
  terminal.out('');
  const rows = depths.map(({ kind, queue, deadLetters: { waiting, inFlight } }) => {
    const dead = waiting + inFlight;
    return [kind, String(queue.waiting), String(queue.inFlight), String(queue.delayed), dead > 0 ? paint.red(String(dead)) : '0'];
  });
  terminal.out(table(['QUEUE', 'WAITING', 'IN HAND', 'FOR LATER', 'DEAD LETTERS'], rows, terminal));
  if (depths.some(({ deadLetters }) => deadLetters.waiting > 0))
    terminal.out('Put dead letters back with `redress redrive`, once what stopped them is mended.');
  terminal.out('');
  const some = counts.filter(({ count }) => count > 0).map(({ status: one, count }) => `${count} ${paintStatus(one, paint)}`);
  terminal.out(`Findings that want attention, since ${since.toISOString().slice(0, 10)}: ${some.join(', ') || 'none'}.`);
  return 0;
}

/** Asks SQS how much a queue holds. */
export async function depthOf(sqs: SQSClient, queueUrl: string): Promise<Depth> {
  const { Attributes } = await trying(`ask how much is on ${queueUrl}`, () =>
    sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
      }),
    ),
  );
  const number = (name: keyof NonNullable<typeof Attributes>) => Number(Attributes?.[name] ?? 0);
  return {
    waiting: number('ApproximateNumberOfMessages'),
    inFlight: number('ApproximateNumberOfMessagesNotVisible'),
    delayed: number('ApproximateNumberOfMessagesDelayed'),
  };
}
