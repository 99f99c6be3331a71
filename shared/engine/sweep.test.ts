import { describe, expect, test } from 'vitest';
import type { AnyControl, Target } from '#shared/control/control.ts';
import { type Message, parseMessage } from '#shared/finding/message.ts';
import { messageFor, scheduled } from '../../test/fixtures/events.ts';
import { awsError } from '../../test/support/harness.ts';
import { context, controlWith } from '../../test/support/runs.ts';
import { inChunks, sweep } from './sweep.ts';

const volume = (n: number): Target => ({ type: 'AWS::EC2::Volume', id: `vol-${n}` });
const waits = { unanswered: { times: 4, since: '2026-11-21T08:00:00.000Z' } };
const { message } = parseMessage(JSON.stringify(messageFor('volume-encrypted', scheduled())));

const OPEN = 'open findings ';

/** A control whose list has so many resources, on pages of a size; the tokens say where a page begins. */
function paged(count: number, size: number) {
  const asked: (string | undefined)[] = [];
  const list: AnyControl['list'] = async (_read, _context, from = '0') => {
    asked.push(from);
    const start = Number(from);
    const end = Math.min(count, start + size);
    return { items: Array.from({ length: end - start }, (_, n) => volume(start + n)), ...(end < count && { next: `${end}` }) };
  };
  return { control: controlWith({ list }), asked };
}

/** Takes one message of a sweep; answers what this invocation does itself, and what it puts on the queue. */
async function take(
  control: AnyControl,
  more: Partial<Message> = {},
  { exempt = [], open = [], remaining = 60_000 }: { exempt?: Target[]; open?: Target[][]; remaining?: number } = {},
) {
  const queue: { body: Message; delaySeconds: number }[] = [];
  const logs: string[] = [];
  const deps = {
    enqueue: async (messages: readonly unknown[]) => void queue.push(...(messages as typeof queue)),
    remainingMs: () => remaining,
    telemetry: { log: (_level: string, text: string) => void logs.push(text), count: () => undefined, secondsToFixed: () => undefined },
    ledger: {
      exempt: async () => exempt,
      openTargets: async (_control: string, since: Date, from = '0') => {
        expect(since).toEqual(new Date(message.event?.time ?? ''));
        return { targets: open[Number(from)] ?? [], ...(Number(from) + 1 < open.length && { next: `${Number(from) + 1}` }) };
      },
    },
  };
  const read = Object.assign(() => Promise.reject(new Error('no reads here')), { many: async () => new Map() });
  const targets = await sweep({ ...message, ...more }, control, read, context, deps);
  const chunks = queue.filter(({ body }) => body.targets);
  const rest = queue.filter(({ body }) => !body.targets);
  return {
    targets,
    chunks: chunks.map(({ body }) => body.targets?.length),
    rest,
    queue,
    logs,
    ids: chunks.flatMap(({ body }) => body.targets ?? []),
  };
}

describe('a sweep', () => {
  test('of one short page is done at once', async () => {
    const { targets, queue } = await take(paged(25, 500).control);
    expect([targets.length, queue]).toEqual([25, []]);
  });

  test('lists 500, and says where it goes on', async () => {
    const { control, asked } = paged(1200, 100);
    const first = await take(control);
    expect(first.targets).toEqual([]);
    expect(first.chunks).toEqual(Array(20).fill(25));
    expect(first.rest).toEqual([{ body: { ...message, from: '500' }, delaySeconds: 10 }]);
    expect(asked).toEqual(['0', '100', '200', '300', '400']);
    // what continues comes last: until then the message itself would come back
    expect(first.queue.at(-1)?.body.from).toBe('500');
    const second = await take(control, { from: '500' });
    const third = await take(control, { from: '1000' });
    expect([second.rest[0]?.body.from, third.rest[0]]).toEqual(['1000', { body: { ...message, from: OPEN }, delaySeconds: 900 }]);
    // nothing is left out, and nothing is there twice
    expect([first, second, third].flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 1200 }, (_, n) => volume(n)));
  });

  test('takes a page that is longer than that as a whole', async () => {
    const { chunks, rest } = await take(paged(700, 600).control);
    expect([chunks, rest[0]?.body.from]).toEqual([Array(24).fill(25), '600']);
  });

  test.each([
    [30_000, ['0', '10', '20']],
    [29_999, ['0']],
  ])('with %i milliseconds left reads the pages %j', async (remaining, pages) => {
    const { control, asked } = paged(30, 10);
    await take(control, {}, { remaining });
    expect(asked).toEqual(pages);
  });

  test('looks at what is exempt once, at its beginning, and at nothing twice', async () => {
    const { control } = paged(20, 10);
    const exempt = [volume(3), volume(99)];
    expect((await take(control, {}, { exempt })).targets.map(({ id }) => id).sort()).toEqual(
      [...Array.from({ length: 20 }, (_, n) => `vol-${n}`), 'vol-99'].sort(),
    );
    expect((await take(control, { from: '10' }, { exempt })).targets).toHaveLength(10);
  });

  describe('looks, when its list has ended, at what has an open finding', () => {
    const gone = [volume(98), volume(99)];

    test('with the list, if that is short, and at nothing twice', async () => {
      const { targets, queue } = await take(paged(20, 10).control, {}, { open: [[volume(3), ...gone]] });
      expect(targets.map(({ id }) => id)).toEqual([...Array.from({ length: 20 }, (_, n) => `vol-${n}`), 'vol-98', 'vol-99']);
      expect(queue).toEqual([]);
    });

    test('a while later, if it is long: what the messages are about is looked at by then', async () => {
      const first = await take(paged(26, 100).control, {}, { open: [gone] });
      expect(first.ids).toHaveLength(26);
      expect(first.rest).toEqual([{ body: { ...message, from: OPEN }, delaySeconds: 900 }]);
      const second = await take(paged(0, 1).control, { from: OPEN }, { open: [gone] });
      expect([second.targets, second.queue]).toEqual([gone, []]);
    });

    test('part by part', async () => {
      const open = [0, 1, 2].map((part) => Array.from({ length: 300 }, (_, n) => volume(part * 300 + n)));
      const first = await take(paged(0, 1).control, { from: OPEN }, { open });
      expect(first.rest).toEqual([{ body: { ...message, from: `${OPEN}2` }, delaySeconds: 10 }]);
      const second = await take(paged(0, 1).control, { from: `${OPEN}2` }, { open });
      expect([...first.ids, ...second.ids]).toEqual(open.flat());
      expect(second.rest).toEqual([]);
    });
  });

  test('that continues has waited for nothing', async () => {
    const { rest } = await take(paged(1000, 500).control, { waits });
    expect(rest[0]?.body.waits).toEqual({});
  });

  test('puts messages about resources on the queue without where the list goes on', async () => {
    const { queue } = await take(paged(1000, 500).control, { from: '500', isRestarted: true });
    expect(queue).toHaveLength(21);
    for (const { body, delaySeconds } of queue.slice(0, 20))
      expect([body.from, body.isRestarted, delaySeconds]).toEqual([undefined, undefined, 0]);
  });

  describe('whose place in the list AWS does not know any more', () => {
    const lost = (error: Error) => controlWith({ list: () => Promise.reject(error) });
    const unknown = awsError('InvalidNextToken');

    test('begins again, once', async () => {
      const { targets, queue, logs } = await take(lost(unknown), { from: '500', waits });
      expect([targets, logs]).toEqual([[], [expect.stringContaining('begins again')]]);
      expect(queue).toEqual([{ body: { ...message, waits, isRestarted: true }, delaySeconds: 10 }]);
      await expect(take(lost(unknown), { from: '500', isRestarted: true })).rejects.toBe(unknown);
    });

    test('and that is at its beginning fails', async () => {
      await expect(take(lost(unknown))).rejects.toBe(unknown);
    });

    test('goes on by itself where the call only failed', async () => {
      await expect(take(lost(awsError('ThrottlingException')), { from: '500' })).rejects.toThrow('Throttling');
    });
  });
});

test.each([
  [25, []],
  [26, [25, 1]],
  [50, [25, 25]],
])('of %i resources go in messages: %j', async (count, sizes) => {
  const sent: number[] = [];
  const targets = Array.from({ length: count }, (_, n) => volume(n));
  const enqueue = async (messages: readonly { body: object }[]) =>
    void sent.push(...messages.map(({ body }) => (body as Message).targets?.length ?? 0));
  expect(await inChunks(targets, message, { enqueue })).toEqual(count <= 25 ? targets : []);
  expect(sent).toEqual(sizes);
});
