import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient();

/** Makes five signed calls, one after the other as a finding's are, with nothing around them. */
export async function handler(): Promise<{ batchItemFailures: [] }> {
  for (let n = 0; n < 5; n += 1) await client.send(new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: `${n}` } } }));
  return { batchItemFailures: [] };
}
