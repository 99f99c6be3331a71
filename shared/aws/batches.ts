import { classify } from './errors.ts';

/** What one call takes at most. */
export interface BatchLimit {
  readonly count: number;
  /** Of all items together, in UTF-8. */
  readonly bytes: number;
}

/**
 * SQS and EventBridge took 256 KB in all before they took 1 MiB, and not everywhere since the same day: this holds for both.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export const MESSAGE_BATCH: BatchLimit = { count: 10, bytes: 256_000 };

/** BatchWriteItem takes 25 items and 16 MB. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const WRITE_BATCH: BatchLimit = { count: 25, bytes: 15_000_000 };

/** The size of a text on its way, in bytes. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Items in parts that one call takes, in their order; one that is too large for any stands alone. */
export function partsOf<One>(all: readonly One[], { count, bytes }: BatchLimit, sizeOf: (one: One) => number): One[][] {
  const parts: One[][] = [];
  let room = 0;
  for (const one of all) {
    const size = sizeOf(one);
    const last = parts.at(-1);
    if (last && last.length < count && size <= room) {
      last.push(one);
      room -= size;
    } else {
      parts.push([one]);
      room = bytes - size;
    }
  }
  return parts;
}

/**
 * Makes a call for many items. If AWS refuses it, each half is tried alone, until the culprit is found: only that one has an
 * error for an answer. Whatever else goes wrong is thrown, for it is wrong for all.
 */
export async function halving<One, Answer>(
  items: readonly One[],
  call: (items: readonly One[]) => Promise<readonly (Answer | Error)[]>,
): Promise<readonly (Answer | Error)[]> {
  try {
    return await call(items);
  } catch (error) {
    if (!(error instanceof Error) || classify(error) !== 'refused') throw error;
    if (items.length <= 1) return items.map(() => error);
    const middle = Math.ceil(items.length / 2);
    const halves = [items.slice(0, middle), items.slice(middle)];
    return (await Promise.all(halves.map((half) => halving(half, call)))).flat();
  }
}
