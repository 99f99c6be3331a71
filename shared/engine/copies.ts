import { bytesOf } from '#shared/aws/batches.ts';
import type { Message } from '#shared/finding/message.ts';

/** So much of a copy goes on a queue or into the ledger: SQS took 256 KB before it took 1 MiB, and DynamoDB takes 400 KB an item. */
const MOST_BYTES = 200_000;
/** A part of a record that is larger is left out of a copy that is too large. */
const PART_BYTES = 4000;

/** What a call was given and what it answered: a copy says what that named, and either may hold a secret. */
const spoken = ['requestParameters', 'responseElements'];

/** A copy of a message that names what it is about, without what was said to AWS; of a large record only who did what and when goes with it. */
export function copyFor(message: Message, targets: NonNullable<Message['targets']>): Message {
  const copy = { ...message, targets };
  const { event } = copy;
  if (!event || typeof event.detail !== 'object' || event.detail === null) return copy;
  const isLarge = sizeOf(copy) > MOST_BYTES;
  const parts = Object.entries(event.detail).map(([name, part]) => {
    if (typeof part !== 'object' || part === null || name === 'userIdentity') return [name, part];
    const isKept = !spoken.includes(name) && (!isLarge || sizeOf(part) <= PART_BYTES);
    // CloudTrail's own word for what it leaves out
    return [name, isKept ? part : { omitted: true }];
  });
  return { ...copy, event: { ...event, detail: Object.fromEntries(parts) } };
}

function sizeOf(value: unknown): number {
  return bytesOf(JSON.stringify(value) ?? '');
}
