import { DeleteMessageCommand, type Message, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { receiveDeadLetters } from '../../cli/dead-letters.ts';
import type { QueueMapping } from '../../local/emulator/stack.ts';

/** What is on the dead-letter queue. */
export interface DeadLetters {
  readonly queueUrl: string;
  readonly bodies: readonly Message[];
  /** How many there are by what their deliveries came to. */
  readonly byCause: { readonly [cause: string]: number };
}

/** So long nobody else gets them, in seconds. */
const IN_HAND = 600;

/** Takes all dead letters in hand; `returned` says of each message why it came back, each time. */
export async function deadLettersOf(
  sqs: SQSClient,
  queueUrl: string,
  returned: ReadonlyMap<string, readonly string[]>,
): Promise<DeadLetters> {
  const bodies: Message[] = [];
  for (;;) {
    const some = await receiveDeadLetters(sqs, queueUrl, IN_HAND);
    if (some.length === 0) break;
    bodies.push(...some);
  }
  const byCause: { [cause: string]: number } = {};
  for (const { MessageId = '' } of bodies) {
    const why = [...new Set(returned.get(MessageId) ?? ['unknown'])];
    const cause = why.length === 1 && why[0] === 'crash' ? 'killed at every try' : why.toSorted().join(' and ');
    byCause[cause] = (byCause[cause] ?? 0) + 1;
  }
  return { queueUrl, bodies, byCause };
}

/** Puts dead letters back where they came from. */
export async function redriven(sqs: SQSClient, { queueUrl, bodies }: DeadLetters, mappings: readonly QueueMapping[]): Promise<void> {
  for (const { Body = '', Attributes, ReceiptHandle } of bodies) {
    const source = mappings.find(({ queueArn }) => queueArn === Attributes?.DeadLetterQueueSourceArn);
    if (!source) throw new Error(`a dead letter of ${Attributes?.DeadLetterQueueSourceArn ?? 'no queue'} cannot be put back`);
    await sqs.send(new SendMessageCommand({ QueueUrl: source.queueUrl, MessageBody: Body }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  }
}
