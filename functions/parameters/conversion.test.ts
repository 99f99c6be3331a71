import { describe, expect, test, vi } from 'vitest';
import { pace } from '#shared/aws/pace.ts';
import { messageFor } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { approve, ended, kept, name, newest, purging, settings, start } from '../../test/support/parameters/conversion.ts';
import { putParameter, readBy } from '../../test/support/parameters/events.ts';
import { type Account, parametersWorld } from '../../test/support/parameters/world.ts';
import control from './parameter-secure.ts';

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
    expect(finding.advice.map(({ says }) => says).join()).toMatch(/purgeHistory: true.*The same where AWS refuses to change the type/);
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
    const slept: number[] = [];
    vi.spyOn(pace, 'pause').mockImplementation(async (ms) => void slept.push(ms));
    const started = throttledAt('none');
    await ended(started);
    expect(slept.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...slept)).toBeGreaterThan(400);
    vi.restoreAllMocks();
  });
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
});
