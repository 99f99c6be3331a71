import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Target } from '#shared/control/control.ts';
import { endOf } from '#shared/finding/config.ts';
import { dynamoCases } from './cases.ts';
import { doneRows } from './done.ts';
import { bodiesUnder, bodyOf, DAY, expires, getAll, type Item, isTaken, withBody, writeAll } from './dynamo.ts';
import { findingItem, findingsInAll } from './findings.ts';
import {
  claimKey,
  isOlderThanPlaces,
  keysOf,
  keysOfMember,
  keysWithoutFunction,
  keysWithoutPlace,
  LOOKED_AT,
  type NamedPlace,
  OPEN_INDEX,
  OPEN_UNDER,
  PAUSED,
  pauseKey,
  placeKey,
} from './items.ts';
import { dayOfFinding, type Ledger, type Pause, rowOf, type StoredRow } from './ledger.ts';
import { sweepNotes } from './sweep-notes.ts';
import { reserveIn } from './windows.ts';

/** Long enough for a few sweeps after an exemption's end. */
const LOOKED_AT_AFTER = 8 * DAY;

/** Of so many open findings a call of `openTargets` answers. */
const PART = 500;

/** Whose ledger it is. */
export interface LedgerOptions {
  readonly place: NamedPlace;
  /** Where the deployment is: items of the time before keys named a place are of it. */
  readonly own?: NamedPlace;
  /** The functions whose findings are read, by their whole names; what is written is the first's. */
  readonly functions: readonly string[];
  /** Whether the table is a hub's, so that what is written comes into the index of all findings. */
  readonly isHub?: boolean;
  /** Whether findings of all places of a hub are read, as people do: a function reads those of one place. */
  readonly readsAll?: boolean;
}

/**
 * The ledger of one place, in one DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`.
 * Items under the keys of a version before are read where the new ones are not there.
 */
export function dynamoLedger(
  table: string,
  client: DynamoDBClient,
  { place, own = place, functions, isHub = false, readsAll = false }: LedgerOptions,
): Ledger {
  const base = { TableName: table };
  const [writer] = functions;
  if (writer === undefined) throw new TypeError('a ledger of no function');
  const isOwn = placeKey(place) === placeKey(own);
  const isMember = isHub && !isOwn;
  const keysFor = (name: string) => (isOwn ? keysOf(place, name) : keysOfMember(place, name));
  const keys = keysFor(writer);
  const rows = doneRows(table, client);
  const hasOld = isOwn && functions.some(isOlderThanPlaces);
  const oldest = hasOld ? [keysWithoutPlace] : [];
  /** Under the new keys first, and then under those of before; only those of findings changed twice. */
  const allKeys = [keys, ...oldest];
  const keysOfFindings = [...functions.map(keysFor), ...(isOwn ? [keysWithoutFunction(place)] : []), ...oldest];

  async function get(key: Item): Promise<Item | undefined> {
    return (await client.send(new GetItemCommand({ ...base, Key: key, ConsistentRead: true }))).Item;
  }

  return {
    ...dynamoCases(table, client, keys, { hasOld, isHub, isMember }),
    ...sweepNotes(table, client, keys, writer),

    async done(wanted) {
      const found = await rows.done(allKeys.flatMap(({ done }) => wanted.map(done)));
      return new Set(wanted.filter((key) => allKeys.some(({ done }) => found.has(done(key)))));
    },

    async putFindings(findings) {
      // of two with one id the later: BatchWriteItem refuses a key that is given twice
      const latest = [...new Map(findings.map((row) => [row.finding.id, row])).values()];
      await writeAll(
        client,
        table,
        latest.map((row) => ({ PutRequest: { Item: findingItem(keys, row, isHub) } })),
      );
    },

    async getFinding(id) {
      const day = dayOfFinding(id);
      if (!day) return undefined;
      const wanted = keysOfFindings.map(({ finding }) => finding(id));
      const found = new Map((await getAll(client, table, wanted)).map((item) => [item['pk']?.S, item]));
      const first = wanted.map(({ pk }) => found.get(pk?.S)).find((item) => item !== undefined);
      const row = bodyOf<StoredRow>(first) ?? (readsAll ? (await findingsInAll(client, table, day, id))[0] : undefined);
      return row && rowOf(row);
    },

    async findingsOf(day) {
      const found = await Promise.all(
        keysOfFindings.toReversed().map(({ findings }) => bodiesUnder<StoredRow>(client, table, findings(day))),
      );
      if (readsAll) found.push(await findingsInAll(client, table, day));
      // of an old and a new one with one id the new one
      const latest = [...new Map(found.flat().map((row) => [row.finding.id, row])).values()];
      return latest.map(rowOf).sort((a, b) => a.finding.timings.receivedAt.localeCompare(b.finding.timings.receivedAt));
    },

    reserve: (window, wanted, limit, now, asker) => reserveIn(table, client, keys.window(window), wanted, limit, now, asker),

    async keepExempt(control, { type, id }, until) {
      const [Key, ...old] = allKeys.map(({ exemption }) => exemption(control, { type, id }));
      if (Key && until !== undefined) {
        const expiresAt = expires(new Date(endOf(until)), LOOKED_AT_AFTER);
        await client.send(new PutItemCommand({ ...base, Item: { ...Key, ...withBody({ type, id }), expiresAt } }));
        if (isMember) await client.send(new DeleteItemCommand({ ...base, Key: keys.nothing(control) }));
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

    async openTargets(control, since, from) {
      const { Items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          ...base,
          IndexName: OPEN_INDEX,
          KeyConditionExpression: `${OPEN_UNDER} = :open`,
          FilterExpression: `attribute_not_exists(${LOOKED_AT}) OR ${LOOKED_AT} < :since`,
          ExpressionAttributeValues: { ':open': { S: keys.open(control) }, ':since': { N: String(since.getTime()) } },
          Limit: PART,
          ...(from !== undefined && { ExclusiveStartKey: JSON.parse(from) }),
        }),
      );
      const targets = Items.flatMap(({ pk }) => (pk?.S === undefined ? [] : keys.targetIn(control, pk.S)));
      return { targets, ...(last && { next: JSON.stringify(last) }) };
    },

    async claim(name, seconds, now) {
      const me = { S: randomUUID() };
      const Item = { ...claimKey(name), claimedBy: me, expiresAt: expires(now, seconds) };
      // the SDK tries again when an answer is lost, and then finds its own item
      const free = { ConditionExpression: 'attribute_not_exists(pk) OR claimedBy = :me', ExpressionAttributeValues: { ':me': me } };
      return await isTaken(client.send(new PutItemCommand({ ...base, Item, ...free })));
    },

    async received(control, order, sender, now) {
      const Item = { ...keys.receipt(control, order), ...withBody({ sender }), expiresAt: expires(now, 365 * DAY) };
      try {
        await client.send(
          new PutItemCommand({
            ...base,
            Item,
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return sender;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return bodyOf<{ sender: string }>(error.Item)?.sender ?? sender;
      }
    },

    async paused(scopes) {
      if (!scopes) return bodyOf<Pause>(await get(pauseKey()));
      const wanted = scopes.map(pauseKey);
      const found = new Map((await getAll(client, table, wanted)).map((item) => [item['sk']?.S, item]));
      return bodyOf<Pause>(wanted.map(({ sk }) => found.get(sk?.S)).find((item) => item !== undefined));
    },

    pauses: () => bodiesUnder<Pause>(client, table, PAUSED, { ConsistentRead: true }),

    async setPause(pause, scope) {
      const Key = pauseKey(scope);
      if (pause) await client.send(new PutItemCommand({ ...base, Item: { ...Key, ...withBody(pause) } }));
      else await client.send(new DeleteItemCommand({ ...base, Key }));
    },
  };
}
