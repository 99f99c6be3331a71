import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { FINDINGS_INDEX, FOUND_ON, LOOKED_AT, OPEN_INDEX, OPEN_UNDER } from '#shared/ledger/items.ts';
import { type Moto, startMoto } from '../../local/emulator/moto.ts';
import { ledgerCases } from '../support/ledger-cases.ts';
import { TableName } from '../support/ledger-setting.ts';

let moto: Moto;
let client: DynamoDBClient;

beforeAll(async () => {
  moto = await startMoto();
  client = new DynamoDBClient({
    endpoint: moto.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    // moto checks a condition and writes in two steps; one call at a time makes them one, as they are on AWS
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 1 } },
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', OPEN_UNDER, FOUND_ON].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: OPEN_INDEX,
          KeySchema: [
            { AttributeName: OPEN_UNDER, KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [LOOKED_AT] },
        },
        {
          IndexName: FINDINGS_INDEX,
          KeySchema: [
            { AttributeName: FOUND_ON, KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
});
afterAll(() => moto?.stop());

ledgerCases(() => client);
