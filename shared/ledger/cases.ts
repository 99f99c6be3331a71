import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { errorCode, LeaseLost } from '#shared/aws/errors.ts';
import { bodyOf, DAY, expires, getAll, type Item, isTaken, refuseNewer, VERSION, withBody, writeTogether } from './dynamo.ts';
import { findingItem } from './findings.ts';
import { type Keys, keysWithoutPlace, LOOKED_AT, OPEN_UNDER } from './items.ts';
import { type Before, type CaseName, type CaseState, isBare, type Ledger, newCase } from './ledger.ts';

const KEPT = 365 * DAY;

/** SQS keeps a message for at most 14 days, so no repeat comes later. */
const KEPT_FOR_REPEATS = 15 * DAY;

/** The cases of one place; `hasOld` says that those which no lease has touched since keys name places are of this place too. */
export function dynamoCases(
  table: string,
  client: DynamoDBClient,
  keys: Keys,
  { hasOld, isHub, isMember }: { readonly hasOld: boolean; readonly isHub: boolean; readonly isMember: boolean },
): Pick<Ledger, 'lease' | 'areKept' | 'keptBefore' | 'save' | 'open' | 'release'> {
  const base = { TableName: table };
  const mine = { ConditionExpression: 'leaseOwner = :me' };

  /** The write of a case that is held. */
  const writing = (Key: Item, state: CaseState, owner: string) => ({ ...base, Key, ...mine, ...setting(state, owner, keys) });

  /** Forgets a case that is held; one that is forgotten already is that of a try whose answer was lost. */
  const forget = (Key: Item, owner: string) => {
    const condition = { ConditionExpression: `${mine.ConditionExpression} OR attribute_not_exists(pk)` };
    return client.send(new DeleteItemCommand({ ...base, Key, ...condition, ExpressionAttributeValues: { ':me': { S: owner } } }));
  };

  /** Cases that were leased without a look at what versions before kept of them, by their partition keys, with the way to look. */
  const unseen = new Map<string | undefined, Before>();

  /** Looks, before such a case is written, at what a version before kept of it; that is moved, and the case begins again with it. */
  const see = async (name: CaseName, owner: string, now: Date) => {
    const Key = keys.case(name.control, name.target);
    const before = unseen.get(Key['pk']?.S);
    unseen.delete(Key['pk']?.S);
    const old = await before?.(name);
    if (!old) return;
    const state = await adopt(old, Key, owner, now);
    await isTaken(state === 'held' ? forget(Key, owner) : client.send(new UpdateItemCommand(giving(Key, owner))));
    throw new LeaseLost('a version before kept the case under another key');
  };

  /** The end of a lease that leaves the case as it stands. */
  const giving = (Key: Item, owner: string) => ({
    ...base,
    Key,
    ...mine,
    UpdateExpression: 'REMOVE leaseOwner, leaseUntil',
    ExpressionAttributeValues: { ':me': { S: owner } },
  });

  const keptBefore = async (names: readonly CaseName[]) => {
    const old = names.map(({ control, target }) => keysWithoutPlace.case(control, target));
    const found = new Map((await getAll(client, table, hasOld ? old : [])).map((item) => [item['pk']?.S, item]));
    return old.map(({ pk }) => found.get(pk?.S));
  };

  const alone: Before = async (name) => (await keptBefore([name]))[0];

  return {
    keptBefore,

    async areKept(names) {
      const wanted = names.map(({ control, target }) =>
        [keys, ...(hasOld ? [keysWithoutPlace] : [])].map((of) => of.case(control, target)),
      );
      // consistently, as a lease would see it
      const found = new Set((await getAll(client, table, wanted.flat())).map(({ pk }) => pk?.S));
      return wanted.map((its) => its.some(({ pk }) => found.has(pk?.S)));
    },

    async lease(control, target, owner, now, seconds, { before = alone, isNew = false } = {}) {
      const Key = keys.case(control, target);
      unseen.delete(Key['pk']?.S);
      let item: Item | undefined;
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            ...base,
            Key,
            UpdateExpression: 'SET leaseOwner = :me, leaseUntil = :until, expiresAt = :expires',
            // the SDK tries again when an answer is lost, and then finds its own lease
            ConditionExpression: `(${IS_FREE} OR leaseOwner = :me) AND (attribute_not_exists(v) OR v <= :v)`,
            ExpressionAttributeValues: {
              ':me': { S: owner },
              ':until': ms(now, seconds),
              ':now': ms(now),
              ':expires': expires(now, KEPT),
              ':v': { N: String(VERSION) },
            },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        item = Attributes;
      } catch (error) {
        // whoever holds it is writing at this moment
        if (errorCode(error) === 'TransactionConflictException') return undefined;
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        refuseNewer(error.Item);
        return undefined;
      }
      const fresh = newCase({ control, target });
      const state = bodyOf<CaseState>(item);
      if (state || !hasOld) return state ?? fresh;
      if (isNew) {
        unseen.set(Key['pk']?.S, before);
        return fresh;
      }
      const old = await adopt(await before({ control, target }), Key, owner, now);
      if (old !== 'held') return old ?? fresh;
      await isTaken(forget(Key, owner));
      return undefined;
    },

    async save(state, owner, now) {
      await see({ control: state.control, target: state.resource }, owner, now);
      await orLeaseLost(client.send(new UpdateItemCommand(writing(keys.case(state.control, state.resource), state, owner))));
    },

    async open(state, row, owner, now) {
      const { control, resource: target } = state;
      const Key = keys.case(control, target);
      const writes = [{ Update: writing(Key, state, owner) }, { Put: { ...base, Item: findingItem(keys, row, isHub) } }];
      const none = { ...base, Key: keysWithoutPlace.case(control, target), ConditionExpression: 'attribute_not_exists(pk)' };
      // what is open is looked at by each sweep
      if (isMember) await client.send(new DeleteItemCommand({ ...base, Key: keys.nothing(control) }));
      const isUnseen = unseen.has(Key['pk']?.S);
      const isMine = await writeTogether(client, isUnseen ? [...writes, { ConditionCheck: none }] : writes);
      if (isMine) unseen.delete(Key['pk']?.S);
      else await see({ control, target }, owner, now);
      if (!isMine) throw new LeaseLost('another invocation took the case over');
    },

    async release(control, target, owner, state, now) {
      const Key = keys.case(control, target);
      await see({ control, target }, owner, now);
      if (!state) return await orLeaseLost(forget(Key, owner));
      const given = {
        ...setting(state, owner, keys, { [LOOKED_AT]: ms(now), expiresAt: expires(now, isBare(state) ? KEPT_FOR_REPEATS : KEPT) }),
        // nobody holds it, and it is as it would be written: a try whose answer was lost has done it
        ConditionExpression: `${mine.ConditionExpression} OR (attribute_not_exists(leaseOwner) AND #body = :body)`,
      };
      await orLeaseLost(client.send(new UpdateItemCommand({ ...base, Key, ...given })));
    },
  };

  /**
   * Moves a case from its key without a place to the one under lease, in one step: were it two, a crash between them would leave
   * a copy that comes back when the case is forgotten. `held` = an invocation of the previous version still has it.
   */
  async function adopt(old: Item | undefined, Key: Item, owner: string, now: Date): Promise<CaseState | 'held' | undefined> {
    if (Number(old?.['leaseUntil']?.N ?? 0) >= now.getTime()) return 'held';
    const state = bodyOf<CaseState>(old);
    const { pk, sk, body } = old ?? {};
    if (!pk || !sk || !body || !state) return undefined;
    const unchanged = {
      ConditionExpression: `#body = :body AND (${IS_FREE})`,
      ExpressionAttributeNames: { '#body': 'body' },
      ExpressionAttributeValues: { ':body': body, ':now': ms(now) },
    };
    const isMoved = await writeTogether(client, [
      { Update: writing(Key, state, owner) },
      { Delete: { ...base, Key: { pk, sk }, ...unchanged } },
    ]);
    return isMoved ? state : 'held';
  }
}

/** So many seconds after `now`, in milliseconds. */
function ms(now: Date, seconds = 0): AttributeValue {
  return { N: String(now.getTime() + seconds * 1000) };
}

/** That nobody holds a case `:now`. */
const IS_FREE = 'attribute_not_exists(leaseOwner) OR leaseUntil < :now';

/** What a write of a case sets and removes; with what is `given` at its end, it gives the case back. */
function setting(state: CaseState, owner: string, keys: Keys, given?: Item) {
  const { body, v } = withBody(state);
  const set = { body, v, ...(state.finding && { [OPEN_UNDER]: { S: keys.open(state.control) } }), ...given };
  const removed = [...(state.finding ? [] : [OPEN_UNDER]), ...(given ? ['leaseOwner', 'leaseUntil'] : [])];
  const names = Object.keys(set);
  const removal = removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : '';
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}${removal}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ':me': { S: owner },
    },
  } satisfies Partial<UpdateItemCommandInput>;
}

async function orLeaseLost(sending: Promise<unknown>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new LeaseLost('another invocation took the case over', { cause: error });
    throw error;
  }
}
