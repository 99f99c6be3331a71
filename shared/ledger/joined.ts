import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { JOINED, joinedKey, type NamedPlace } from './items.ts';

/** The places that joined a hub by themselves. */
export interface JoinedRows {
  has(place: NamedPlace): Promise<boolean>;
  add(place: NamedPlace, now: Date): Promise<void>;
  remove(place: NamedPlace): Promise<void>;
  /** All of them, always in the same order. */
  all(): Promise<NamedPlace[]>;
}

/** Those places in the ledger's table. */
export function joinedRows(table: string, client: DynamoDBClient): JoinedRows {
  const base = { TableName: table };
  return {
    async has(place) {
      const { Item } = await client.send(new GetItemCommand({ ...base, Key: joinedKey(place), ConsistentRead: true }));
      return Item !== undefined;
    },
    async add(place, now) {
      await client.send(new PutItemCommand({ ...base, Item: { ...joinedKey(place), joinedAt: { S: now.toISOString() } } }));
    },
    async remove(place) {
      await client.send(new DeleteItemCommand({ ...base, Key: joinedKey(place) }));
    },
    async all() {
      const query = {
        ...base,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: JOINED } },
        ConsistentRead: true,
      };
      const places: NamedPlace[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, query))
        for (const { sk } of Items) {
          const [account = '', region = ''] = (sk?.S ?? '').split('#');
          places.push({ account, region });
        }
      return places;
    },
  };
}
