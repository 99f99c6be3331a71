import { describe, expect, test } from 'vitest';
import { place } from '../../test/support/harness.ts';
import { readerOver } from '../../test/support/reading.ts';
import { accountSetting } from './setting.ts';

const settingOf = (managedBy?: string, isGlobal?: boolean) =>
  accountSetting<{ on: boolean }>({
    noun: 'toys',
    plural: 'Toys by default',
    eventSource: 'toys.amazonaws.com',
    console: '/toys/home',
    changed: ['EnableToys', 'DisableToys'],
    ...(isGlobal !== undefined && { isGlobal }),
    reads: [{ action: 'toys:GetToys' }],
    read: async () => ({ state: { on: true }, managedBy }),
    restore: () => [],
  });
const { account } = place;

test('a setting is one for each account, found by its number', async () => {
  const toys = settingOf();
  expect(toys).toMatchObject({
    is: 'setting',
    type: 'AWS::::Account',
    noun: 'toys',
    plural: 'Toys by default',
    console: '/toys/home',
    securityHub: 'AwsAccount',
    isGlobal: false,
    reads: [{ action: 'toys:GetToys' }],
    created: [{ eventSource: 'toys.amazonaws.com', eventNames: ['EnableToys', 'DisableToys'] }],
  });
  expect(settingOf(undefined, true).isGlobal).toBe(true);
  expect(toys.arnOf(account, place)).toBe(`arn:aws:iam::${account}:root`);
  expect(toys.calls('A', 'B')).toEqual({ eventSource: 'toys.amazonaws.com', eventNames: ['A', 'B'] });
  expect(toys.example('any')).toEqual({
    eventSource: 'toys.amazonaws.com',
    eventName: 'EnableToys',
    requestParameters: null,
    responseElements: null,
  });
  expect(toys.idsIn({ Name: account })).toEqual([]);
  expect(toys.targets({} as never, place)).toEqual([{ type: 'AWS::::Account', id: account }]);
  expect(await toys.list(readerOver({}).read, place)).toEqual({ items: [account] });
  expect([toys.items.name, toys.items.max]).toEqual(['the setting toys', 1]);
  expect(await toys.items.load([], readerOver({}).read)).toEqual(new Map());
  expect(await toys.items.load([account], readerOver({}).read)).toEqual(
    new Map([[account, { state: { on: true }, managedBy: undefined }]]),
  );
});

describe('a setting is left unchanged', () => {
  const leave = async (managedBy?: string) => {
    const live = await settingOf(managedBy).live([account], readerOver({}).read);
    return live.get(account);
  };
  test('by nobody, where the account keeps it', async () => {
    expect(await leave()).toEqual({ tags: [], leave: undefined });
    expect(await leave('account')).toEqual({ tags: [], leave: undefined });
  });
  test('where a policy of the organization keeps it, or whoever AWS names', async () => {
    expect((await leave('declarative-policy'))?.leave).toBe(
      'A declarative policy of the organization sets it, so it is left unchanged: change the policy.',
    );
    expect((await leave('robots'))?.leave).toBe('AWS says that robots manages it, so it is left unchanged.');
  });
});

test('a setting whose calls change others too says what their records show', () => {
  const { noun, plural, console } = settingOf();
  const where = { requestParameters: { settingId: [{ suffix: 'toys' }] } };
  const rest = { noun, plural, console, eventSource: 'toys.amazonaws.com', reads: [], restore: () => [] };
  const setting = accountSetting<null>({ ...rest, changed: ['UpdateSetting'], where, read: async () => ({ state: null }) });
  expect(setting.created).toEqual([{ eventSource: 'toys.amazonaws.com', eventNames: ['UpdateSetting'], where }]);
});

test('a setting may say which calls no control looks at', () => {
  const unwatched = { 'It changes toys, and not the setting.': ['ModifyToysByDefaultOnce'] };
  const { noun, plural, console } = settingOf();
  const rest = { noun, plural, console, eventSource: 'toys.amazonaws.com', changed: [], reads: [], restore: () => [] };
  const setting = accountSetting<null>({ ...rest, read: async () => ({ state: null }), unwatched });
  expect(setting.unwatched).toEqual(unwatched);
  expect(settingOf()).not.toHaveProperty('unwatched');
});
