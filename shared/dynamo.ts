import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** An item of a table. */
export type Item = Record<string, AttributeValue>;

/** Reads items by their keys, consistently, however many; a key that is twice among them is asked for once, or BatchGetItem would refuse. */
export async function getAll(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<Item[]> {
  const found: Item[] = [];
  const distinct = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  // BatchGetItem takes 100 keys, and may leave some for another call
  for (let start = 0; start < distinct.length; start += 100) {
    let wanted = distinct.slice(start, start + 100);
    while (wanted.length > 0) {
      const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }));
      found.push(...(answer.Responses?.[table] ?? []));
      wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found;
}

/** What stands under `body`; it was written by the same code that reads it, so its type is known. */
export function bodyOf<Body>(item: Item | undefined): Body | undefined {
  const body = item?.['body']?.S;
  return body === undefined ? undefined : JSON.parse(body);
}
