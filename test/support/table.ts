import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { type Expressions, holds, update } from './expressions.ts';

/** An item of the table. */
export type Item = Record<string, AttributeValue>;

type Write = Expressions & { Key?: Item; Item?: Item; UpdateExpression?: string | undefined; ReturnValuesOnConditionCheckFailure?: string };

/** A DynamoDB table in memory, which takes what the ledger sends and refuses what it does not know; moto holds the same tests in test/e2e/ledger.test.ts. */
export class MemoryTable {
  items = new Map<string, Item>();
  readonly client: DynamoDBClient;
  /** Called before and after every call, by its name; a test throws there, or never answers. */
  around: (name: string, call: () => object, command: object) => Promise<object> = async (_name, call) => call();

  constructor(items: readonly Item[] = []) {
    for (const item of items) this.items.set(keyOf(item), structuredClone(item));
    const send = (command: { constructor: { name: string }; input: object }) =>
      // an answer never comes within the turn of its call
      Promise.resolve().then(() => this.around(command.constructor.name, () => this.#answer(command), command));
    this.client = Object.assign(new DynamoDBClient({ region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }), {
      send,
    });
  }

  /** Everything in it, as text. */
  dump(): string {
    return JSON.stringify([...this.items.values()]);
  }

  #answer(command: object): object {
    if (command instanceof GetItemCommand) return this.#found(command.input.Key ?? {});
    if (command instanceof PutItemCommand || command instanceof UpdateItemCommand || command instanceof DeleteItemCommand) {
      const write: Write = command.input as Write;
      this.#check(write);
      const item = this.#apply(write);
      return item && command instanceof UpdateItemCommand ? { Attributes: structuredClone(item) } : {};
    }
    if (command instanceof TransactWriteItemsCommand) return this.#transact(command.input.TransactItems ?? []);
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof ScanCommand) return { Items: structuredClone([...this.items.values()]) };
    if (command instanceof BatchGetItemCommand) return this.#batchGet(command.input.RequestItems ?? {});
    if (command instanceof BatchWriteItemCommand) return this.#batchWrite(command.input.RequestItems ?? {});
    throw new Error(`the table does not know ${command.constructor.name}`);
  }

  #found(key: Item): { Item?: Item } {
    const item = this.items.get(keyOf(key));
    return item ? { Item: structuredClone(item) } : {};
  }

  #holds(write: Write): boolean {
    return holds(write.ConditionExpression, this.items.get(keyOf(write.Key ?? write.Item)) ?? {}, write);
  }

  #check(write: Write): void {
    if (this.#holds(write)) return;
    const item = this.items.get(keyOf(write.Key ?? write.Item));
    const isShown = write.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: { httpStatusCode: 400 },
      ...(isShown && { Item: structuredClone(item) }),
    });
  }

  #apply(write: Write): Item | undefined {
    refuseLong(write.Key ?? write.Item);
    const key = keyOf(write.Key ?? write.Item);
    refuseLarge(write.Item);
    if (write.Item) this.items.set(key, structuredClone(write.Item));
    else if (write.UpdateExpression === undefined) this.items.delete(key);
    else {
      const item = update(write.UpdateExpression, { ...write.Key, ...this.items.get(key) }, write);
      refuseLarge(item);
      this.items.set(key, item);
    }
    return this.items.get(key);
  }

  #transact(items: readonly { Put?: unknown; Update?: unknown; Delete?: unknown; ConditionCheck?: unknown }[]): object {
    const checks = items.map(({ Put, Update, Delete, ConditionCheck }) => (Put ?? Update ?? Delete ?? ConditionCheck) as Write);
    const writes = checks.filter((_, n) => items[n]?.ConditionCheck === undefined);
    const CancellationReasons = checks.map((write) => (this.#holds(write) ? { Code: 'None' } : { Code: 'ConditionalCheckFailed' }));
    if (CancellationReasons.some(({ Code }) => Code !== 'None'))
      throw new TransactionCanceledException({ message: 'Transaction cancelled', CancellationReasons, $metadata: { httpStatusCode: 400 } });
    for (const write of writes) this.#apply(write);
    return {};
  }

  #query({
    KeyConditionExpression,
    Limit,
    ExclusiveStartKey,
    FilterExpression,
    ...names
  }: Expressions & {
    FilterExpression?: string | undefined;
    KeyConditionExpression?: string | undefined;
    Limit?: number | undefined;
    ExclusiveStartKey?: Item | undefined;
  }): object {
    const all = [...this.items.values()]
      .filter((item) => holds(KeyConditionExpression, item, names))
      .sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
    const start = ExclusiveStartKey ? all.findIndex((item) => keyOf(item) === keyOf(ExclusiveStartKey)) + 1 : 0;
    const page = all.slice(start, start + (Limit ?? all.length));
    const last = page.at(-1);
    return {
      Items: structuredClone(page.filter((item) => holds(FilterExpression, item, names))),
      ...(last && start + page.length < all.length && { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } }),
    };
  }

  #batchGet(requests: Record<string, { Keys?: Item[] | undefined }>): object {
    const Responses = Object.entries(requests).map(([table, { Keys = [] }]) => {
      refuseTwice(Keys);
      Keys.forEach(refuseLong);
      return [table, Keys.map((key) => this.#found(key).Item).filter((item) => item !== undefined)];
    });
    return { Responses: Object.fromEntries(Responses) };
  }

  #batchWrite(requests: Record<string, WriteRequest[]>): object {
    for (const all of Object.values(requests)) {
      refuseTwice(all.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {}));
      for (const { PutRequest, DeleteRequest } of all) {
        refuseLong(PutRequest?.Item ?? DeleteRequest?.Key);
        refuseLarge(PutRequest?.Item);
      }
      for (const { PutRequest, DeleteRequest } of all)
        this.#apply({ ...(PutRequest?.Item && { Item: PutRequest.Item }), ...(DeleteRequest?.Key && { Key: DeleteRequest.Key }) });
    }
    return {};
  }
}

function refuseTwice(keys: readonly Item[]): void {
  if (keys.length > 100) throw new Error('Too many items requested');
  if (new Set(keys.map(keyOf)).size < keys.length) throw new Error('Provided list of item keys contains duplicates');
}

/** DynamoDB's limits: 2,048 bytes of a partition key, 400 KB an item. */
function refuseLong(key: Item | undefined): void {
  if (Buffer.byteLength(key?.['pk']?.S ?? '') > 2048)
    throw invalid('One or more parameter values were invalid: Size of hashkey has exceeded');
}

function refuseLarge(item: Item | undefined): void {
  const size = Object.entries(item ?? {}).reduce((sum, [name, { S = '', N = '' }]) => sum + Buffer.byteLength(name + S + N), 0);
  if (size > 400 * 1024) throw invalid('Item size has exceeded the maximum allowed size');
}

function invalid(message: string): Error {
  return Object.assign(new Error(message), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
}

function keyOf(item: Item | undefined): string {
  return `${item?.['pk']?.S} ${sortKeyOf(item)}`;
}

function sortKeyOf(item: Item | undefined): string {
  return item?.['sk']?.S ?? '';
}
