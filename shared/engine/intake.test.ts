import { describe, expect, test } from 'vitest';
import type { AnyControl, Target } from '#shared/control/control.ts';
import type { Message, Waits } from '#shared/finding/message.ts';
import { messageFor, orderFor, runInstances, scheduled } from '../../test/fixtures/events.ts';
import { place } from '../../test/support/harness.ts';
import { controlWith } from '../../test/support/runs.ts';
import { HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { takeIn } from './intake.ts';
import type { EngineDeps } from './types.ts';

/** Takes messages in; answers the cases, what was put back on the queue, what failed and what was logged. */
async function take(control: AnyControl, bodies: readonly object[], more: { readonly [name in keyof EngineDeps]?: unknown } = {}) {
  const copies: unknown[] = [];
  const logs: string[] = [];
  const deps = {
    controls: [control],
    config: { controls: { [control.id]: { mode: 'fix' } } },
    placeOf: () => place,
    read: async () => ({}),
    ledger: () => ({
      exempt: async () => [],
      getFinding: async (id: string) => ({ finding: { id, control: control.id, resource: volume(1) } }),
    }),
    enqueue: async (messages: readonly { body: Pick<Message, 'waits' | 'targets'>; delaySeconds: number }[]) =>
      void copies.push(...messages.map(({ body, delaySeconds }) => [body.waits, body.targets?.length, delaySeconds])),
    now: () => now,
    telemetry: { log: (_level: string, message: string) => void logs.push(message) },
    ...more,
  } as unknown as EngineDeps;
  const deliveries = bodies.map((body, n) => ({ id: `m-${n}`, body: JSON.stringify(body), receiveCount: 1 }));
  const { cases, failed } = await takeIn(deliveries, deps);
  return { ids: cases.map(({ target }) => target.id), cases, copies, failed: [...failed], logs };
}

const volume = (n: number): Target => ({ type: 'AWS::EC2::Volume', id: `vol-${n}` });
const listing = (count: number) => controlWith({ list: async () => Array.from({ length: count }, (_, n) => volume(n)) });
const finding = (found: ReadonlyMap<string, readonly Target[]>) => controlWith({ find: async () => found });

describe('a sweep', () => {
  const sweep = (control: AnyControl) => take(control, [messageFor(control.id, scheduled())]);
  test('of 25 resources is taken at once', async () => {
    const { ids, copies } = await sweep(listing(25));
    expect([ids.length, copies]).toEqual([25, []]);
  });
  test.each([
    [26, [25, 1]],
    [75, [25, 25, 25]],
  ])('of %i goes on in messages', async (count, sizes) => {
    const { ids, copies } = await sweep(listing(count));
    expect([ids, copies]).toEqual([[], sizes.map((size) => [{}, size, 0])]);
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
