import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LeaseLost } from '#shared/aws/errors.ts';
import type { Target } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import { bodiesUnder, bodyOf, getAll, type Item, isTaken, writeAll } from './dynamo.ts';
import { caseKey, claimKey, doneKey, exemptKey, findingKey, pauseKey } from './items.ts';
import { type CaseState, dayOfFinding, type Ledger, type Pause, rowOf, type StoredRow } from './ledger.ts';

const DAY = 86_400;
const KEPT_A_YEAR = 365 * DAY;
/** SQS keeps a message for 14 days at the most, so no repeat comes later. */
const KEPT_FOR_REPEATS = 15 * DAY;

/** Long enough for a few sweeps after an exemption's end. */
const LOOKED_AT_AFTER = 8 * DAY;

/** The ledger in one DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`. */
export function dynamoLedger(table: string, client = new DynamoDBClient({})): Ledger {
  const base = { TableName: table };
  const expires = (now: Date, seconds: number) => ({ N: String(Math.floor(now.getTime() / 1000) + seconds) });
  const mine = { ConditionExpression: 'leaseOwner = :me' };

  async function get(key: Item): Promise<Item | undefined> {
    return (await client.send(new GetItemCommand({ ...base, Key: key, ConsistentRead: true }))).Item;
  }

  const putAll = (items: readonly Item[]) =>
    writeAll(
      client,
      table,
      items.map((one) => ({ PutRequest: { Item: one } })),
    );

  return {
    async lease(control, target, owner, now, seconds) {
      const until = now.getTime() + seconds * 1000;
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            ...base,
            Key: caseKey(control, target),
            UpdateExpression: 'SET leaseOwner = :me, leaseUntil = :until, expiresAt = :expires',
            ConditionExpression: 'attribute_not_exists(leaseOwner) OR leaseUntil < :now',
            ExpressionAttributeValues: {
              ':me': { S: owner },
              ':until': { N: String(until) },
              ':now': { N: String(now.getTime()) },
              ':expires': expires(now, KEPT_A_YEAR),
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return bodyOf<CaseState>(Attributes) ?? { control, resource: { type: target.type, id: target.id }, fixes: [] };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    async save(state, owner) {
      await orLeaseLost(
        client.send(
          new UpdateItemCommand({
            ...base,
            Key: caseKey(state.control, state.resource),
            UpdateExpression: 'SET #body = :body',
            ...mine,
            ExpressionAttributeNames: { '#body': 'body' },
            ExpressionAttributeValues: { ':body': { S: JSON.stringify(state) }, ':me': { S: owner } },
          }),
        ),
      );
    },

    async release(control, target, owner, state) {
      const Key = caseKey(control, target);
      if (!state) {
        await orLeaseLost(
          client.send(new DeleteItemCommand({ ...base, Key, ...mine, ExpressionAttributeValues: { ':me': { S: owner } } })),
        );
        return;
      }
      await orLeaseLost(
        client.send(
          new UpdateItemCommand({
            ...base,
            Key,
            UpdateExpression: 'SET #body = :body REMOVE leaseOwner, leaseUntil',
            ...mine,
            ExpressionAttributeNames: { '#body': 'body' },
            ExpressionAttributeValues: { ':body': { S: JSON.stringify(state) }, ':me': { S: owner } },
          }),
        ),
      );
    },

    async done(keys) {
      const items = await getAll(client, table, keys.map(doneKey));
      return new Set(items.map((item) => (item['pk']?.S ?? '').slice('DONE#'.length)));
    },

    async markDone(keys, now) {
      await putAll(keys.map((key) => ({ ...doneKey(key), expiresAt: expires(now, KEPT_FOR_REPEATS) })));
    },

    async putFindings(rows) {
      // of two with one id the later: BatchWriteItem refuses a key that is given twice
      const latest = [...new Map(rows.map((row) => [row.finding.id, row])).values()];
      await putAll(
        latest.map((row) => {
          const { id, control, status, timings } = row.finding;
          const now = new Date(timings.doneAt ?? timings.decidedAt ?? timings.receivedAt);
          return {
            ...findingKey(id),
            control: { S: control },
            status: { S: status },
            body: { S: JSON.stringify(row) },
            expiresAt: expires(now, KEPT_A_YEAR),
          };
        }),
      );
    },

    async getFinding(id) {
      const row = dayOfFinding(id) ? bodyOf<StoredRow>(await get(findingKey(id))) : undefined;
      return row && rowOf(row);
    },

    async findingsOf(day) {
      const found = await bodiesUnder<StoredRow>(client, table, `FINDINGS#${day}`);
      return found.map(rowOf).sort((a, b) => a.finding.timings.receivedAt.localeCompare(b.finding.timings.receivedAt));
    },

    async reserve(window, wanted, limit, now) {
      const Key = { pk: { S: `WINDOW#${window}` }, sk: { S: 'WINDOW' } };
      const take = (n: number, note: string) =>
        client.send(
          new UpdateItemCommand({
            ...base,
            Key,
            UpdateExpression: `SET expiresAt = :expires${note} ADD used :n`,
            ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
            ExpressionAttributeValues: { ':n': { N: String(n) }, ':room': { N: String(limit - n) }, ':expires': expires(now, DAY) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
      for (let n = Math.min(wanted, limit); n > 0; ) {
        try {
          await take(n, '');
          if (n === wanted) return { granted: n, isFirstRefusal: false };
          return { granted: n, isFirstRefusal: await isFirst(Key) };
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          n = Math.min(n - 1, limit - Number(error.Item?.['used']?.N ?? limit));
        }
      }
      return { granted: 0, isFirstRefusal: await isFirst(Key) };
    },

    async keepExempt(control, { type, id }, until) {
      const Key = exemptKey(control, { type, id });
      if (until === undefined) {
        await client.send(new DeleteItemCommand({ ...base, Key }));
        return;
      }
      const expiresAt = expires(new Date(endOf(until)), LOOKED_AT_AFTER);
      await client.send(new PutItemCommand({ ...base, Item: { ...Key, body: { S: JSON.stringify({ type, id }) }, expiresAt } }));
    },

    exempt: (control) => bodiesUnder<Target>(client, table, exemptKey(control).pk.S),

    async claim(name, seconds, now) {
      const me = { S: randomUUID() };
      const Item = { ...claimKey(name), claimedBy: me, expiresAt: expires(now, seconds) };
      // the SDK tries again when an answer is lost, and then finds its own item
      const free = { ConditionExpression: 'attribute_not_exists(pk) OR claimedBy = :me', ExpressionAttributeValues: { ':me': me } };
      return await isTaken(client.send(new PutItemCommand({ ...base, Item, ...free })));
    },

    paused: async () => bodyOf<Pause>(await get(pauseKey)),

    async setPause(pause) {
      if (pause) await client.send(new PutItemCommand({ ...base, Item: { ...pauseKey, body: { S: JSON.stringify(pause) } } }));
      else await client.send(new DeleteItemCommand({ ...base, Key: pauseKey }));
    },
  };

  async function isFirst(Key: Item): Promise<boolean> {
    const told = {
      UpdateExpression: 'SET told = :yes',
      ConditionExpression: 'attribute_not_exists(told)',
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
    };
    return await isTaken(client.send(new UpdateItemCommand({ ...base, Key, ...told })));
  }
}

async function orLeaseLost(sending: Promise<unknown>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new LeaseLost('another invocation took the case over', { cause: error });
    throw error;
  }
}
