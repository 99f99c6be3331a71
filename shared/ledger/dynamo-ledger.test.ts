import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, expect, test } from 'vitest';
import { dynamoLedger } from './dynamo-ledger.ts';

const dynamo = mockClient(DynamoDBClient);
afterEach(() => dynamo.reset());

test('an exemption that has ended is deleted under the key that it was kept under', async () => {
  const ledger = dynamoLedger('ledger', new DynamoDBClient({ region: 'eu-west-1' }));
  const target = { type: 'AWS::EC2::Volume', id: 'vol-1' };
  await ledger.keepExempt('volume-encrypted', target, '2027-02-28');
  const [kept, ...others] = dynamo.calls().map(({ args: [command] }) => command);
  expect([kept?.constructor, others]).toEqual([PutItemCommand, []]);
  dynamo.resetHistory();
  await ledger.keepExempt('volume-encrypted', target, undefined);
  expect(dynamo.calls()).toHaveLength(1);
  const [forgotten] = dynamo.commandCalls(DeleteItemCommand);
  const { pk, sk } = forgotten?.args[0].input.Key ?? {};
  expect(pk).toBeDefined();
  expect(kept?.input).toMatchObject({ TableName: 'ledger', Item: { pk, sk } });
});
