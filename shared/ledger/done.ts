import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DAY, expires, getAll, writeAll } from './dynamo.ts';
import { doneKey } from './items.ts';

/** SQS keeps a message for at most 14 days, so no repeat comes later. */
const KEPT_FOR_REPEATS = 15 * DAY;

/** What was done before, by any key. */
export interface DoneRows {
  /** Which of the keys are there. */
  done(keys: readonly string[]): Promise<ReadonlySet<string>>;
  markDone(keys: readonly string[], now: Date): Promise<void>;
}

/** The rows of what was done, in the ledger's table. */
export function doneRows(table: string, client: DynamoDBClient): DoneRows {
  return {
    async done(keys) {
      const items = await getAll(client, table, keys.map(doneKey));
      return new Set(items.map((item) => (item['pk']?.S ?? '').slice('DONE#'.length)));
    },
    markDone: (keys, now) =>
      writeAll(
        client,
        table,
        keys.map((key) => ({ PutRequest: { Item: { ...doneKey(key), expiresAt: expires(now, KEPT_FOR_REPEATS) } } })),
      ),
  };
}
