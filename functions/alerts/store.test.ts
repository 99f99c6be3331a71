import { expect, test } from 'vitest';
import { MemoryTable } from '../../test/support/table.ts';
import { dynamoStore, newChannel } from './store.ts';

const now = Date.parse('2026-11-21T09:00:00.000Z');

/** A store, and the same whose every answer is lost at first, so that the SDK sends again. */
function stores() {
  const table = new MemoryTable();
  const retrying = new MemoryTable();
  Object.assign(retrying, { items: table.items });
  retrying.around = async (_name, call) => {
    call();
    return call();
  };
  return [dynamoStore('ledger', table.client), dynamoStore('ledger', retrying.client)] as const;
}

test('a channel is held by one invocation until its lease runs out, and by that one also if the answer was lost', async () => {
  const [store, retrying] = stores();
  expect(await retrying.lease('bot', 'a', now, 65)).toEqual(newChannel);
  expect(await store.lease('bot', 'b', now + 65_000, 65)).toBeUndefined();
  expect(await store.lease('bot', 'b', now + 65_001, 65)).toEqual(newChannel);
});

test('a look is planned once, unless it comes sooner than the one that is, and also if the answer was lost', async () => {
  const [store, retrying] = stores();
  expect(await retrying.planWake('bot', now, now + 60_000)).toBe(true);
  expect(await store.planWake('bot', now, now + 60_000)).toBe(false);
  expect(await store.planWake('bot', now, now + 90_000)).toBe(false);
  expect(await store.planWake('bot', now, now + 59_999)).toBe(true);
  expect(await store.planWake('bot', now + 59_999, now + 90_000)).toBe(true);
});
