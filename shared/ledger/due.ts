import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Message } from '#shared/finding/message.ts';
import { bodiesUnder, withBody, writeAll } from './dynamo.ts';
import { dueUnder, keyOf, type NamedPlace } from './items.ts';

/** A message that waits for its time. */
interface Due {
  /** What tells it from the others: its time, and a name. */
  readonly key: string;
  /** When it is due, ISO 8601. */
  readonly at: string;
  readonly message: Message;
}

/** The messages of one function that wait for longer than its queue should hold them. */
export interface DueRows {
  put(waiting: readonly Omit<Due, 'key'>[]): Promise<void>;
  /** What is due by a time, earliest first, up to `most`. */
  until(time: Date, most: number): Promise<readonly Due[]>;
  remove(rows: readonly Due[]): Promise<void>;
}

/** The waiting messages of a function, in the ledger's table; `place` is where the function is, not what the messages are about. */
export function dueRows(table: string, client: DynamoDBClient, place: NamedPlace, functionName: string): DueRows {
  const pk = dueUnder(place, functionName);
  return {
    put: (waiting) =>
      writeAll(
        client,
        table,
        waiting.map(({ at, message }) => {
          const due: Due = { key: `${at}#${randomUUID()}`, at, message };
          // without a TTL: what nobody woke must not be lost
          return { PutRequest: { Item: { ...keyOf(pk, due.key), ...withBody(due) } } };
        }),
      ),

    until: (time, most) => bodiesUnder<Due>(client, table, pk, { ConsistentRead: true, Limit: most, upTo: `${time.toISOString()}~` }),

    remove: (rows) =>
      writeAll(
        client,
        table,
        rows.map(({ key }) => ({ DeleteRequest: { Key: keyOf(pk, key) } })),
      ),
  };
}
