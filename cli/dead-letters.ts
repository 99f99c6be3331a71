import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ControlFunction } from '#shared/control/control.ts';
import { HUB_BUS } from '#shared/finding/names.ts';
import type { RuleProps } from '../infra/rules.ts';
import { headsOfSweeps } from '../infra/sweep-rules.ts';
import type { KindQueue } from './deployment.ts';
import { trying } from './failure.ts';

/** How many messages a queue holds, about: SQS counts them with a delay. */
export interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
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

/** Receives at most ten dead letters, with all that says where they came from, and keeps them from others for some seconds. */
export async function receiveDeadLetters(sqs: SQSClient, queueUrl: string, seconds: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: seconds,
      // long polling asks every server of the queue; a short one may find nothing where there is something
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['AWSTraceHeader', 'DeadLetterQueueSourceArn'],
    }),
  );
  return Messages;
}

/** Shows messages to others again at once, as far as SQS takes it; they would show by themselves after their seconds. */
export async function release(sqs: SQSClient, queueUrl: string, receipts: readonly string[]): Promise<void> {
  for (let start = 0; start < receipts.length; start += 10) {
    const Entries = receipts.slice(start, start + 10).map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })).catch(() => undefined);
  }
}

/**
 * The queue that a dead letter was sent to; undefined if nothing says, or it is no queue of this stack. SQS names the queue
 * of what a function could not handle, and EventBridge the target of what it could not deliver.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function originOf(
  { Attributes, MessageAttributes, Body = '' }: Message,
  deadLetterUrl: string,
  queues: readonly KindQueue[],
): KindQueue | undefined {
  const source = Attributes?.DeadLetterQueueSourceArn;
  // SQS alone sets the source. Who may send to a dead-letter queue can set what EventBridge sets, and the order would go on
  // in the name of whoever puts it back; EventBridge never carries one.
  if (source === undefined && isOrder(Body)) return undefined;
  const target = source ?? MessageAttributes?.['TARGET_ARN']?.StringValue;
  const name = target?.split(':').at(-1) ?? /\/([^/]+)-dlq$/.exec(deadLetterUrl)?.[1];
  return queues.find(({ queueUrl }) => queueUrl.endsWith(`/${name}`));
}

/**
 * The body as its queue takes it. AWS does not document whether EventBridge keeps what it could not deliver as the rule's
 * input or as the bare event; a bare one is wrapped as its rule, `RULE_ARN`, would have done.
 */
export function asMessage(body: string, ruleArn: string | undefined, functions: readonly ControlFunction[]): string {
  const [, path] = /:rule\/(.+)$/.exec(ruleArn ?? '') ?? [];
  const head = path === undefined ? undefined : headOf(path, functions);
  const event = head === undefined ? undefined : parsed(body);
  const isBare = typeof event === 'object' && event !== null && 'detail-type' in event;
  return isBare ? JSON.stringify({ ...head, event }) : body;
}

/** What a rule puts beside the event; undefined for one that sends the event as it is. */
function headOf(path: string, functions: readonly ControlFunction[]): RuleProps['head'] {
  const ofSweep = headsOfSweeps(functions).get(path);
  if (ofSweep) return ofSweep;
  // a version before had rules for the sweeps of each control
  const [, control, suffix] = /^redress-(.+?)(-sweep|-deployed|-wake)?$/.exec(path.replace(`${HUB_BUS}/`, '')) ?? [];
  if (suffix === '-wake') return { wake: true };
  return control === undefined ? undefined : { control };
}

function isOrder(body: string): boolean {
  const message = parsed(body);
  return typeof message === 'object' && message !== null && 'order' in message;
}

// what is not JSON, the queue's own parser says better
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
