import { WAKE_SECONDS } from '#shared/finding/names.ts';
import { delayOf } from './backoff.ts';
import { NotTaken } from './outbox.ts';
import type { EngineDeps } from './types.ts';

/** So many messages are taken at once. */
const AT_ONCE = 100;
/** With less time left than this, in milliseconds, the rest is left to another invocation: the batch has cases too. */
const ENOUGH_MS = 30_000;

/**
 * Puts what is due before the next wake on the queue, and only then takes it out of the ledger: a crash in between makes a message
 * twice, which the lease and the done marks make harmless.
 */
export async function wake({ due, enqueue, now, remainingMs }: Pick<EngineDeps, 'due' | 'enqueue' | 'now' | 'remainingMs'>): Promise<void> {
  const until = new Date(now().getTime() + WAKE_SECONDS * 1000);
  let isMore = true;
  while (isMore && remainingMs() >= ENOUGH_MS) {
    const rows = await due.until(until, AT_ONCE);
    const messages = rows.map(({ at, message }) => ({
      body: { ...message, ...(message.order && { isFromLedger: true }) },
      delaySeconds: delayOf((Date.parse(at) - now().getTime()) / 1000),
    }));
    try {
      await enqueue(messages);
    } catch (error) {
      // those that the queue has must not come again with each wake
      if (error instanceof NotTaken) await due.remove(rows.filter((_, n) => !error.positions.has(n)));
      throw error;
    }
    await due.remove(rows);
    isMore = rows.length === AT_ONCE;
  }
  if (isMore) await enqueue([{ body: { wake: true }, delaySeconds: 1 }]);
}
