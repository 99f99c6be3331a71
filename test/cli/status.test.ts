import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import { joinedKey } from '#shared/ledger/items.ts';
import { deployed, finding, redress } from './world.ts';

let cloud: ReturnType<typeof deployed>;
beforeEach(() => {
  cloud = deployed();
  for (const name of ['redress-volumes', 'redress-alerts']) cloud.metrics.set(`Invocations ${name}`, [1, 1]);
});
afterEach(() => cloud.restore());

const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });

test('counts what waits, and what wants attention', async () => {
  cloud.put({ finding: finding() });
  cloud.queues.get('redress-volumes')?.push({ body: 'x' }, { body: 'y' });
  cloud.metrics.set('ApproximateAgeOfOldestMessage redress-volumes', [1980, 60]);
  const { code, out } = await redress(['status']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Running\./);
  expect(out).toMatch(/volumes +2 +0 +0 +33 min\n/);
  expect(out).toContain('1 awaiting-approval');
  expect(out).not.toContain('Dead letters');
  expect(out).not.toContain('failed');
  expect(out).not.toContain('has not run');
});

test('says where dead letters came from, and puts them down again', async () => {
  cloud.queues.get(DEAD_LETTERS)?.push({ body: 'a', source: 'redress-alerts' }, { body: 'b', source: 'redress-alerts' }, { body: 'c' });
  cloud.queues.get('redress-volumes-dlq')?.push({ body: 'd' });
  const { out, err } = await redress(['status']);
  expect(err).toBe('');
  expect(out).toContain('Dead letters: 4 (2 alerts, 1 unknown, 1 volumes)');
  expect(cloud.inHand.size).toBe(0);
  expect([DEAD_LETTERS, 'redress-volumes-dlq'].map((name) => cloud.queues.get(name)?.length)).toEqual([3, 1]);
  expect(JSON.parse((await redress(['status', '--json'])).out).deadLetters).toEqual({
    total: 4,
    from: { alerts: 2, unknown: 1, volumes: 1 },
  });
});

test('names the accounts that joined a hub by themselves', async () => {
  cloud.restore();
  cloud = deployed({ isHub: true });
  for (const region of ['eu-west-1', 'us-east-1']) {
    const key = joinedKey({ account: '777788889999', region });
    cloud.items.set(`${key['pk']?.S} ${key['sk']?.S}`, key);
  }
  expect((await redress(['status'])).out).toContain('Account 777788889999 has joined in eu-west-1, us-east-1: list it in its OU.');
  expect(JSON.parse((await redress(['status', '--json'])).out).joined).toContainEqual({ account: '777788889999', region: 'us-east-1' });
});

test('looks at a hundred dead letters of many', async () => {
  cloud.queues.get(DEAD_LETTERS)?.push(...Array.from({ length: 130 }, (_, n) => ({ body: `${n}`, source: 'redress-volumes' })));
  expect((await redress(['status'])).out).toContain('Dead letters: 130 (100 volumes, of the first 100)');
  expect(cloud.queues.get(DEAD_LETTERS)).toHaveLength(130);
});

test('names the function that fails, and the one that does not run', async () => {
  cloud.metrics.set('Errors redress-volumes', [2, 1]);
  cloud.metrics.delete('Invocations redress-alerts');
  const { out } = await redress(['status']);
  expect(out).toContain('redress-volumes failed 3 times in the last 2 hours. Look at its log, /aws/lambda/redress-volumes.');
  expect(out).toContain('redress-alerts has not run in the last 2 hours.');
  expect(out).not.toContain('redress-volumes has not run');
  const { functions } = JSON.parse((await redress(['status', '--json'])).out);
  expect(functions).toContainEqual({ kind: 'volumes', errors: 3, runs: 2, oldestSeconds: 0 });
});

test('shows the rest to who may look neither into the dead letters nor at metrics', async () => {
  cloud.queues.get(DEAD_LETTERS)?.push({ body: 'a', source: 'redress-alerts' });
  cloud.cloudWatch.on(GetMetricDataCommand).rejects(denied);
  cloud.sqs.on(ReceiveMessageCommand).rejects(denied);
  const { code, out, err } = await redress(['status']);
  expect(code).toBe(0);
  expect(out).toContain('Dead letters: 1. Put them back');
  expect(out).toMatch(/volumes +0 +0 +0 +\?\n/);
  expect(err).toContain('Could not look where the dead letters came from: AWS does not allow it');
  expect(err).toContain('Could not read the state of the functions from CloudWatch: AWS does not allow it');
  expect(JSON.parse((await redress(['status', '--json'])).out)).toMatchObject({ deadLetters: { total: 1, from: null }, functions: null });
});
