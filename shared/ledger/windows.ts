import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DAY, expires, type Item, isTaken } from './dynamo.ts';

/** What a window gave to whoever asked. */
export interface Grant {
  readonly granted: number;
  /** Whether this is the first refusal of the window, whoever met it. */
  readonly isFirstRefusal: boolean;
  /** Whether nothing is left for anybody. */
  readonly isFull: boolean;
}

/**
 * Reserves up to `wanted` fixes of a window's `limit`. An asker gets at most two thirds of what others have left, so that
 * something stays for whoever comes later; without an asker the window gives all that is left.
 * An item of the time before askers were counted has only `used`: that was then by others.
 */
export async function reserveIn(
  table: string,
  client: DynamoDBClient,
  Key: Item,
  wanted: number,
  limit: number,
  now: Date,
  asker?: string,
): Promise<Grant> {
  const base = { TableName: table, Key };
  const mine = `by#${asker}`;

  async function take(n: number, mostUsed: number, mostMine: number): Promise<void> {
    const names = asker !== undefined && { ExpressionAttributeNames: { '#mine': mine } };
    const ofMine = asker === undefined ? '' : ' AND (attribute_not_exists(#mine) OR #mine <= :mostMine)';
    await client.send(
      new UpdateItemCommand({
        ...base,
        ...names,
        UpdateExpression: `SET expiresAt = :expires ADD used :n${asker === undefined ? '' : ', #mine :n'}`,
        ConditionExpression: `(attribute_not_exists(used) OR used <= :mostUsed)${ofMine}`,
        ExpressionAttributeValues: {
          ':n': { N: String(n) },
          ':mostUsed': { N: String(mostUsed) },
          ...(asker !== undefined && { ':mostMine': { N: String(mostMine) } }),
          ':expires': expires(now, DAY),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** Whether nobody was refused in this window before. */
  function isFirst(): Promise<boolean> {
    const told = {
      UpdateExpression: 'SET told = :me',
      // as in a claim: else a lost answer would leave nobody to say that the window is full
      ConditionExpression: 'attribute_not_exists(told) OR told = :me',
      ExpressionAttributeValues: { ':me': { S: randomUUID() } },
    };
    return isTaken(client.send(new UpdateItemCommand({ ...base, ...told })));
  }

  const room = (used: number, own: number) => (asker === undefined ? limit - used : shareOf(limit, used, own));
  // before the item is known: the most that both counts can be for this many to fit, if all that is used was by the asker
  const blind = (n: number) => (asker === undefined ? limit - n : Math.floor((2 * limit - 1 - 3 * (n - 1)) / 3));
  let n = Math.min(wanted, room(0, 0));
  let most = { used: blind(n), own: blind(n) };
  let isFull = n >= limit;
  while (n > 0) {
    try {
      await take(n, most.used, most.own);
      return n === wanted ? { granted: n, isFirstRefusal: false, isFull } : { granted: n, isFirstRefusal: await isFirst(), isFull };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const used = Number(error.Item?.['used']?.N ?? limit);
      const own = Number(error.Item?.[mine]?.N ?? 0);
      n = Math.min(wanted, room(used, own));
      most = { used: asker === undefined ? limit - n : used, own };
      isFull = used + n >= limit;
    }
  }
  return { granted: 0, isFirstRefusal: await isFirst(), isFull };
}

/** How many more an asker gets who has `own` of the `used` ones: each while it has less than two thirds of what others have left. */
function shareOf(limit: number, used: number, own: number): number {
  return Math.max(0, Math.ceil((2 * limit - 2 * used - own) / 3));
}
