import { beforeEach, describe, expect, test } from 'vitest';
import { messageFor } from '../../../test/fixtures/events.ts';
import { type TrailWorld, trailCall, trailsWorld } from '../../../test/support/account/trails.ts';
import { Harness } from '../../../test/support/harness.ts';
import control from './trail-logging.ts';

const name = 'management-events';
const START = 'cloudtrail:StartLogging';
let world: TrailWorld;
let harness: Harness;

beforeEach(() => {
  world = trailsWorld({ trails: { [name]: { logs: false, stopped: new Date('2026-11-21T09:00:00Z') } } });
  harness = new Harness({ controls: [control], world });
});

/** A stop of this time, as CloudTrail has it: in whole seconds. */
const stopAt = (time: Date) => messageFor(control.id, trailCall('StopLogging', name, { eventTime: `${time.toISOString().slice(0, 19)}Z` }));
const starts = () => harness.writes.filter(({ api }) => api === START).length;
const logs = () => world.trails.get(name)?.logs;

/** Somebody stops it as often after Redress has started it, before it looks at that. */
function stopsAgain(times: number, comesAfter = 0): void {
  let [isStarted, left] = [false, times];
  world.meanwhile = (action) => {
    if (isStarted && left > 0) {
      left -= 1;
      Object.assign(world.trails.get(name) ?? {}, { logs: false, stopped: harness.now });
      harness.put(stopAt(harness.now), comesAfter);
    }
    isStarted = action === START;
  };
}

/** Reads do not show that it was started, as long as nobody says so. */
function readsLag(): { end(): void } {
  const shown = { logs: false };
  world.meanwhile = () => void Object.assign(world.trails.get(name) ?? {}, shown);
  return {
    end: () => {
      shown.logs = true;
    },
  };
}

describe('a trail that is stopped again before Redress has looked at its start', () => {
  test('starts again once the record comes, and is reported once', async () => {
    stopsAgain(1);
    harness.put(stopAt(harness.now));
    await harness.settle(4 / 3600);
    expect(logs()).toBe(true);
    expect(starts()).toBe(2);
    await harness.settle();
    expect(starts()).toBe(2);
    expect(harness.announced.map(({ status }) => status)).toEqual(['fixed']);
    expect(await harness.findings()).toMatchObject([{ status: 'fixed', count: 2, changes: [{ api: START }, { api: START }] }]);
  });

  test('starts again also after Redress has waited for reads', async () => {
    stopsAgain(1, 12);
    harness.put(stopAt(harness.now));
    const began = harness.now.getTime();
    await harness.settle(11 / 3600);
    expect(logs()).toBe(false);
    await harness.settle(8 / 3600);
    expect(logs()).toBe(true);
    expect(harness.now.getTime() - began).toBeLessThanOrEqual(12_000);
  });

  test('is a fight the third time', async () => {
    stopsAgain(9);
    harness.put(stopAt(harness.now));
    await harness.settle(0.5);
    expect(starts()).toBe(3);
    expect(logs()).toBe(false);
    const changes = [{ api: START }, { api: START }, { api: START }];
    expect(harness.announced.at(-1)).toMatchObject({ status: 'open', reason: { code: 'fight' }, changes });
  });
});

describe('a trail whose start is not visible yet', () => {
  test.each<[string, (first: object) => readonly object[]]>([
    ['a repeat of the record', (first) => [first]],
    ['the record of a stop before', () => [stopAt(new Date('2026-11-21T09:00:04Z')), stopAt(new Date('2026-11-21T08:59:00Z'))]],
    ['the record of the start', () => [messageFor(control.id, trailCall('StartLogging', name, { eventTime: '2026-11-21T09:00:05Z' }))]],
  ])('is not started again by %s', async (_name, more) => {
    const { end } = readsLag();
    const first = stopAt(new Date('2026-11-21T09:00:00Z'));
    harness.put(first);
    await harness.settle(1 / 3600);
    for (const one of more(first)) harness.put(one);
    await harness.settle(0.1);
    expect(starts()).toBe(1);
    end();
    await harness.settle();
    expect(starts()).toBe(1);
    expect(harness.announced.map(({ status }) => status)).toEqual(['fixed']);
  });

  test('is started once more, at most, for a record of the same second', async () => {
    const { end } = readsLag();
    harness.put(stopAt(harness.now));
    await harness.settle(1 / 3600);
    const other = stopAt(harness.now);
    for (const one of [other, other]) harness.put(one);
    await harness.settle(0.1);
    expect(starts()).toBe(2);
    end();
    await harness.settle();
    expect(starts()).toBe(2);
  });
});
