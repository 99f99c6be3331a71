import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { token } from '../fixtures/secrets.ts';
import { patience as soon } from '../support/patience.ts';
import { leaksOf } from '../support/watched.ts';
import { startWatchedCloud, type WatchedCloud } from '../support/watched-cloud.ts';
import { json } from './calls.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');
let cloud: WatchedCloud;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  dynamo = new DynamoDBClient({
    endpoint: cloud.motoEndpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
});
afterAll(() => cloud?.stop());

/** Tells the function what to do. */
async function tell(body: object): Promise<void> {
  const message = { QueueUrl: cloud.stack.outputs['EchoQueueUrl'], MessageBody: JSON.stringify(body) };
  await json(cloud.endpoint, 'sqs', 'AmazonSQS.SendMessage', message);
}

/** Tells the function to leak by one way; what a user sends is not its leak. */
const leak = (by: string): Promise<void> => tell({ order: 'leak', by, text: token });

/** Waits for these leaks, all of them and no others. What was asked for is taken out, so that the suite's own check does not see it. */
async function expectLeaks(...ways: string[]): Promise<void> {
  const found = new Set<string>();
  await vi.waitFor(async () => {
    for (const one of await leaksOf(cloud)) found.add(one);
    expect([...found].sort()).toEqual(ways.map((way) => `token by ${way}`).sort());
  }, soon);
}

const remove = (pk: string) => dynamo.send(new DeleteItemCommand({ TableName: 'redress-ledger', Key: { pk: { S: pk } } }));

describe('a function of a local cloud that leaks is caught', () => {
  test.each<[string, ...string[]]>([
    ['log', 'log'],
    ['trouble', 'log', 'trouble'],
    ['queue', 'sqs:SendMessage'],
    ['alert', 'sns:Publish'],
    ['announcement', 'events:PutEvents', 'announcement'],
    ['description', 'ssm:PutParameter'],
  ])('by %s', async (by, ...ways) => {
    expect(await leaksOf(cloud)).toEqual([]);
    await leak(by);
    await expectLeaks(...ways);
  });

  test('by the ledger, for as long as it stands there', async () => {
    await leak('ledger');
    await expectLeaks('dynamodb:PutItem', 'ledger');
    expect(await leaksOf(cloud)).toEqual(['token by ledger']);
    await remove('leak');
    expect(await leaksOf(cloud)).toEqual([]);
  });
});

test('what stands in a table is found whoever put it there', async () => {
  await dynamo.send(
    new PutItemCommand({ TableName: 'redress-ledger', Item: { pk: { S: 'other' }, body: { S: JSON.stringify({ token }) } } }),
  );
  await expectLeaks('ledger');
  await remove('other');
});

test('the value of a parameter is no leak: it is what a function is there to write', async () => {
  await leak('value');
  await vi.waitFor(() => expect(cloud.calls()).toContainEqual(expect.objectContaining({ api: 'ssm:PutParameter', count: 2 })), soon);
  expect(await leaksOf(cloud)).toEqual([]);
});

test('what a user puts into a parameter must be of the list', async () => {
  const put = (Value: string) =>
    json(cloud.endpoint, 'ssm', 'AmazonSSM.PutParameter', { Name: '/shop/x', Value, Type: 'String', Overwrite: true });
  expect(await put(token)).toMatchObject({ Version: 1 });
  expect(JSON.stringify(await put(token.replaceAll('x7K', 'y8L')))).toContain('test/fixtures/secrets.ts');
});

test('calls that the role of the function does not allow are reported once, with the statement that comes nearest', async () => {
  expect(cloud.refused?.()).toEqual([]);
  for (const id of ['i-0123456789abcdef0', 'i-0123456789abcdef1']) await tell({ order: 'call', id });
  await vi.waitFor(() => expect(cloud.calls()).toContainEqual(expect.objectContaining({ api: 'ec2:CreateTags', count: 2 })), soon);
  const [refusal, ...others] = cloud.refused?.() ?? [];
  expect(refusal).toMatch(/^redress-echo: ec2:CreateTags on arn:aws:ec2:us-east-1:123456789012:instance\/i-\w+ with aws:TagKeys seen /);
  expect(refusal).toMatch(/ is not allowed; nearest statement: .*"arn:aws:ec2:us-east-1:123456789012:volume\/\*".* \(and 1 more\)$/);
  expect(others).toEqual([]);
  expect(cloud.refused?.()).toEqual([]);
});

test('a stop has the last look', async () => {
  const other = await startWatchedCloud({ template });
  const client = new DynamoDBClient({
    endpoint: other.motoEndpoint,
    region: other.region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  await client.send(new PutItemCommand({ TableName: 'redress-ledger', Item: { pk: { S: 'last' }, body: { S: token } } }));
  await other.stop();
  expect(await leaksOf(other)).toEqual(['token by ledger']);
});
