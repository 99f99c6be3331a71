import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MemoryTable } from '../../test/support/table.ts';
import type { Item } from './dynamo.ts';
import { dynamoLedger } from './dynamo-ledger.ts';
import { type Move, relocated } from './relocate.ts';

const from = { account: '111122223333', region: 'eu-west-1' };
const hub = { account: '999988887777', region: 'eu-west-1' };
const functions = ['redress-volumes', 'redress-account'];
const move: Move = { from, hub, functionFor: (control) => (control === 'volume-encrypted' ? 'redress-volumes' : 'redress-account') };

/** What a version before has written, by its engine. */
async function itemsOf(version: string): Promise<Item[]> {
  const { items } = JSON.parse(await readFile(new URL(`../../test/fixtures/ledger-${version}.json`, import.meta.url), 'utf8'));
  return items;
}

test.each(['v0', 'v1'])('the items of %s are those of a member in the ledger of a hub', async (version) => {
  const items = await itemsOf(version);
  const alone = new MemoryTable(items);
  const moved = items.flatMap((item) => {
    const as = relocated(item, move);
    return as === undefined || as === 'unknown' ? [] : [as.item];
  });
  const there = new MemoryTable(moved);
  const before = dynamoLedger('t', alone.client, { place: from, functions });
  const after = dynamoLedger('t', there.client, { place: from, own: hub, functions, isHub: true });
  const found = async (ledger: typeof before) =>
    (await ledger.findingsOf('2026-11-21')).toSorted((a, b) => a.finding.id.localeCompare(b.finding.id));
  expect((await found(before)).length).toBeGreaterThan(3);
  expect(await found(after)).toEqual(await found(before));
  const people = dynamoLedger('t', there.client, { place: hub, functions, isHub: true, readsAll: true });
  expect(await found(people)).toEqual(await found(before));
  expect(await after.exempt('volume-encrypted')).toEqual(await before.exempt('volume-encrypted'));
  const now = new Date('2026-12-01T00:00:00.000Z');
  for (const id of ['vol-open', 'vol-exempt', 'vol-ordered', 'vol-begun']) {
    const target = { type: 'AWS::EC2::Volume', id };
    const lease = async (ledger: typeof before) => await ledger.lease('volume-encrypted', target, 'me', now, 65);
    const state = await lease(before);
    expect(state?.finding ?? state?.exemption ?? state?.fix).toBeDefined();
    expect(await lease(after)).toEqual(state);
  }
  // what ends with the stack
  expect([...there.items.keys()].filter((key) => /^(WINDOW|DONE|SWITCH|CLAIM)/.test(key))).toEqual([]);
  expect(there.dump()).not.toContain('leaseOwner":{"S":"redress');
});

test('a finding of a control that nobody knows any more is named, and not put under another function', async () => {
  const [one] = (await itemsOf('v0')).filter(({ pk }) => pk?.S?.startsWith('FINDINGS#'));
  expect(relocated(one ?? {}, { ...move, functionFor: () => undefined })).toBe('unknown');
});
