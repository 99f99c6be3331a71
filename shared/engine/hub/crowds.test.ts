import { expect, test } from 'vitest';
import { scheduled } from '../../../test/fixtures/events.ts';
import { crowdsIn } from './crowds.ts';

const [noisy, quiet] = ['444455556666', '777788889999'];
const event = scheduled();
const body = (account: string, more: object = {}) => ({ control: 'volume-encrypted', event: { ...event, account }, ...more });
const deliveries = (count: number, of: object, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ id: `m-${from + n}`, body: JSON.stringify(of), receiveCount: 1 }));

test('from 10 in a batch on, the events of one account go back to the queue, whole, and no others', () => {
  const crowd = deliveries(10, body(noisy));
  const others = deliveries(9, body(quiet), 30);
  const back = crowdsIn([...others, ...crowd]);
  expect(back.map(({ id }) => id)).toEqual(crowd.map(({ id }) => id));
  expect(back[0]?.body).toEqual({ ...body(noisy), waits: {}, isGrouped: true });
  expect(crowdsIn([...others, ...crowd.slice(1)])).toEqual([]);
});

test('what is in a group already, an order and the part of a sweep never go back', () => {
  const order = { control: 'volume-encrypted', order: { kind: 'fix', id: 'o', finding: 'f', by: 'x', at: '2026-11-21T09:00:00Z' } };
  expect(crowdsIn(deliveries(100, body(noisy, { isGrouped: true })))).toEqual([]);
  expect(crowdsIn(deliveries(100, order))).toEqual([]);
  const [whole = expect.fail()] = deliveries(1, body(noisy));
  const part = { whole, message: { control: 'volume-encrypted', waits: {} } };
  expect(crowdsIn(deliveries(100, body(noisy)).map((one) => ({ ...one, part })))).toEqual([]);
});

test('what is no message counts for nobody, and is left to be refused', () => {
  const broken = deliveries(1, { event: { account: noisy } });
  const crowd = deliveries(10, body(noisy), 1);
  expect(crowdsIn([{ id: 'x', body: 'no JSON', receiveCount: 1 }, ...broken, ...crowd]).map(({ id }) => id)).toEqual(
    crowd.map(({ id }) => id),
  );
});
