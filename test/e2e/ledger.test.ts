import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LeaseLost } from '#shared/aws/errors.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { FindingRow, Ledger } from '#shared/ledger/ledger.ts';
import { type Moto, startMoto } from '../../local/emulator/moto.ts';

const TableName = 'ledger';
const DAY = 86_400;
const control = 'volume-encrypted';
const now = new Date('2027-01-31T12:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
let moto: Moto;
let client: DynamoDBClient;
let ledger: Ledger;
let made = 0;

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
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  ledger = dynamoLedger(TableName, client);
});
afterAll(() => moto?.stop());

const target = () => ({ type: 'AWS::EC2::Volume', id: `vol-${++made}` });
const lease = (of: ReturnType<typeof target>, owner: string, at = now) => ledger.lease(control, of, owner, at, 65);
async function expiryOf(pk: string, sk: string): Promise<number> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }));
  return Number(Item?.['expiresAt']?.N) - now.getTime() / 1000;
}

describe('a lease', () => {
  test('is one owner’s until it runs out or is given back', async () => {
    const volume = target();
    expect(await lease(volume, 'a')).toEqual({ control, resource: volume, fixes: [] });
    expect(await lease(volume, 'b')).toBeUndefined();
    expect(await lease(volume, 'b', later(65))).toBeUndefined();
    expect(await lease(volume, 'b', later(65.001))).toEqual({ control, resource: volume, fixes: [] });
    await ledger.release(control, volume, 'b', undefined, now);
    expect(await lease(volume, 'c')).toBeDefined();
  });

  test('is of one control and one resource', async () => {
    const volume = target();
    expect(await lease(volume, 'a')).toBeDefined();
    expect(await ledger.lease('another', volume, 'b', now, 65)).toBeDefined();
    expect(await ledger.lease(control, { ...volume, type: 'AWS::EC2::Snapshot' }, 'b', now, 65)).toBeDefined();
  });

  test('brings what the last owner saved or released, and keeps the case for a year', async () => {
    const volume = target();
    const state = { control, resource: volume, fixes: [now.toISOString()], settledFrom: now.toISOString() };
    await lease(volume, 'a');
    await ledger.save({ ...state, fixes: [] }, 'a', now);
    expect(await lease(volume, 'b', later(66))).toEqual({ ...state, fixes: [] });
    await ledger.release(control, volume, 'b', state, now);
    expect(await lease(volume, 'c')).toEqual(state);
    expect(await expiryOf(`CASE#${control}#AWS::EC2::Volume#${volume.id}`, 'CASE')).toBe(365 * DAY);
  });

  test('that another has taken over lets its first owner write nothing any more', async () => {
    const volume = target();
    const state = (await lease(volume, 'a')) ?? expect.fail('no lease');
    await lease(volume, 'b', later(66));
    const stale = { ...state, settledFrom: 'stale' };
    await expect(ledger.save(stale, 'a', now)).rejects.toThrow(LeaseLost);
    await expect(ledger.release(control, volume, 'a', stale, now)).rejects.toThrow(LeaseLost);
    await expect(ledger.release(control, volume, 'a', undefined, now)).rejects.toThrow(LeaseLost);
    await ledger.release(control, volume, 'b', state, now);
    await expect(ledger.save(stale, 'b', now)).rejects.toThrow(LeaseLost);
    expect(await lease(volume, 'c')).toEqual(state);
  });
});

describe('done events', () => {
  test('are found among more than 100 keys, some of them asked for twice, and kept for 15 days', async () => {
    const keys = Array.from({ length: 250 }, (_, n) => `event-${n}#${control}#AWS::EC2::Volume#vol-done`);
    const done = keys.filter((_, n) => n % 2 === 0);
    await ledger.markDone(done, now);
    expect(await ledger.done([...keys, ...keys])).toEqual(new Set(done));
    expect(await ledger.done([])).toEqual(new Set());
    expect(await expiryOf(`DONE#${keys[0]}`, 'DONE')).toBe(15 * DAY);
  });
});

describe('the window of a blast radius', () => {
  test('grants what is left, and says once that it refused', async () => {
    expect(await ledger.reserve('w#1', 10, 25, now)).toEqual({ granted: 10, isFirstRefusal: false });
    expect(await ledger.reserve('w#1', 15, 25, now)).toEqual({ granted: 15, isFirstRefusal: false });
    expect(await ledger.reserve('w#1', 1, 25, now)).toEqual({ granted: 0, isFirstRefusal: true });
    expect(await ledger.reserve('w#1', 1, 25, now)).toEqual({ granted: 0, isFirstRefusal: false });
    expect(await expiryOf('WINDOW#w#1', 'WINDOW')).toBe(DAY);
  });

  test('grants a part of what is wanted', async () => {
    expect(await ledger.reserve('w#2', 40, 25, now)).toEqual({ granted: 25, isFirstRefusal: true });
    expect(await ledger.reserve('w#2', 3, 25, now)).toEqual({ granted: 0, isFirstRefusal: false });
    await ledger.reserve('w#3', 20, 25, now);
    expect(await ledger.reserve('w#3', 9, 25, now)).toEqual({ granted: 5, isFirstRefusal: true });
    expect(await ledger.reserve('w#4', 1, 25, now)).toEqual({ granted: 1, isFirstRefusal: false });
  });

  test('never grants more than its limit to many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ledger.reserve('w#5', 4, 25, now)));
    expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(25);
    expect(answers.filter(({ isFirstRefusal }) => isFirstRefusal)).toHaveLength(1);
  });
});

test('a pause is there until it is ended', async () => {
  const pause = { by: 'arn:aws:iam::123456789012:user/dana', at: now.toISOString(), reason: 'release' };
  expect(await ledger.paused()).toBeUndefined();
  await ledger.setPause(pause);
  expect(await ledger.paused()).toEqual(pause);
  await ledger.setPause(undefined);
  expect(await ledger.paused()).toBeUndefined();
});

test('findings are kept for a year, and listed by their day however many there are', async () => {
  const rows = Array.from({ length: 400 }, (_, n) => rowOf(`f-20270131-${n.toString(16).padStart(12, '0')}`, later(n)));
  const other = rowOf('f-20270201-000000000000', later(DAY));
  for (let start = 0; start < rows.length; start += 50) await ledger.putFindings(rows.slice(start, start + 50));
  await ledger.putFindings([other]);
  const found = await ledger.findingsOf('2027-01-31');
  expect(found.map(({ finding }) => finding.id)).toEqual(rows.map(({ finding }) => finding.id));
  expect(await ledger.getFinding('f-20270201-000000000000')).toEqual(other);
  expect(await ledger.getFinding('f-20270201-000000000001')).toBeUndefined();
  expect(await ledger.getFinding('no id')).toBeUndefined();
  expect(await expiryOf('FINDINGS#2027-01-31', 'f-20270131-000000000000')).toBe(365 * DAY);
});

test('what is exempt is listed by its control, until some days after the end or until it is forgotten', async () => {
  const [one, other] = [target(), target()];
  await ledger.keepExempt('listing', { ...one, hint: 'a hint' }, '2027-02-28');
  await ledger.keepExempt('listing', one, '2027-03-31');
  await ledger.keepExempt('listing', other, '2027-02-01T12:00:00.000Z');
  await ledger.keepExempt('another', target(), '2027-02-28');
  expect(await ledger.exempt('listing')).toEqual([one, other]);
  expect(await expiryOf('EXEMPT#listing', `${other.type}#${other.id}`)).toBe(9 * DAY);
  await ledger.keepExempt('listing', one, undefined);
  expect(await ledger.exempt('listing')).toEqual([other]);
});

test('a name is claimed once, however many want it', async () => {
  const claims = await Promise.all(['signature', 'signature', 'signature'].map((name) => ledger.claim(name, 900, now)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await ledger.claim('another', 900, now)).toBe(true);
  expect(await expiryOf('CLAIM#signature', 'CLAIM')).toBe(900);
});

// 400 of them are more than the 1 MB that one page of a query holds
function rowOf(id: string, at: Date): FindingRow {
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
