import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test, vi } from 'vitest';
import control from '../../../functions/parameters/controls/parameter-secure.ts';
import type { ControlConfig } from '../../../shared/config.ts';
import { messageFor, orderFor } from '../../fixtures/events.ts';
import { newer, token } from '../../fixtures/secrets.ts';
import { awsError, Harness, place } from '../../harness.ts';
import { putParameter, readBy } from './events.ts';
import { type Account, dana, type ParameterWorld, parametersWorld } from './world.ts';

const slept: number[] = [];
vi.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void slept.push(ms) }));

const name = '/shop/prod/deploy';
const settings = {
  Tier: 'Advanced' as const,
  Description: 'Deploys the shop',
  AllowedPattern: '^ghp_',
  Policies: '[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"20","Unit":"Days"}}]',
  Tags: [{ Key: 'team', Value: 'shop' }],
  labels: ['live'],
};
/** Everything that left the engine in any test of this file. */
const outputs: string[] = [];

interface Started {
  readonly harness: Harness;
  readonly world: ParameterWorld;
}

function start(account: Account = {}, config: ControlConfig = { mode: 'fix' }): Started {
  const world = parametersWorld({ parameters: { [name]: { Value: token, ...settings } }, ...account });
  const harness = new Harness({ controls: [control], config: { controls: { 'parameter-secure': config } }, world });
  harness.put(messageFor('parameter-secure', putParameter(name)));
  return { harness, world };
}

async function ended({ harness }: Started) {
  await harness.settle();
  outputs.push(await harness.output());
  const [finding, ...more] = await harness.findings();
  if (!finding) throw new Error('no finding');
  expect(more).toEqual([]);
  return finding;
}

const newest = (world: ParameterWorld, id = name) => world.parameters.get(id)?.versions.at(-1);
const staged = (world: ParameterWorld) => [...world.parameters.keys()].filter((id) => id.startsWith('/redress/stage/'));
const holds = (world: ParameterWorld, value: string) =>
  [...world.parameters.values()].some(({ versions }) => versions.at(-1)?.Value === value);
const kept = { Tier: 'Advanced', Description: 'Deploys the shop', AllowedPattern: '^ghp_', DataType: 'text', Type: 'SecureString' };
const purging: ControlConfig = { mode: 'approve', purgeHistory: true };

/** Approves what waits, so that the staged way begins at the next invocation. */
async function approve(started: Started): Promise<void> {
  await started.harness.settle();
  const [waiting] = await started.harness.findings();
  expect(waiting?.status).toBe('awaiting-approval');
  started.harness.put(orderFor('parameter-secure', 'fix', waiting?.id ?? ''));
}

/** Moves the clock to the next message, and handles it. */
async function step(harness: Harness, kill?: { at: number; when: 'before' | 'after' }): Promise<void> {
  for (let seconds = 0; seconds < 1000; seconds += 1) {
    const before = harness.calls;
    await harness.invoke(kill);
    if (harness.calls !== before && harness.calls.length > 0) return;
    harness.now = new Date(harness.now.getTime() + 1000);
  }
}

describe('killed at every call of a conversion in place', () => {
  test('the same value once, with its settings, and one announcement', async () => {
    const calm = start();
    await calm.harness.invoke();
    const { calls } = calm.harness;
    expect(calls).toContain('ssm:PutParameter');
    for (let at = 1; at <= calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const started = start();
        await started.harness.invoke({ at, when });
        const finding = await ended(started);
        const where = `killed ${when} call ${at}, ${calls[at - 1]}`;
        expect(finding.status, where).toBe('fixed');
        expect(newest(started.world), where).toMatchObject({ ...kept, Value: token, Version: 2 });
        expect(started.world.parameters.get(name), where).toMatchObject({
          tags: settings.Tags,
          policies: [expect.stringContaining('NoChange')],
        });
        expect(started.harness.dead, where).toEqual([]);
        expect(new Set(started.harness.announced.map(({ announcement }) => announcement)).size, where).toBe(1);
      }
    }
  });
});

describe('killed at every call of the staged way', () => {
  test('the value exists at every moment, is back once with tags, labels and policies, and no copy stays', async () => {
    const calm = start({}, purging);
    await approve(calm);
    const invocations: string[][] = [];
    while (!calm.harness.isIdle) {
      await step(calm.harness);
      invocations.push(calm.harness.calls);
    }
    expect(invocations.length).toBeGreaterThan(1);
    expect((await ended(calm)).status).toBe('fixed');
    for (const [n, calls] of invocations.entries()) {
      for (let at = 1; at <= calls.length; at += 1) {
        for (const when of ['before', 'after'] as const) {
          const started = start({}, purging);
          const where = `killed ${when} call ${at} of invocation ${n + 1}, ${calls[at - 1]}`;
          started.world.meanwhile = () => expect(holds(started.world, token), where).toBe(true);
          await approve(started);
          for (let done = 0; done < n; done += 1) await step(started.harness);
          await step(started.harness, { at, when });
          const finding = await ended(started);
          expect(finding.status, `${where}: ${finding.says}`).toBe('fixed');
          expect(staged(started.world), where).toEqual([]);
          expect(started.harness.dead, where).toEqual([]);
          expect(newest(started.world), where).toMatchObject({ ...kept, Value: token, Version: 1, Labels: ['live'] });
          const { tags, policies } = started.world.parameters.get(name) ?? {};
          expect(tags, where).toEqual([...settings.Tags, { Key: 'redress:recreated', Value: 'version 1' }]);
          expect(policies, where).toEqual([expect.stringContaining('NoChangeNotification')]);
        }
      }
    }
  }, 120_000);
});

describe('what others do during the staged way', () => {
  const during = async (action: string, act: (world: ParameterWorld) => void) => {
    const started = start({}, purging);
    await approve(started);
    let isFirst = true;
    started.world.meanwhile = (called) => {
      if (called !== action || !isFirst) return;
      isFirst = false;
      act(started.world);
    };
    return { ...started, finding: await ended(started) };
  };
  const overwrite = (world: ParameterWorld) => {
    world.put({ Name: name, Value: newer, Type: 'String', Overwrite: true, Tier: 'Advanced' });
  };

  test('a newer value before the copy is made is the one that stays', async () => {
    const { world, finding } = await during('ssm:PutParameter', overwrite);
    expect(finding.status, finding.says).toBe('fixed');
    expect(newest(world)).toMatchObject({ Value: newer, Type: 'SecureString', Version: 1 });
    expect(staged(world)).toEqual([]);
  });

  test('a name that somebody takes while it is free keeps their value', async () => {
    const started = start({}, purging);
    await approve(started);
    await step(started.harness);
    expect(started.world.parameters.has(name)).toBe(false);
    started.harness.now = new Date(started.harness.now.getTime() + 31_000);
    started.world.put({ Name: name, Value: newer, Type: 'SecureString' });
    const finding = await ended(started);
    expect(finding.status, finding.says).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Value: newer, Version: 1, LastModifiedUser: dana });
    expect(staged(started.world)).toEqual([]);
  });

  test('a deletion by somebody else is theirs: the copy is kept, and a person is told', async () => {
    const { world, finding } = await during('ssm:AddTagsToResource', (there) => {
      there.remove(name);
      throw awsError('ThrottlingException', 'Rate exceeded');
    });
    expect(finding.status).toBe('failed');
    expect(finding.says).toMatch(/Somebody else deleted it/);
    expect(finding.advice.join()).toMatch(/create it again from the copy/);
    expect(staged(world)).toHaveLength(1);
  });

  test('a copy that somebody else put there is not believed', async () => {
    const folder = createHash('sha256').update(name).digest('hex').slice(0, 24);
    const Tags = [
      { Key: 'redress:stage-of', Value: name },
      { Key: 'redress:deleting', Value: '2026-11-21T08:00:00.000Z' },
    ];
    const started = start({}, purging);
    started.world.put({ Name: `/redress/stage/${folder}/1`, Value: 'planted', Type: 'SecureString', Tags });
    started.world.remove(name);
    expect((await ended(started)).says).toBe('The resource is gone.');
    expect(started.world.parameters.has(name)).toBe(false);
  });
});

describe('what AWS refuses', () => {
  const refused = async (code: string, message: string, account: Account = {}) => {
    const started = start({ ...account, refuses: { 'ssm:PutParameter': awsError(code, message) } });
    const finding = await ended(started);
    expect(finding.status).toBe('failed');
    expect(finding.says).toContain(code);
    expect(newest(started.world)).toMatchObject({ Type: 'String', Value: token, Version: 1 });
    return finding;
  };

  test('a change of type', async () => {
    const started = start({ isTypeFixed: true });
    const finding = await ended(started);
    expect(finding).toMatchObject({ status: 'failed', says: expect.stringContaining('HierarchyTypeMismatchException') });
    expect(finding.advice.join()).toMatch(/purgeHistory: true.*The same where AWS refuses to change the type/);
    expect(newest(started.world)).toMatchObject({ Type: 'String', Value: token, Version: 1 });
  });

  test('a change of type, which the staged way does not need', async () => {
    const started = start({ isTypeFixed: true }, purging);
    await approve(started);
    expect((await ended(started)).status).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: token, Version: 1 });
  });

  test('a key that was disabled since', () => refused('InvalidKeyId', 'The key is disabled.'));
  test('a hundred and first version', () => refused('ParameterMaxVersionLimitExceeded', `${name} has 100 versions.`));
  test('a value, which its message quotes', async () => {
    const finding = await refused('ParameterPatternMismatchException', `${token} cannot match ^x`);
    expect(finding.says).toContain('[removed]');
  });
  test('the permission', async () => {
    const finding = await ended(start({ refuses: { 'ssm:PutParameter': awsError('AccessDeniedException', 'not authorized') } }));
    expect(finding).toMatchObject({ status: 'failed', says: expect.stringContaining('Redress may not ssm:PutParameter') });
  });
});

describe('throttling', () => {
  const throttledAt = (action: string) => {
    const started = start({ reads: [readBy('app', 'GetParameter', { name, withDecryption: true })] });
    started.world.put({ Name: name, Value: token, Type: 'String', Overwrite: true, ...settings, Tags: [] });
    let left = 3;
    started.world.meanwhile = (called) => {
      left -= called === action ? 1 : 0;
      if (called === action && left >= 0) throw awsError('ThrottlingException', 'Rate exceeded');
    };
    return started;
  };

  test.each([
    'ssm:DescribeParameters',
    'ssm:GetParameters',
    'ssm:ListTagsForResource',
    'cloudtrail:LookupEvents',
    'ssm:PutParameter',
    'ssm:GetParameterHistory',
  ])('of %s is waited for', async (action) => {
    const started = throttledAt(action);
    expect((await ended(started)).status).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: token, Version: 3 });
  });

  test('of LookupEvents is not asked for: two calls a second', async () => {
    slept.length = 0;
    const started = throttledAt('none');
    await ended(started);
    expect(slept.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...slept)).toBeGreaterThan(400);
  });
});

test('deleted while it was converted: it is not left in silence', async () => {
  const started = start();
  started.world.meanwhile = (action) => {
    if (action !== 'ssm:PutParameter' || newest(started.world)?.LastModifiedUser !== dana) return;
    started.world.remove(name);
    started.world.clock = () => new Date(started.harness.now.getTime() + 60_000);
  };
  const finding = await ended(started);
  expect(finding.status).toBe('failed');
  expect(finding.says).toMatch(/Somebody deleted it while Redress converted it/);
  expect(finding.advice.join()).toMatch(/Delete .* again/);
});

test('an AWS that names no writers: converted and read back all the same', async () => {
  const started = start({ namesWriters: false });
  expect((await ended(started)).status).toBe('fixed');
  expect(newest(started.world)).toMatchObject({ ...kept, Value: token });
});

test('one call reads ten values, fifty descriptions, and every copy: a batch shares them', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `/shop/${n}`);
  const world = parametersWorld({ parameters: Object.fromEntries(names.map((one) => [one, { Value: token }])) });
  const harness = new Harness({ controls: [control], world });
  for (const one of names) harness.put(messageFor('parameter-secure', putParameter(one)));
  await harness.invoke();
  const count = (action: string) => harness.calls.filter((call) => call === action).length;
  expect([count('ssm:GetParameters'), count('ssm:DescribeParameters')]).toEqual([2, 2]);
  expect((await harness.findings()).map(({ status }) => status)).toEqual(names.map(() => 'would-fix'));
  outputs.push(await harness.output());
});

afterAll(() => {
  const all = outputs.join('\n');
  expect(all.length).toBeGreaterThan(10_000);
  for (const secret of [token, newer, 'planted', JSON.stringify(token).slice(5, 25)]) expect(all.includes(secret)).toBe(false);
  expect(all).toContain(place.account);
});
