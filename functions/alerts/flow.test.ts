import { afterEach, describe, expect, test, vi } from 'vitest';
import { by, later, nth } from '../../test/support/alerts/many.ts';
import { AlertWorld, digestCounts } from '../../test/support/alerts/world.ts';

afterEach(() => vi.unstubAllGlobals());

const thousand = Array.from({ length: 1000 }, (_, n) => nth(n, n % 3 === 0 ? 'fixed' : 'awaiting-approval', by(`actor-${n % 20}`)));

async function flood(world: AlertWorld, channel: string): Promise<void> {
  const begun = world.now;
  for (let batch = 0; batch < 20; batch += 1) {
    await world.pass(begun + batch * 3000);
    await world.arrive(channel, ...thousand.slice(batch * 50, batch * 50 + 50));
  }
  await world.pass();
}

describe('a thousand findings in a minute', () => {
  test('a bot tells them in one digest that it updates', async () => {
    const world = new AlertWorld();
    await flood(world, 'bot');
    expect(digestCounts(world.posts)).toEqual([1000]);
    expect(world.posts).toHaveLength(1);
    expect(world.calls).toBeLessThanOrEqual(60);
    expect(world.sink.log().filter(({ error }) => error)).toEqual([]);
    const [digest] = world.posts;
    const text = JSON.stringify(digest?.blocks);
    expect(text).toContain('334 Fixed');
    expect(text).toContain('666 Waits for your approval');
    expect(text.match(/•/g)).toHaveLength(10);
  });

  test('a webhook tells them in digests whose counts add up', async () => {
    const world = new AlertWorld();
    await flood(world, 'hook');
    const counts = digestCounts(world.posts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(world.calls).toBeLessThanOrEqual(10);
  });
});

describe('what wants somebody', () => {
  const news = Array.from({ length: 40 }, (_, n) => nth(n, 'fixed', by(`actor-${n}`)));
  const asks = (from: number, count: number) => Array.from({ length: count }, (_, n) => nth(from + n, 'open', by(`person-${from + n}`)));
  const alone = (world: AlertWorld) => world.posts.filter(({ text }) => text.startsWith('Action needed')).length;

  test('has a message of its own beside a digest of what is done, and does not wait for it', async () => {
    const world = new AlertWorld();
    await world.arrive('bot', ...news, ...asks(100, 3));
    expect([digestCounts(world.posts), alone(world)]).toEqual([[40], 3]);
    await world.arrive('bot', ...asks(200, 2), nth(300, 'fixed'));
    expect([digestCounts(world.posts), alone(world)]).toEqual([[40], 5]);
    await world.pass();
    expect([digestCounts(world.posts), alone(world)]).toEqual([[41], 5]);
  });

  test('that was too much is told after a calm minute, however long the digest waits', async () => {
    const world = new AlertWorld();
    for (let n = 0; n < 4; n += 1) {
      await world.arrive('hook', ...Array.from({ length: 10 }, (_, m) => nth(1000 + n * 10 + m, 'fixed', by(`actor-${n}-${m}`))));
      await world.pass();
    }
    await world.arrive('hook', nth(2000, 'fixed'), ...asks(100, 8));
    const begun = world.now;
    await world.arrive('hook', ...asks(200, 1));
    expect(alone(world)).toBe(8);
    await world.pass(begun + 75_000);
    expect(alone(world)).toBe(9);
  });

  test('only now, of what a digest counts, has a message too, and is counted once', async () => {
    const world = new AlertWorld();
    const open = asks(100, 20);
    await world.arrive('bot', ...open);
    await world.pass(world.now + 120_000);
    await world.arrive('bot', ...open.slice(0, 1).map((one) => later(one, 'failed', '2026-11-21T09:05:00.000Z')));
    await world.pass();
    expect(digestCounts(world.posts)).toEqual([20]);
    expect(world.posts.map(({ text }) => text.split(':')[0])).toEqual([
      '20 findings within 1 minute in 111122223333 eu-west-1',
      'Failed to fix',
    ]);
  });

  test('comes before the messages that only change', async () => {
    const world = new AlertWorld();
    const open = asks(100, 8);
    await world.arrive('bot', ...open);
    world.now += 120_000;
    await world.arrive('bot', ...open.map((one) => later(one, 'superseded', '2026-11-21T09:05:00.000Z')), ...asks(200, 1));
    await world.pass();
    expect(world.sink.log().map(({ method }) => method)).toEqual([
      ...Array.from({ length: 9 }, () => 'chat.postMessage'),
      ...Array.from({ length: 8 }, () => 'chat.update'),
    ]);
  });

  test('is counted in the digest too where that is too much, until a minute is calm', async () => {
    const world = new AlertWorld();
    await world.arrive('bot', ...asks(100, 5));
    await world.arrive('bot', ...asks(200, 5));
    expect([digestCounts(world.posts), alone(world)]).toEqual([[5], 5]);
    await world.pass(world.now + 90_000);
    await world.arrive('bot', ...asks(300, 1), nth(400, 'fixed'));
    await world.pass();
    expect([digestCounts(world.posts), alone(world)]).toEqual([[6], 6]);
  });
});

describe('a few findings', () => {
  test('what one actor does to one control again goes into the thread of the first', async () => {
    const world = new AlertWorld({ slack: { owners: { 'deploy/ci': 'U0123456789' } } });
    await world.arrive('bot', nth(1));
    await world.pass(world.now + 60_000);
    await world.arrive('bot', nth(2));
    await world.arrive('bot', nth(3, 'open', by('erin')));
    const [first, second, third] = world.posts;
    expect(second?.thread_ts).toBe(first?.ts);
    expect(third?.thread_ts).toBeUndefined();
    // the owner is asked once, not with each repeat
    expect(world.posts.map(({ blocks }) => JSON.stringify(blocks).includes('<@U0123456789>'))).toEqual([true, false, false]);
  });

  test('a repeat that wants a person asks, if nobody was asked in the thread', async () => {
    const world = new AlertWorld({ slack: { owners: { 'deploy/ci': 'U0123456789' } } });
    await world.arrive('bot', nth(1, 'superseded'));
    await world.arrive('bot', nth(2));
    await world.arrive('bot', nth(3));
    expect(world.posts.map(({ blocks }) => JSON.stringify(blocks).includes('<@U0123456789>'))).toEqual([false, true, false]);
    // an answer in a thread is easily missed
    expect(world.posts.map(({ reply_broadcast }) => reply_broadcast)).toEqual([undefined, true, undefined]);
  });

  test('each owner of what one actor did is asked, and once', async () => {
    const world = new AlertWorld({ slack: { owners: { shop: 'S0123456789', dana: 'U0123456789' } } });
    await world.arrive('bot', nth(1, 'open', { owner: 'shop' }));
    await world.arrive('bot', nth(2, 'open', { owner: 'dana' }), nth(3, 'open', { owner: 'shop' }));
    const asked = world.posts.map(({ blocks }) => /<!subteam\^S0123456789>|<@U0123456789>/.exec(JSON.stringify(blocks))?.[0]);
    expect(asked).toEqual(['<!subteam^S0123456789>', '<@U0123456789>', undefined]);
  });

  test('after the window a new message begins', async () => {
    const world = new AlertWorld({ slack: { threadMinutes: 10 } });
    await world.arrive('bot', nth(1));
    world.now += 11 * 60_000;
    await world.arrive('bot', nth(2));
    expect(world.posts.map(({ thread_ts }) => thread_ts)).toEqual([undefined, undefined]);
  });

  test('a later status is shown in the message that is there, whatever comes late', async () => {
    const world = new AlertWorld({ quiet: ['fixed'] });
    const waiting = nth(1);
    await world.arrive('bot', waiting);
    await world.arrive('bot', later(waiting, 'fixed', '2026-11-21T09:05:00.000Z'));
    await world.arrive('bot', { ...waiting, announcement: 'late', says: 'This is older.' });
    expect(world.posts).toHaveLength(1);
    expect(world.posts[0]).toMatchObject({ updates: 1, text: expect.stringMatching(/^Fixed/) });
    // quiet is only what has no message yet
    await world.arrive('bot', nth(2, 'fixed'));
    expect(world.posts).toHaveLength(1);
  });

  test('an answer to an order is shown in the message, though the finding is as it was', async () => {
    const world = new AlertWorld({ quiet: ['fixed'] });
    const waiting = nth(1);
    const order = {
      kind: 'undo',
      id: 'o1',
      by: 'slack:U0DANA (dana)',
      sender: null,
      outcome: 'not-possible',
      says: 'It cannot be undone.',
    } as const;
    await world.arrive('bot', waiting);
    await world.arrive('bot', { ...waiting, order, announcement: `${waiting.id}-answer-o1` });
    expect(world.posts).toHaveLength(1);
    expect(world.posts[0]?.updates).toBe(1);
    expect(JSON.stringify(world.posts[0]?.blocks)).toContain('undo by slack:U0DANA (dana): It cannot be undone.');
  });

  test('that an exemption ends is a message of its own, even where its status is quiet', async () => {
    const world = new AlertWorld({ quiet: ['exempt'] });
    const waiting = nth(1);
    const exemption = { until: '2026-12-20', owner: 'dana', reason: 'being migrated', isEnding: true };
    await world.arrive('bot', waiting);
    await world.arrive('bot', { ...later(waiting, 'exempt', '2026-12-13T09:05:00.000Z'), exemption });
    expect(world.posts).toHaveLength(2);
    expect(world.posts[1]?.text).toMatch(/^Exemption ends/);
  });

  test('a finding that a digest counts changes its counts', async () => {
    const world = new AlertWorld();
    const many = Array.from({ length: 20 }, (_, n) => nth(n));
    await world.arrive('bot', ...many);
    await world.arrive('bot', ...many.slice(0, 5).map((one) => later(one, 'fixed', '2026-11-21T09:00:30.000Z')));
    await world.pass();
    expect(world.posts).toHaveLength(1);
    expect(digestCounts(world.posts)).toEqual([20]);
    expect(JSON.stringify(world.posts[0]?.blocks)).toContain('15 Waits for your approval  ·  5 Fixed');
  });
});

describe('what no route sends to the channel', () => {
  const routes = [{ statuses: ['open'], to: ['slack:bot'] }] as const;

  test('is no message, but the end of one that is there', async () => {
    const world = new AlertWorld({ routes });
    const open = nth(1, 'open');
    await world.arrive('bot', open, nth(2, 'fixed'));
    await world.arrive('bot', later(open, 'superseded', '2026-11-21T09:05:00.000Z'));
    expect(world.posts).toEqual([expect.objectContaining({ updates: 1, text: expect.stringMatching(/^Replaced/) })]);
  });

  test('ends what still waits to be told, without a message', async () => {
    const world = new AlertWorld({ routes });
    const open = nth(1, 'open');
    await world.arrive('bot', open, later(open, 'superseded', '2026-11-21T09:05:00.000Z'));
    expect(world.posts).toEqual([]);
  });
});
