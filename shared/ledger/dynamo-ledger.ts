import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Target } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import { dynamoCases } from './cases.ts';
import { doneRows } from './done.ts';
import { bodiesUnder, bodyOf, DAY, expires, type Item, isTaken, withBody, writeAll } from './dynamo.ts';
import { claimKey, keysOf, keysWithoutPlace, type NamedPlace, pauseKey, placeKey } from './items.ts';
import { dayOfFinding, type Ledger, type Pause, rowOf, type StoredRow } from './ledger.ts';

const KEPT_A_YEAR = 365 * DAY;

/** Long enough for a few sweeps after an exemption's end. */
const LOOKED_AT_AFTER = 8 * DAY;

/**
 * The ledger of one place, in one DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`.
 * Items of the time before keys named a place are of the deployment's `own` place, and are read where the new ones are not there.
 */
export function dynamoLedger(table: string, place: NamedPlace, client: DynamoDBClient, own = place): Ledger {
  const base = { TableName: table };
  const keys = keysOf(place);
  const rows = doneRows(table, client);
  const hasOld = placeKey(place) === placeKey(own);
  /** Under the new keys first, and then under those of before. */
  const allKeys = hasOld ? [keys, keysWithoutPlace] : [keys];

  async function get(key: Item): Promise<Item | undefined> {
    return (await client.send(new GetItemCommand({ ...base, Key: key, ConsistentRead: true }))).Item;
  }

  return {
    ...dynamoCases(table, client, keys, hasOld),

    async done(wanted) {
      const found = await rows.done(allKeys.flatMap(({ done }) => wanted.map(done)));
      return new Set(wanted.filter((key) => allKeys.some(({ done }) => found.has(done(key)))));
    },

    markDone: (done, now) => rows.markDone(done.map(keys.done), now),

    async putFindings(findings) {
      // of two with one id the later: BatchWriteItem refuses a key that is given twice
      const latest = [...new Map(findings.map((row) => [row.finding.id, row])).values()];
      const items = latest.map((row) => {
        const { id, control, status, timings } = row.finding;
        const now = new Date(timings.doneAt ?? timings.decidedAt ?? timings.receivedAt);
        const fields = { control: { S: control }, status: { S: status }, expiresAt: expires(now, KEPT_A_YEAR) };
        return { ...keys.finding(id), ...fields, ...withBody(row) };
      });
      await writeAll(
        client,
        table,
        items.map((Item) => ({ PutRequest: { Item } })),
      );
    },

    async getFinding(id) {
      if (!dayOfFinding(id)) return undefined;
      for (const { finding } of allKeys) {
        const row = bodyOf<StoredRow>(await get(finding(id)));
        if (row) return rowOf(row);
      }
      return undefined;
    },

    async findingsOf(day) {
      const found = await Promise.all(allKeys.toReversed().map(({ findings }) => bodiesUnder<StoredRow>(client, table, findings(day))));
      // of an old and a new one with one id the new one
      const latest = [...new Map(found.flat().map((row) => [row.finding.id, row])).values()];
      return latest.map(rowOf).sort((a, b) => a.finding.timings.receivedAt.localeCompare(b.finding.timings.receivedAt));
    },

    async reserve(window, wanted, limit, now) {
      const Key = keys.window(window);
      const take = (n: number) =>
        client.send(
          new UpdateItemCommand({
            ...base,
            Key,
            UpdateExpression: 'SET expiresAt = :expires ADD used :n',
            ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
            ExpressionAttributeValues: { ':n': { N: String(n) }, ':room': { N: String(limit - n) }, ':expires': expires(now, DAY) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
      for (let n = Math.min(wanted, limit); n > 0; ) {
        try {
          await take(n);
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
      const [Key, ...old] = allKeys.map(({ exemption }) => exemption(control, { type, id }));
      if (Key && until !== undefined) {
        const expiresAt = expires(new Date(endOf(until)), LOOKED_AT_AFTER);
        await client.send(new PutItemCommand({ ...base, Item: { ...Key, ...withBody({ type, id }), expiresAt } }));
      }
      const over = Key && until === undefined ? [Key, ...old] : old;
      await writeAll(
        client,
        table,
        over.map((one) => ({ DeleteRequest: { Key: one } })),
      );
    },

    async exempt(control) {
      const found = await Promise.all(allKeys.map(({ exempt }) => bodiesUnder<Target>(client, table, exempt(control))));
      return [...new Map(found.flat().map((target) => [`${target.type}#${target.id}`, target])).values()];
    },

    async claim(name, seconds, now) {
      const me = { S: randomUUID() };
      const Item = { ...claimKey(name), claimedBy: me, expiresAt: expires(now, seconds) };
      // the SDK tries again when an answer is lost, and then finds its own item
      const free = { ConditionExpression: 'attribute_not_exists(pk) OR claimedBy = :me', ExpressionAttributeValues: { ':me': me } };
      return await isTaken(client.send(new PutItemCommand({ ...base, Item, ...free })));
    },

    paused: async () => bodyOf<Pause>(await get(pauseKey)),

    async setPause(pause) {
      if (pause) await client.send(new PutItemCommand({ ...base, Item: { ...pauseKey, ...withBody(pause) } }));
      else await client.send(new DeleteItemCommand({ ...base, Key: pauseKey }));
    },
  };

  async function isFirst(Key: Item): Promise<boolean> {
    const told = {
      UpdateExpression: 'SET told = :me',
      // as in a claim: else a lost answer would leave nobody to say that the window is full
      ConditionExpression: 'attribute_not_exists(told) OR told = :me',
      ExpressionAttributeValues: { ':me': { S: randomUUID() } },
    };
    return await isTaken(client.send(new UpdateItemCommand({ ...base, Key, ...told })));
  }
}
