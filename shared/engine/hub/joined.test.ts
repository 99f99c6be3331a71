import { beforeEach, expect, test } from 'vitest';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { JoinedRows } from '#shared/ledger/joined.ts';
import { Joined } from './joined.ts';

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;
const listed = { account: '444455556666', region: 'eu-west-1' };
const fresh = { account: '777788889999', region: 'eu-central-1' };
let rows: Set<string>;
let asked: string[];
let now: number;
beforeEach(() => {
  rows = new Set();
  asked = [];
  now = Date.parse('2026-11-21T09:00:00Z');
});

const ledger: JoinedRows = {
  has: async (place) => {
    asked.push(placeKey(place));
    return rows.has(placeKey(place));
  },
  add: async (place) => void rows.add(placeKey(place)),
  remove: async (place) => void rows.delete(placeKey(place)),
  all: async () =>
    [...rows].map((key) => {
      const [account = '', region = ''] = key.split('#');
      return { account, region };
    }),
};
const inProcess = (regions: readonly string[] = ['eu-west-1', 'eu-central-1', 'cn-north-1']) =>
  new Joined({
    rows: ledger,
    members: [{ account: listed.account, regions: ['eu-west-1'] }],
    own,
    regions,
    now: () => new Date(now),
    log: () => undefined,
  });
const event = (place: NamedPlace, detail: object = {}) => ({ control: 'a', event: { ...place, detail } });
const forwarded = (place: NamedPlace, detail?: object) => ({ ...event(place, detail), isForwarded: true });

test('an event that the bus of the members let in makes its place a member, which every process learns of', async () => {
  const one = inProcess();
  await one.learn(forwarded(fresh));
  expect(one.placeOf(fresh)).toEqual({ ...fresh, partition: 'aws', isMember: true });
  const another = inProcess();
  await another.learn({ order: { place: fresh } });
  expect(another.placeOf(fresh)).toMatchObject(fresh);
  expect(await another.all()).toEqual([fresh]);
  // what is known is not asked for again
  asked.length = 0;
  await one.learn(forwarded(fresh));
  expect(asked).toEqual([]);
});

test.each([
  ['an event of the default bus', event(fresh)],
  ['an order', { order: { place: fresh } }],
  ['text that says so within the event', event(fresh, { isForwarded: true })],
  ['a record that names another account', forwarded(fresh, { recipientAccountId: listed.account })],
  ['another Region', forwarded({ ...fresh, region: 'us-east-1' })],
  ['another partition', forwarded({ ...fresh, region: 'cn-north-1' })],
  ['an account that the config lists elsewhere', forwarded({ ...listed, region: 'eu-central-1' })],
  ['the place of the hub', forwarded(own)],
  ['what is no account', forwarded({ ...fresh, account: 'x' })],
  ['no message', undefined],
])('%s joins nobody', async (_, message) => {
  const one = inProcess();
  await one.learn(message);
  expect(rows.size).toBe(0);
  expect([one.placeOf(fresh), one.placeOf(listed), one.placeOf(own)]).toEqual([undefined, undefined, undefined]);
});

test('where the config lets nobody join, nobody is asked for', async () => {
  rows.add(placeKey(fresh));
  const one = inProcess([]);
  await one.learn(forwarded(fresh));
  expect([asked, one.placeOf(fresh), await one.all()]).toEqual([[], undefined, []]);
});

test('who has not joined is asked for once a minute', async () => {
  const one = inProcess();
  await Promise.all([one.learn(event(fresh)), one.learn(event(fresh))]);
  await one.learn(event(fresh));
  expect(asked).toHaveLength(1);
  rows.add(placeKey(fresh));
  now += 60_000;
  await one.learn(event(fresh));
  expect([asked.length, one.placeOf(fresh)]).toEqual([2, expect.objectContaining(fresh)]);
});

test('who is taken out is no member, until the next event', async () => {
  const one = inProcess();
  await one.learn(forwarded(fresh));
  await one.remove(fresh);
  expect([one.placeOf(fresh), rows.size]).toEqual([undefined, 0]);
  const sweep = { controls: ['a'], event: { ...fresh, source: 'aws.events' } };
  expect([one.isTooLate(sweep), one.isTooLate(event(fresh))]).toEqual([true, false]);
  // no place, the hub's own, and one that the config lists: nobody has left there
  for (const message of [undefined, {}, ...[own, listed].map((place) => ({ controls: ['a'], event: { ...place, source: 'aws.events' } }))])
    expect(one.isTooLate(message)).toBe(false);
  await one.learn(forwarded(fresh));
  expect(rows.size).toBe(1);
});
