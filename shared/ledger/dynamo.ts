import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { bytesOf, partsOf, WRITE_BATCH } from '#shared/aws/batches.ts';

/** An item of a table. */
export type Item = Record<string, AttributeValue>;

/**
 * Reads items by their keys, however many, consistently unless told otherwise; a key that is twice among them is asked for once, or
 * BatchGetItem would refuse.
 */
export async function getAll(
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
  { isConsistent: ConsistentRead = true }: { readonly isConsistent?: boolean } = {},
): Promise<Item[]> {
  const distinct = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  const found = partsOf(distinct, { count: 100, bytes: Number.POSITIVE_INFINITY }, () => 0).map(async (part) => {
    const items: Item[] = [];
    await untilNothingIsLeft(part, async (wanted) => {
      const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [...wanted], ConsistentRead } } }));
      items.push(...(answer.Responses?.[table] ?? []));
      return answer.UnprocessedKeys?.[table]?.Keys;
    });
    return items;
  });
  return (await Promise.all(found)).flat();
}

/** What stands under the bodies of one partition key's items, by the sort key: with `upTo` no later one, with a `Limit` no more than that. */
export async function bodiesUnder<Body>(
  client: DynamoDBClient,
  table: string,
  pk: string,
  { upTo, ...options }: Pick<QueryCommandInput, 'ConsistentRead' | 'Limit'> & { readonly upTo?: string } = {},
): Promise<Body[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: upTo === undefined ? 'pk = :pk' : 'pk = :pk AND sk <= :upTo',
    ExpressionAttributeValues: { ':pk': { S: pk }, ...(upTo !== undefined && { ':upTo': { S: upTo } }) },
    ...options,
  };
  const { Limit: most = Number.POSITIVE_INFINITY } = options;
  const found: Body[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    found.push(...Items.flatMap((item) => bodyOf<Body>(item) ?? []));
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** Puts and deletes items without conditions, however many; BatchWriteItem refuses a key that is given twice. */
export async function writeAll(client: DynamoDBClient, table: string, requests: readonly WriteRequest[]): Promise<void> {
  const writing = partsOf(requests, WRITE_BATCH, (request) => bytesOf(JSON.stringify(request))).map((part) =>
    untilNothingIsLeft(part, async (wanted) => {
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [...wanted] } }));
      return UnprocessedItems?.[table];
    }),
  );
  await Promise.all(writing);
}

/** How often writes that are made together are tried, if other calls to their items are in the way. */
const TRIES_TOGETHER = 6;

/** Makes all of these writes or none; false if a condition of one of them does not hold. */
export async function writeTogether(client: DynamoDBClient, items: TransactWriteItemsCommandInput['TransactItems']): Promise<boolean> {
  for (let n = 1; ; n += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).flatMap(({ Code }) => (Code && Code !== 'None' ? [Code] : []));
      if (codes.includes('ConditionalCheckFailed')) return false;
      // somebody who asks for the same lease is in the way for a moment; the SDK does not try again by itself
      const code = codes.find((one) => PASSING.includes(one));
      if (code === undefined) throw error;
      if (n === TRIES_TOGETHER) throw Object.assign(new Error(`DynamoDB does not take a transaction now: ${code}`), { code: 'Throttling' });
      await sleep(20 * 2 ** n * (0.5 + Math.random() / 2));
    }
  }
}

/** Why a transaction is not taken that may be taken in a moment. */
const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Calls until nothing is left over, ever more slowly: what is left was throttled, and the SDK's own retries do not see that. */
async function untilNothingIsLeft<One>(all: readonly One[], call: (wanted: readonly One[]) => Promise<One[] | undefined>): Promise<void> {
  let wanted = all;
  for (let pause = 50; wanted.length > 0; pause = Math.min(1000, pause * 2)) {
    wanted = (await call(wanted)) ?? [];
    if (wanted.length > 0) await sleep(pause);
  }
}

/** Whether a conditional write was taken. */
export async function isTaken(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** A day in seconds. */
export const DAY = 86_400;

/** The TTL attribute of what is kept for so many seconds from `now`. */
export function expires(now: Date, seconds: number): AttributeValue {
  return { N: String(Math.floor(now.getTime() / 1000) + seconds) };
}

/** The version of the bodies that this code writes; an item without one is of the time before they had any. */
export const VERSION = 1;

/** What an item holds beside its keys: a body, and the version of its shape. */
export function withBody(body: object): { readonly body: AttributeValue; readonly v: AttributeValue } {
  return { body: { S: JSON.stringify(body) }, v: { N: String(VERSION) } };
}

/** What stands under `body`; it was written by this code or an older one, so its type is known. Throws if a newer one wrote it. */
export function bodyOf<Body>(item: Item | undefined): Body | undefined {
  refuseNewer(item);
  const body = item?.['body']?.S;
  return body === undefined ? undefined : JSON.parse(body);
}

/** Throws if a newer version of Redress wrote the item: what it means by it is not known here. */
export function refuseNewer(item: Item | undefined): void {
  const version = Number(item?.['v']?.N ?? 0);
  if (version <= VERSION) return;
  throw new Error(
    `The ledger's item ${item?.['pk']?.S} has the version ${version}, and this version of Redress knows ${VERSION} at most: deploy the newer one again.`,
  );
}
