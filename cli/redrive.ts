import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { jsonLine } from '#shared/finding/text.ts';
import { findDeployment, type KindQueues } from './deployment.ts';
import { table } from './draw.ts';
import { Failure, trying } from './failure.ts';
import type { ExitCode, Session } from './program.ts';
import { depthOf } from './status.ts';

/** Receivers at once, each with up to ten messages in hand. */
const RECEIVERS = 4;
/** How long a message in hand stays away from others, in seconds. */
const IN_HAND = 60;

/** What became of one dead-letter queue. */
interface Moved {
  readonly kind: string;
  moved: number;
  /** Why a message was not moved; it stays where it was. */
  readonly failures: unknown[];
}

/** `redress redrive`: puts dead letters back on their queues; their bodies are neither kept nor shown. */
export async function redrive({ terminal, json, where }: Session, _options: object, kind?: string): Promise<ExitCode> {
  const deployment = await findDeployment(where);
  const { sqs } = deployment;
  const chosen = deployment.queues.filter((one) => kind === undefined || one.kind === kind);
  if (chosen.length === 0) {
    const known = deployment.queues.map((one) => one.kind).join(', ');
    throw new Failure(`There is no queue of the kind ${kind ?? 'asked for'}; the stack ${deployment.stack} has ${known || 'none'}.`, {
      exitCode: 2,
    });
  }
  const stop = { isAsked: false };
  const onInterrupt = () => {
    // what is in hand is put down first; who insists gets the signal's own way
    stop.isAsked = true;
    terminal.err('Stopping, once what is in hand is put back …');
  };
  process.once('SIGINT', onInterrupt);
  try {
    const results: Moved[] = [];
    for (const queues of chosen) {
      const { waiting } = await depthOf(sqs, queues.deadLetterUrl);
      const result: Moved = { kind: queues.kind, moved: 0, failures: [] };
      results.push(result);
      const show = () => terminal.progress(`${queues.kind}: ${result.moved} of about ${Math.max(waiting, result.moved)} put back …`);
      show();
      // a failed receiver ends alone; the others still put down what they hold
      await Promise.all(
        Array.from({ length: RECEIVERS }, () =>
          moveSome(sqs, queues, result, stop, show).catch((error: unknown) => result.failures.push(error)),
        ),
      );
      if (result.failures.length > 0) stop.isAsked = true;
      if (stop.isAsked) break;
    }
    terminal.progress();
    if (json)
      for (const { kind: name, moved, failures } of results)
        terminal.out(jsonLine({ type: 'redrive', kind: name, moved, failed: failures.length }));
    else
      terminal.out(
        table(
          ['QUEUE', 'PUT BACK'],
          results.map(({ kind: name, moved }) => [name, String(moved)]),
          terminal,
        ),
      );
    const failure = results.flatMap(({ failures }) => failures)[0];
    if (failure !== undefined)
      await trying('put every dead letter back; what was not moved is still in its dead-letter queue', () => Promise.reject(failure));
    if (stop.isAsked) terminal.err('Stopped before the end; the rest is still in the dead-letter queues.');
    return stop.isAsked ? 1 : 0;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** Moves messages until the queue shows none. */
async function moveSome(
  sqs: SQSClient,
  { queueUrl, deadLetterUrl }: KindQueues,
  result: Moved,
  stop: { readonly isAsked: boolean },
  show: () => void,
): Promise<void> {
  while (!stop.isAsked && result.failures.length === 0) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetterUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: IN_HAND,
        // long polling asks every server of the queue; a short one may find nothing where there is something
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      }),
    );
    if (Messages.length === 0) return;
    await Promise.all(Messages.map((message) => move(sqs, message, queueUrl, deadLetterUrl, result)));
    show();
  }
}

/**
 * The body as its queue takes it. What EventBridge could not deliver is in the same dead-letter queue, and AWS does not document
 * whether as the rule's input or as the bare event; a bare one is wrapped as its rule, `RULE_ARN`, would have done.
 */
export function asMessage(body: string, ruleArn: string | undefined): string {
  const [, control, suffix] = /:rule\/redress-(.+?)(-sweep|-deployed|-wake)?$/.exec(ruleArn ?? '') ?? [];
  if (control === undefined) return body;
  try {
    const event: unknown = JSON.parse(body);
    const isBare = typeof event === 'object' && event !== null && 'detail-type' in event && !('control' in event);
    if (!isBare || control === 'alerts') return body;
    return JSON.stringify({ ...(suffix === '-wake' ? { wake: true } : { control }), event });
  } catch {
    // not JSON: the queue's own parser says so better
    return body;
  }
}

/** Sends before it deletes: whatever happens between, the message is there at least once. */
async function move(
  sqs: SQSClient,
  { Body, ReceiptHandle, MessageAttributes, Attributes }: Message,
  queueUrl: string,
  deadLetterUrl: string,
  result: Moved,
): Promise<void> {
  const trace = Attributes?.AWSTraceHeader;
  try {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: asMessage(Body ?? '', MessageAttributes?.['RULE_ARN']?.StringValue),
        ...(MessageAttributes && { MessageAttributes }),
        ...(trace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }),
      }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle }));
    result.moved += 1;
  } catch (error) {
    result.failures.push(error);
    // best effort: it would show again by itself after IN_HAND seconds
    await sqs
      .send(new ChangeMessageVisibilityCommand({ QueueUrl: deadLetterUrl, ReceiptHandle, VisibilityTimeout: 0 }))
      .catch(() => undefined);
  }
}
