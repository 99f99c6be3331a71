import { afterEach, describe, expect, test, vi } from 'vitest';
import { jsonAnswer } from '../../local/http.ts';
import { by, later, nth } from '../../test/support/alerts/many.ts';
import { AlertWorld, digestCounts } from '../../test/support/alerts/world.ts';

afterEach(() => vi.unstubAllGlobals());

describe('Slack does not take it', () => {
  test('429: nothing is sent before Slack said, and nothing is lost', async () => {
    const world = new AlertWorld();
    const begun = world.now;
    world.sink.fault = () => ({ ...jsonAnswer({ ok: false, error: 'ratelimited' }, 429), headers: { 'retry-after': '30' } });
    await world.arrive('bot', nth(1));
    world.sink.fault = undefined;
    await world.arrive('bot', nth(2, 'open', by('erin')));
    expect(world.calls).toBe(1);
    await world.pass();
    expect(world.posts).toHaveLength(2);
    expect((world.sink.log()[1]?.at ?? 0) - begun).toBeGreaterThanOrEqual(30_000);
  });

  test.each(['500', 'silence'] as const)('%s: it is tried again, ever more slowly, until an alarm tells somebody', async (fault) => {
    const world = new AlertWorld();
    world.sink.fault = () => (fault === 'silence' ? 'silence' : jsonAnswer({ ok: false, error: 'fatal_error' }, 500));
    await world.arrive('bot', nth(1));
    await world.pass();
    expect(world.deadLetters).toEqual(['bot']);
    expect(world.calls).toBe(16);
    expect(JSON.stringify(world.logs)).not.toContain('xoxb');
    // the dead letter is put back once Slack is well
    world.sink.fault = undefined;
    world.now += 900_000;
    await world.invoke('bot', true);
    expect(world.posts).toHaveLength(1);
  });

  test.each(['token_revoked', 'channel_not_found', 'not_in_channel', 'is_archived', 'invalid_auth'])(
    '%s: only a person can set that right, so the alarm is not kept waiting',
    async (error) => {
      const world = new AlertWorld();
      const begun = world.now;
      world.sink.fault = () => jsonAnswer({ ok: false, error });
      await world.arrive('bot', nth(1));
      await world.pass();
      expect([world.deadLetters, world.calls]).toEqual([['bot'], 2]);
      expect(world.now - begun).toBeLessThan(60_000);
      world.sink.fault = undefined;
      world.now += 900_000;
      await world.invoke('bot', true);
      expect(world.posts).toHaveLength(1);
    },
  );

  test('429 for ever is an alarm in the end', async () => {
    const world = new AlertWorld();
    world.sink.fault = () => ({ ...jsonAnswer({ ok: false, error: 'ratelimited' }, 429), headers: { 'retry-after': '60' } });
    await world.arrive('bot', nth(1));
    await world.pass();
    expect(world.deadLetters).toEqual(['bot']);
  });

  test('a thread that takes no reply: the repeat is told beside it, and nothing waits for it', async () => {
    const world = new AlertWorld();
    await world.arrive('bot', nth(1));
    let calls = 0;
    world.sink.fault = () => {
      calls += 1;
      return calls === 1 ? jsonAnswer({ ok: false, error: 'cannot_reply_to_message' }) : undefined;
    };
    await world.arrive('bot', nth(2), nth(3, 'open', by('erin')));
    expect(world.posts.map(({ thread_ts }) => thread_ts)).toEqual([undefined, undefined, undefined]);
    await world.arrive('bot', nth(4));
    expect(world.posts[3]?.thread_ts).toBe(world.posts[1]?.ts);
  });

  test('blocks that Slack refuses are sent as text', async () => {
    const world = new AlertWorld();
    let calls = 0;
    world.sink.fault = () => {
      calls += 1;
      return calls === 1 ? jsonAnswer({ ok: false, error: 'invalid_blocks' }) : undefined;
    };
    await world.arrive('bot', nth(1));
    expect(world.posts).toEqual([expect.objectContaining({ blocks: [], text: expect.stringContaining('not encrypted') })]);
  });

  test('a secret that is no secret of Slack is named by its parameter only', async () => {
    const world = new AlertWorld();
    world.secrets = new Map([['/redress/slack/hook', 'https://evil.example/services/T/B/hunter2']]);
    const telling = world.arrive('hook', nth(1));
    await expect(telling).rejects.toThrow('/redress/slack/hook');
    await expect(telling).rejects.not.toThrow('hunter2');
    expect(world.calls).toBe(0);
  });
});

test('nothing but this machine can be named in place of Slack', async () => {
  vi.stubEnv('REDRESS_LOCAL_SLACK', 'https://evil.example');
  try {
    const world = new AlertWorld();
    await world.arrive('bot', nth(1));
    expect(world.calls).toBe(0);
    expect(JSON.stringify(world.logs)).toContain('127.0.0.1 only');
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('what is pending is looked at again', () => {
  const limited = (seconds: number) => () => ({
    ...jsonAnswer({ ok: false, error: 'ratelimited' }, 429),
    headers: { 'retry-after': String(seconds) },
  });

  test('though the queue did not take the message that would', async () => {
    const world = new AlertWorld();
    world.sink.fault = limited(600);
    world.failingWakes = 1;
    await expect(world.arrive('bot', nth(1))).rejects.toThrow('SQS does not answer');
    world.sink.fault = undefined;
    world.now += 361_000;
    await world.invoke('bot', false, true);
    await world.pass();
    expect(world.posts).toHaveLength(1);
  });

  test('though an invocation died between its plan and its message', async () => {
    const world = new AlertWorld();
    world.sink.fault = limited(600);
    await world.arrive('bot', nth(1));
    world.wakes.splice(0);
    world.sink.fault = undefined;
    world.now += 361_000;
    await world.invoke('bot', false, true);
    await world.pass();
    expect(world.posts).toHaveLength(1);
  });

  test('though the message comes a little before its time', async () => {
    const world = new AlertWorld();
    world.sink.fault = limited(30);
    await world.arrive('bot', nth(1));
    world.sink.fault = undefined;
    const [wake] = world.wakes.splice(0);
    world.now = (wake?.at ?? 0) - 20;
    await world.invoke('bot', true);
    await world.pass();
    expect(world.posts).toHaveLength(1);
  });
});

describe('invocations meet, or end where they should not', () => {
  test('two at once tell each finding once', async () => {
    const world = new AlertWorld();
    await Promise.all([world.arrive('bot', nth(1)), world.arrive('bot', nth(2, 'open', by('erin')))]);
    await world.pass();
    expect(world.posts).toHaveLength(2);
    expect(world.calls).toBe(2);
  });

  test('after a crash behind a digest nothing is counted twice', async () => {
    const world = new AlertWorld();
    const many = Array.from({ length: 30 }, (_, n) => nth(n));
    world.store.failing = 'settle';
    await expect(world.arrive('bot', ...many)).rejects.toThrow('settle failed');
    await world.pass(world.now + 30_000);
    await world.arrive('bot', nth(99));
    await world.pass();
    expect(digestCounts(world.posts)).toEqual([31]);
  });

  test('after a crash before it is noted what a digest counts, later statuses change its counts all the same', async () => {
    const world = new AlertWorld();
    const many = Array.from({ length: 30 }, (_, n) => nth(n));
    world.store.failing = 'putTold';
    await expect(world.arrive('bot', ...many)).rejects.toThrow('putTold failed');
    await world.pass(world.now + 70_000);
    await world.arrive('bot', ...many.slice(0, 5).map((one) => later(one, 'fixed', '2026-11-21T09:05:00.000Z')));
    await world.pass();
    expect(digestCounts(world.posts)).toEqual([30]);
    expect(JSON.stringify(world.posts[0]?.blocks)).toContain('25 Waits for your approval  ·  5 Fixed');
  });
});

test('a channel that was told by a webhook and is a bot’s now tells what comes next', async () => {
  const world = new AlertWorld();
  const waiting = nth(1);
  await world.store.putTold('bot', [{ finding: waiting.id, status: 'awaiting-approval', decidedAt: '' }]);
  await world.arrive('bot', later(waiting, 'failed', '2026-11-21T09:05:00.000Z'));
  expect(world.posts).toEqual([expect.objectContaining({ text: expect.stringMatching(/^Failed/) })]);
});
