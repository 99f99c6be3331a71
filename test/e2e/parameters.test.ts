import { DeleteParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parameterStep } from '../../local/demo/parameters.ts';
import type { CallEffect, ObservedCall } from '../../local/emulator/proxy.ts';
import { at, parseJson } from '../../local/json.ts';
import { eightKilobytes, everySecret, newer, privateKey, token } from '../fixtures/secrets.ts';
import { patience } from '../support/patience.ts';
import { Invocations } from './invocations.ts';
import { ParametersWorld } from './parameters-world.ts';
import { expireLease, nextWindow } from './passing.ts';

const control = 'parameter-secure';
const type = 'AWS::SSM::Parameter';
let world: ParametersWorld;

beforeAll(async () => {
  const off = { mode: 'off' } as const;
  // cases of other controls would be killed among those that are looked at
  const others = { 'parameter-owner-tag': off, 'parameter-sensitive-tags': off };
  const config = { controls: { ...others, [control]: { mode: 'fix' } } } as const;
  // what comes back after a crash does so within seconds; three parameters are handled side by side, each by a process
  world = await ParametersWorld.start({ config, concurrency: 3, queue: { visibility: 2, window: 0, batch: 1 } });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  world.watch();
  await nextWindow(world);
});

const isOurs = ({ when, function: name }: ObservedCall) => when === 'before' && name === world.function;
const isWriteOf = (seen: ObservedCall, name: string) => isOurs(seen) && seen.api === 'ssm:PutParameter' && seen.call.json['Name'] === name;
const isA = (name: string, status: 'fixed' | 'failed' | 'undone') => world.finding(control, name, status);

/** Does something before the function's first write of a parameter. */
function beforeWrite(name: string, act: () => Promise<CallEffect | undefined>): void {
  let isFirst = true;
  world.watch(async (seen) => {
    if (!isFirst || !isWriteOf(seen, name)) return undefined;
    isFirst = false;
    return await act();
  });
}

describe('a secret put as a String is a SecureString seconds later, of the same value and settings', () => {
  const policies = JSON.stringify([{ Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '20', Unit: 'Days' } }]);
  const kinds = [
    ['a key', token, { Description: 'Deploys the shop', Tier: 'Standard', AllowedPattern: '^ghp_' }],
    ['of several lines', privateKey, { Description: 'TLS "of" the\tshop', Tier: 'Standard' }],
    ['8 KB in many scripts', eightKilobytes, { Description: 'Ключ 鍵 🔑', Tier: 'Advanced', Policies: policies }],
  ] as const;

  test.each(kinds)('%s', async (kind, value, { Policies, ...kept }: (typeof kinds)[number][2] & { Policies?: string }) => {
    const name = `/shop/put/${kind.replaceAll(' ', '-')}`;
    const tags = [{ Key: 'team', Value: 'shop' }];
    await world.plain(name, value, { ...kept, ...(Policies && { Policies }), Tags: tags });
    const finding = await isA(name, 'fixed');
    expect(finding.changes.map(({ api }) => api)).toEqual(['ssm:PutParameter']);
    const live = await world.live(name);
    expect(live).toMatchObject({ Type: 'SecureString', Value: value, Version: 2, tags });
    expect(live?.metadata).toMatchObject({
      ...kept,
      KeyId: 'alias/aws/ssm',
      DataType: 'text',
      LastModifiedUser: expect.stringContaining(`assumed-role/${world.role}/`),
    });
    expect(live?.metadata?.Policies?.map(({ PolicyText }) => parseJson(PolicyText ?? ''))).toEqual(Policies && parseJson(Policies));
  });

  test('and people are told, by the command too, without a word of it', async () => {
    const alerts = () => world.cloud.calls().find(({ caller, api }) => caller.startsWith('redress-alerts') && api === 'sns:Publish');
    await vi.waitFor(() => expect(alerts()?.count).toBeGreaterThanOrEqual(kinds.length), patience);
    const { id } = await isA('/shop/put/a-key', 'fixed');
    for (const argv of [['show', id], ['show', id, '--json'], ['findings'], ['findings', '--json'], ['status']]) {
      const { code, out } = await world.redress(...argv);
      expect([code, Object.values(everySecret).filter((secret) => out.includes(secret))], argv.join(' ')).toEqual([0, []]);
    }
    expect(JSON.stringify(world.cloud.records())).toContain('HIDDEN_DUE_TO_SECURITY_REASONS');
    expect(Object.values(everySecret).filter((secret) => JSON.stringify(world.cloud.records()).includes(secret))).toEqual([]);
  });
});

test('the scene of the demo holds', async () => {
  const step = parameterStep(world.cloud, world.user);
  await step.act();
  for (const { says, holds } of step.expectations()) await vi.waitFor(async () => expect(await holds(), says).toBe(true), patience);
});

test('`redress undo` puts the type back, with the value that it has by now', async () => {
  const name = await world.plain('/shop/undone', token);
  const { id } = await isA(name, 'fixed');
  const { code, out } = await world.redress('undo', id, '--yes', '--json');
  expect([code, at(parseJson(out), 'finding', 'status')], out).toEqual([0, 'undone']);
  expect(await world.live(name)).toMatchObject({ Type: 'String', Value: token, Version: 3 });
});

describe('what others do between the look and the write', () => {
  test('a newer value is the one that stays', async () => {
    const name = '/shop/raced';
    beforeWrite(name, async () => {
      await world.plain(name, newer, { Overwrite: true });
      return undefined;
    });
    await world.plain(name, token);
    await isA(name, 'fixed');
    await world.calm();
    const live = await world.live(name);
    expect(live).toMatchObject({ Type: 'SecureString', Value: newer, Version: 4 });
    expect(live?.history.map(({ Value }) => Value)).toEqual([token, newer, token, newer]);
  });

  test('a deletion is reported, since the write made the parameter again', async () => {
    const name = '/shop/deleted';
    beforeWrite(name, async () => {
      await world.ssm.send(new DeleteParameterCommand({ Name: name }));
      return undefined;
    });
    await world.plain(name, token);
    expect((await isA(name, 'failed')).says).toContain('Somebody deleted it while Redress converted it');
  });
});

describe('what AWS refuses leaves the parameter as it was, and its words are shown without the value', () => {
  const refusals = [
    ['ParameterPatternMismatchException', `Parameter value ${token} cannot be matched by ^x`],
    ['ValidationException', `1 validation error detected: Value '${token}' at 'value' failed to satisfy constraint`],
    ['InvalidKeyId', 'The key is disabled.'],
    ['ParameterMaxVersionLimitExceeded', 'It has 100 versions, and the oldest is labelled.'],
    ['HierarchyTypeMismatchException', 'Parameter Store does not support changing a parameter type.'],
  ] as const;
  test.each(refusals)('%s', async (code, message) => {
    const name = `/shop/refused/${code}`;
    world.watch((seen) => (isWriteOf(seen, name) ? { error: { code, message } } : undefined));
    await world.plain(name, token);
    const { says } = await isA(name, 'failed');
    expect(says).toContain(`${code}: ${message.replaceAll(token, '[removed]')}`);
    expect(await world.live(name)).toMatchObject({ Type: 'String', Value: token, Version: 1 });
  });
});

test('throttled five times, whatever it is, it is converted once', async () => {
  const apis = ['ssm:DescribeParameters', 'ssm:GetParameters', 'ssm:PutParameter', 'ssm:GetParameterHistory'];
  const left = new Map(apis.map((api) => [api, 5]));
  world.watch((seen) => {
    const count = isOurs(seen) ? (left.get(seen.api) ?? 0) : 0;
    left.set(seen.api, count - 1);
    return count > 0 ? { error: { code: 'ThrottlingException', message: 'Rate exceeded', status: 400 } } : undefined;
  });
  const name = await world.plain('/shop/throttled', token);
  await isA(name, 'fixed');
  expect(await world.live(name)).toMatchObject({ Type: 'SecureString', Value: token, Version: 2 });
});

test('killed between any two calls, then redelivered: the same value, once', async () => {
  const invocations = new Invocations();
  const killAt = new Map<string, number>();
  const killed = new Map<string, string>();
  let calm: readonly string[] = [];
  world.watch(async (seen) => {
    const running = isOurs(seen) ? invocations.note(seen) : undefined;
    if (!running) return undefined;
    const { resource, calls } = running;
    if (killAt.size === 0 && calls.length > calm.length) calm = [...calls];
    if (calls.length !== killAt.get(resource) || killed.has(resource)) return undefined;
    killed.set(resource, seen.api);
    await nextWindow(world);
    await expireLease(world, control, type, resource);
    return 'kill';
  });
  await isA(await world.plain('/shop/calm', token), 'fixed');
  await world.calm();
  const sequence = [...calm];
  expect(sequence).toEqual(
    expect.arrayContaining(['ssm:GetParameters', 'ssm:PutParameter', 'events:PutEvents', 'dynamodb:BatchWriteItem']),
  );

  for (let call = 1; call <= sequence.length; call += 1) killAt.set(`/shop/killed/${call}`, call);
  for (const name of killAt.keys()) await world.plain(name, token);
  for (const [name, call] of killAt) {
    const where = `killed before call ${call}, ${sequence[call - 1]}`;
    await isA(name, 'fixed');
    await world.calm();
    expect(killed.has(name), where).toBe(true);
    expect(await world.live(name), where).toMatchObject({ Type: 'SecureString', Value: token, Version: 2 });
    expect(new Set(world.told(control, name).map(({ announcement }) => announcement)).size, where).toBe(1);
  }
  // two reads at once may come in either order; what writes does not
  expect([...killed.values()]).toEqual(expect.arrayContaining(['ssm:PutParameter', 'events:PutEvents', 'dynamodb:BatchWriteItem']));
  expect(await world.depth(world.deadLetterUrl)).toBe(0);
});
