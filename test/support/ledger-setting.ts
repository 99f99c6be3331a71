import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Finding } from '#shared/finding/finding.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { FindingRow, Ledger } from '#shared/ledger/ledger.ts';

/** The table on which the cases run. */
export const TableName = 'ledger';
export const DAY = 86_400;
export const place = { account: '123456789012', region: 'us-east-1' };
export const here = `${place.account}#${place.region}`;
export const fn = 'redress-volumes';
export const control = 'volume-encrypted';
export const now = new Date('2027-01-31T12:00:00.000Z');
export const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

/** The ledger of one function, on a table. */
export function ledgerOn(client: DynamoDBClient, of = place): Ledger {
  return dynamoLedger(TableName, client, { place: of, own: place, functions: [fn] });
}

/** How long from `now` an item is kept, in seconds. */
export async function expiryOn(client: DynamoDBClient, pk: string, sk: string): Promise<number> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }));
  return Number(Item?.['expiresAt']?.N) - now.getTime() / 1000;
}

// 400 of them are more than the 1 MB that one page of a query holds
/** A finding's row, some 5 KB of it. */
export function rowOf(id: string, at: Date): FindingRow {
  const finding: Finding = {
    type: 'finding',
    schemaVersion: '2',
    id,
    announcement: `${id}-1-open`,
    control,
    title: 'EBS volumes are encrypted',
    status: 'open',
    mode: 'fix',
    severity: 'high',
    account: '123456789012',
    region: 'us-east-1',
    resource: { type: 'AWS::EC2::Volume', id: 'vol-1', arn: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1' },
    actor: { arn: null, name: 'Redress', via: 'sweep', sourceIp: null },
    event: { is: 'sweep', id: 'e', name: 'Scheduled Event', time: at.toISOString() },
    count: 1,
    found: 'x'.repeat(2000),
    now: null,
    says: 'x'.repeat(2000),
    changes: [],
    later: [],
    advice: [],
    timings: { eventTime: at.toISOString(), receivedAt: at.toISOString(), decidedAt: at.toISOString(), doneAt: null },
  };
  return { finding };
}

/** A client each of whose answers is lost at first, so that it sends again. */
export function retried(client: DynamoDBClient): DynamoDBClient {
  const send = async (command: Parameters<DynamoDBClient['send']>[0]) => {
    await client.send(command);
    return await client.send(command);
  };
  return Object.assign(Object.create(client), { send });
}
