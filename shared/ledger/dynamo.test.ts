import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { classify } from '#shared/aws/errors.ts';
import { MemoryTable } from '../../test/support/table.ts';
import { writeTogether } from './dynamo.ts';
import { dynamoLedger } from './dynamo-ledger.ts';

const $metadata = { httpStatusCode: 400 };
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ message: 'cancelled', $metadata, CancellationReasons: codes.map((Code) => ({ Code })) });
const Put = { TableName: 'ledger', Item: { pk: { S: 'a' }, sk: { S: 'b' } } };

/** Writes together into a table that answers so first, one error a call; answers what came of it, and the number of calls. */
async function written(...refusals: Error[]) {
  const table = new MemoryTable();
  let calls = 0;
  table.around = async (_name, call) => {
    const refusal = refusals[calls++];
    if (refusal) throw refusal;
    return call();
  };
  const answer = await writeTogether(table.client, [{ Put }]).catch((error: unknown) => error);
  return { answer, calls, isThere: table.items.size === 1 };
}

describe('writes that are made together', () => {
  test('are tried again while another call is in the way', async () => {
    expect(await written(cancelled('None', 'TransactionConflict'), cancelled('ThrottlingError', 'None'))).toEqual({
      answer: true,
      calls: 3,
      isThere: true,
    });
  });

  test('are given up after six tries, as a call that is throttled', async () => {
    const { answer, calls, isThere } = await written(...Array.from({ length: 6 }, () => cancelled('TransactionConflict')));
    expect([classify(answer), calls, isThere]).toEqual(['throttled', 6, false]);
  });

  test('are not made where a condition does not hold, whatever else is in the way', async () => {
    expect(await written(cancelled('ConditionalCheckFailed', 'TransactionConflict'))).toEqual({ answer: false, calls: 1, isThere: false });
  });

  test('are not tried again where DynamoDB refuses them', async () => {
    const refusal = cancelled('None', 'ItemCollectionSizeLimitExceeded');
    expect(await written(refusal)).toEqual({ answer: refusal, calls: 1, isThere: false });
    const other = new Error('no table');
    expect(await written(other)).toEqual({ answer: other, calls: 1, isThere: false });
  });
});

test('a case that its owner is writing at this moment is held', async () => {
  const table = new MemoryTable();
  table.around = async () => {
    throw new TransactionConflictException({ message: 'a transaction is going on', $metadata });
  };
  const place = { account: '111122223333', region: 'eu-west-1' };
  const leased = dynamoLedger('ledger', table.client, { place, functions: ['redress-volumes'] }).lease(
    'c',
    { type: 't', id: 'i' },
    'me',
    new Date(),
    65,
  );
  expect(await leased).toBeUndefined();
});
