import type { MotoClient } from '../emulator/moto-client.ts';
import { stringAt } from '../json.ts';

/** How many messages are on queues. */
export interface Queued {
  /** Those that a function could take, or has taken and not finished. */
  readonly now: number;
  /** Those that come when their delay is over. */
  readonly later: number;
}

const attributes = {
  now: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  later: ['ApproximateNumberOfMessagesDelayed'],
};

/** Counts the messages on these queues; none now means that no function runs, and that none is about to. */
export async function queued(moto: MotoClient, queueUrls: readonly string[], region: string): Promise<Queued> {
  const sum = { now: 0, later: 0 };
  // a second look sees what a function put into one queue after the first look there, and before that at its own queue
  for (const QueueUrl of [...queueUrls, ...queueUrls]) {
    // moto counts all messages nine times for these three, and once for all that there is
    const answer = await moto.json('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }, region);
    const count = (names: readonly string[]) => names.reduce((total, name) => total + Number(stringAt(answer, 'Attributes', name) ?? 0), 0);
    sum.now = Math.max(sum.now, count(attributes.now));
    sum.later = Math.max(sum.later, count(attributes.later));
  }
  return sum;
}
