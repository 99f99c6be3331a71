import { describe, expect, test } from 'vitest';
import { wake } from '#shared/engine/wake.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { dueRows } from '#shared/ledger/due.ts';
import { createVolume, messageFor, orderFor } from '../fixtures/events.ts';
import { place } from '../support/harness.ts';
import { copiesOf, ofVolume, pass, start, statuses, volume } from '../support/setting.ts';
import { MemoryTable } from '../support/table.ts';

const control = 'volume-encrypted';
const settlingFor = (hours: number): RedressConfig => ({ controls: { [control]: { mode: 'fix', settleSeconds: hours * 3600 } } });
const waiting = (hours = 3) => start({ volumes: [volume('vol-1')] }, settlingFor(hours));
const last = '2026-11-21T12:00:00.000Z';

describe('a wait of three hours', () => {
  test('is a row until its last hour, makes no copy before, and ends in time', async () => {
    const { harness, volumes } = waiting();
    harness.put(ofVolume('vol-1'));
    await harness.invoke();
    expect(await statuses(harness)).toEqual(['vol-1 open']);
    expect(harness.due).toEqual([last]);
    await harness.settle(1.9);
    expect(harness.enqueued).toEqual([]);
    await harness.settle(2.5);
    expect(harness.due).toEqual([]);
    expect(harness.enqueued.length).toBeLessThan(8);
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    const [finding] = await harness.findings();
    expect(finding?.status).toBe('superseded');
    expect(Date.parse(finding?.timings.doneAt ?? '') - Date.parse(last)).toBeLessThan(60_000);
    expect(harness.isIdle).toBe(true);
  });

  test('is one wait, however many events there are', async () => {
    const { harness, volumes } = waiting();
    for (let n = 0; n < 10; n += 1) {
      harness.put(messageFor(control, createVolume('vol-1')));
      await harness.invoke();
      pass(harness, 60);
    }
    expect(harness.due).toHaveLength(1);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toHaveLength(1);
    expect((await harness.findings()).map(({ status, count }) => [status, count])).toEqual([['superseded', 10]]);
  });

  test('does not keep an order back, nor outlast it', async () => {
    const { harness, volumes } = waiting();
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.5);
    harness.put(orderFor(control, 'exempt', (await harness.findings())[0]?.id ?? '', { until: '2026-12-20', reason: 'scratch data' }));
    await harness.invoke();
    expect(await statuses(harness)).toEqual(['vol-1 exempt']);
    await harness.settle();
    expect(copiesOf(volumes, 'vol-1')).toEqual([]);
    expect(harness.isIdle).toBe(true);
  });

  test('holds an order that has to wait as long, and says in the end by whose word it was', async () => {
    const { harness } = waiting();
    harness.put(ofVolume('vol-1'));
    await harness.settle(0.1);
    harness.put(orderFor(control, 'fix', (await harness.findings())[0]?.id ?? ''));
    await harness.invoke();
    // nobody gives an order by writing to the ledger
    expect(harness.due).toHaveLength(1);
    await harness.settle();
    expect(await harness.findings()).toMatchObject([{ status: 'superseded', order: { by: 'arn:aws:iam::111122223333:user/dana' } }]);
  });

  test('ends once, wherever an invocation dies on the way', async () => {
    for (let at = 1; ; at += 1) {
      const { harness, volumes } = waiting(2);
      harness.put(ofVolume('vol-1'));
      const calls = await harness.settle(12, at);
      expect(copiesOf(volumes, 'vol-1'), `killed after call ${at}`).toHaveLength(1);
      // sent once more where its answer was lost, under the same token
      const tokens = harness.writes.flatMap(({ api, input }) => (api === 'ec2:CopyVolumes' ? [Reflect.get(input, 'ClientToken')] : []));
      expect(new Set(tokens).size, `killed after call ${at}`).toBe(1);
      expect(await statuses(harness)).toEqual(['vol-1 superseded']);
      expect(harness.dead).toEqual([]);
      expect(harness.isIdle).toBe(true);
      if (calls < at) return;
    }
  });
});

test('a wait of an hour or less is a copy on the queue', async () => {
  const { harness } = waiting(1);
  harness.put(ofVolume('vol-1'));
  await harness.invoke();
  expect(harness.due).toEqual([]);
  expect(harness.enqueued).toHaveLength(1);
});

describe('a wake', () => {
  const now = new Date('2026-11-21T09:00:00.000Z');
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
  const message = (id: string) => ({ control, waits: {}, targets: [{ type: 'AWS::EC2::Volume', id }] });
  const setting = (remaining: () => number = () => 60_000) => {
    const table = new MemoryTable();
    const due = dueRows('redress-ledger', table.client, place, 'redress-volumes');
    const sent: { body: object; delaySeconds: number }[] = [];
    const enqueue = async (messages: readonly { body: object; delaySeconds: number }[]) => void sent.push(...messages);
    return { table, due, sent, run: () => wake({ due, enqueue, now: () => now, remainingMs: remaining }) };
  };

  test('takes what is due within the hour, each when it is due or as late as the queue can, and leaves the rest', async () => {
    const { due, sent, run } = setting();
    await due.put([-5, 10, 60, 61].map((minutes) => ({ at: later(minutes), message: message(`vol-${minutes}`) })));
    await run();
    expect(sent).toEqual([
      { body: message('vol--5'), delaySeconds: 1 },
      { body: message('vol-10'), delaySeconds: 600 },
      { body: message('vol-60'), delaySeconds: 900 },
    ]);
    expect((await due.until(new Date('2030-01-01'), 10)).map(({ at }) => at)).toEqual([later(61)]);
  });

  test('is of one function', async () => {
    const { due, sent, table, run } = setting();
    await dueRows('redress-ledger', table.client, place, 'redress-instances').put([{ at: later(1), message: message('vol-1') }]);
    await dueRows('redress-ledger', table.client, { ...place, region: 'eu-west-2' }, 'redress-volumes').put([
      { at: later(1), message: message('vol-1') },
    ]);
    await run();
    expect(sent).toEqual([]);
    expect(await due.until(new Date('2030-01-01'), 10)).toEqual([]);
  });

  test('takes however many there are, and leaves to another invocation what it has no time for', async () => {
    let left = 60_000;
    const { due, sent, run } = setting(() => (left -= 10_000));
    await due.put(Array.from({ length: 450 }, (_, n) => ({ at: later(n / 60), message: message(`vol-${n}`) })));
    await run();
    expect(sent).toHaveLength(301);
    expect(sent.at(-1)).toEqual({ body: { wake: true }, delaySeconds: 1 });
    left = 1_000_000;
    await run();
    expect(sent).toHaveLength(451);
    expect(await due.until(new Date('2030-01-01'), 10)).toEqual([]);
  });

  test('that SQS does not take loses nothing', async () => {
    const { due } = setting();
    await due.put([{ at: later(1), message: message('vol-1') }]);
    const refusing = { due, enqueue: () => Promise.reject(new Error('no')), now: () => now, remainingMs: () => 60_000 };
    await expect(wake(refusing)).rejects.toThrow('no');
    expect(await due.until(new Date('2030-01-01'), 10)).toHaveLength(1);
  });
});
