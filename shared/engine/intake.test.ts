import { describe, expect, test } from 'vitest';
import type { AnyControl, Target } from '#shared/control/control.ts';
import type { Message, Waits } from '#shared/finding/message.ts';
import { messageFor, orderFor, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { controlWith } from '../../test/support/runs.ts';
import { HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { takeIn } from './intake.ts';
import { NotTaken } from './outbox.ts';
import type { EngineDeps } from './types.ts';

/** Takes messages in; answers the cases, what was put back on the queue, what failed and what was logged. */
async function take(control: AnyControl, bodies: readonly object[], more: { readonly [name in keyof EngineDeps]?: unknown } = {}) {
  const copies: unknown[] = [];
  const logs: string[] = [];
  const deps = {
    controlOf: async (id: string) => (id === control.id ? control : undefined),
    config: { controls: { [control.id]: { mode: 'fix' } } },
    placeOf: () => place,
    read: async () => ({}),
    ledger: () => ({
      exempt: async () => [],
      getFinding: async (id: string) => ({ finding: { id, control: control.id, ...place, resource: volume(1) } }),
    }),
    enqueue: async (messages: readonly { body: Pick<Message, 'waits' | 'targets'>; delaySeconds: number }[]) =>
      void copies.push(...messages.map(({ body, delaySeconds }) => [body.waits, body.targets?.length, delaySeconds])),
    now: () => now,
    remainingMs: () => 60_000,
    telemetry: { log: (_level: string, message: string) => void logs.push(message) },
    ...more,
  } as unknown as EngineDeps;
  const deliveries = bodies.map((body, n) => ({ id: `m-${n}`, body: JSON.stringify(body), receiveCount: 1 }));
  const { cases, failed } = await takeIn(deliveries, deps);
  return { ids: cases.map(({ target }) => target.id), cases, copies, failed: [...failed], logs };
}

const volume = (n: number): Target => ({ type: 'AWS::EC2::Volume', id: `vol-${n}` });
const listing = (count: number) => controlWith({ list: async () => ({ items: Array.from({ length: count }, (_, n) => volume(n)) }) });
const finding = (found: ReadonlyMap<string, readonly Target[]>) => controlWith({ find: async () => found });

describe('messages about many resources', () => {
  const about = (count: number, start = 0) => ({
    ...messageFor('volume-encrypted', scheduled()),
    targets: Array.from({ length: count }, (_, n) => volume(start + n)),
  });
  const batch = (count: number) => Array.from({ length: count }, (_, n) => about(25, n * 25));

  test('of a sweep are made where it finds more than 25', async () => {
    const { ids, copies } = await take(listing(26), [messageFor('volume-encrypted', scheduled())]);
    expect([ids, copies]).toEqual([
      [],
      [
        [{}, 25, 0],
        [{}, 1, 0],
        // and later what has an open finding
        [{}, undefined, 900],
      ],
    ]);
  });

  test('are taken up to 500 resources, and the rest are left to another invocation', async () => {
    const { ids, copies, failed } = await take(controlWith(), batch(22));
    expect([ids.length, new Set(ids).size, copies, failed]).toEqual([
      500,
      500,
      [
        [{}, 25, 1],
        [{}, 25, 1],
      ],
      [],
    ]);
  });

  test('leave room for those about one, and for orders', async () => {
    const one = { ...messageFor('volume-encrypted', scheduled()), targets: [volume(1000)] };
    const order = orderFor('volume-encrypted', 'fix', 'f-1');
    const { ids, copies } = await take(controlWith(), [...batch(20), one, order]);
    expect([ids.length, ids.at(500), copies]).toEqual([501, 'vol-1000', []]);
  });

  test('that name more than 25 are parted', async () => {
    const { ids, copies } = await take(controlWith(), [about(51)]);
    expect([ids, copies]).toEqual([
      [],
      [
        [{}, 25, 0],
        [{}, 25, 0],
        [{}, 1, 0],
      ],
    ]);
  });

  test('come back by themselves if the queue does not take what is left', async () => {
    const refusing = (error: Error) => take(controlWith(), batch(23), { enqueue: () => Promise.reject(error) });
    expect((await refusing(new NotTaken([true, new Error('no'), true]))).failed).toEqual(['m-21']);
    const { failed, logs } = await refusing(new Error('no'));
    expect([failed, logs]).toEqual([['m-20', 'm-21', 'm-22'], [expect.stringContaining('left to another')]]);
  });
});

describe('what a record names only by another thing', () => {
  const launched = (waits: Waits) => ({ ...messageFor('volume-encrypted', runInstances('i-1', 'i-2')), waits });
  const forLong = (times: number) => ({ times, since: HOUR_BEFORE });
  test('is looked for', async () => {
    const found = new Map([
      ['i-1', [volume(1)]],
      ['i-2', [volume(2), volume(3)]],
    ]);
    expect(await take(finding(found), [launched({})])).toMatchObject({ ids: ['vol-1', 'vol-2', 'vol-3'], copies: [], logs: [] });
  });
  test.each<[string, Waits, Waits, number]>([
    ['for the first time', {}, { unfound: { times: 1, since: NOW } }, 5],
    ['for the sixth time', { unfound: forLong(5) }, { unfound: forLong(6) }, 160],
    ['though AWS did not answer for long', { unanswered: forLong(19) }, { unfound: { times: 1, since: NOW } }, 5],
  ])('and is not there %s is looked for again, and what is there is taken', async (_name, waits, after, seconds) => {
    const found = await take(finding(new Map([['i-1', [volume(1)]]])), [launched(waits)]);
    expect(found).toMatchObject({ ids: ['vol-1'], logs: [] });
    expect(found.copies).toStrictEqual([[after, 1, seconds]]);
  });
  test('and is not there for the seventh time is given up', async () => {
    expect(await take(finding(new Map()), [launched({ unfound: forLong(6) })])).toMatchObject({
      ids: [],
      copies: [],
      failed: [],
      logs: [expect.stringContaining('nothing was found')],
    });
  });
  const throttled = controlWith({ find: () => Promise.reject(Object.assign(new Error('no'), { name: 'ThrottlingException' })) });
  test.each<[Waits, Waits, number]>([
    [{ unanswered: forLong(2), unfound: forLong(6) }, { unanswered: forLong(3), unfound: forLong(6) }, 20],
    [{ unanswered: forLong(19) }, { unanswered: forLong(20) }, 900],
  ])('and cannot be read now, after %o, is looked for again', async (waits, after, seconds) => {
    const { ids, copies, failed } = await take(throttled, [launched(waits)]);
    expect([ids, copies, failed]).toStrictEqual([[], [[after, undefined, seconds]], []]);
  });
  test('and could not be read for hours goes back to the queue', async () => {
    expect(await take(throttled, [launched({ unanswered: forLong(20) })])).toMatchObject({ ids: [], copies: [], failed: ['m-0'] });
  });
});

test('of two orders about one case one waits', async () => {
  const control = controlWith();
  const { cases, copies } = await take(control, [orderFor(control.id, 'fix', 'f-1'), orderFor(control.id, 'undo', 'f-1')]);
  expect([cases.map(({ jobs }) => jobs.length), copies]).toEqual([[1], [[{}, undefined, 2]]]);
});
