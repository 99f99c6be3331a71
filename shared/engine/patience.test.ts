import { describe, expect, test } from 'vitest';
import type { Waits } from '#shared/finding/message.ts';
import { frozen } from '../../test/support/frozen.ts';
import { HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { awsAnswered, type Cause, isSpent, looked, timesOf, waitedFor, waitsOf } from './patience.ts';

const forLong = (times: number) => ({ times, since: HOUR_BEFORE });
const all: Waits = frozen({ unanswered: forLong(1), unfound: forLong(2), unseen: forLong(3), unready: forLong(4) });
const causes: readonly Cause[] = ['unanswered', 'unfound', 'unseen', 'unready'];

describe('the patience for what is', () => {
  test.each<[Cause, number]>([
    ['unanswered', 20],
    ['unfound', 6],
    ['unseen', 6],
    ['unready', 14],
  ])('%s ends after %i times, whatever else was waited for', (cause, times) => {
    const others = Object.fromEntries(causes.map((one) => [one, forLong(99)]));
    expect(isSpent({ ...others, [cause]: forLong(times) }, cause, now)).toBe(true);
    expect(isSpent({ ...others, [cause]: forLong(times - 1) }, cause, now)).toBe(false);
    expect(isSpent({ ...others, [cause]: undefined }, cause, now)).toBe(false);
  });

  test.each<[Cause, string, boolean]>([
    ['unseen', '2026-11-21T08:55:00.000Z', true],
    ['unseen', '2026-11-21T08:55:00.001Z', false],
    ['unanswered', NOW, true],
    ['unfound', NOW, true],
    ['unready', NOW, true],
  ])('%s often since %s: %s, for only what is gone needs its time', (cause, since, isOver) => {
    expect(isSpent({ [cause]: { times: 99, since } }, cause, now)).toBe(isOver);
  });
});

describe('what was waited for', () => {
  test.each(causes)('counts %s alone, from the first time on', (cause) => {
    expect(waitedFor(frozen({}), cause, now)).toStrictEqual({ [cause]: { times: 1, since: NOW } });
    expect(waitedFor(all, cause, now)).toStrictEqual({ ...all, [cause]: forLong(timesOf(all, cause) + 1) });
  });

  test('begins anew for AWS, once it has answered', () => {
    const { unanswered: _over, ...rest } = all;
    expect(awsAnswered(all)).toStrictEqual(rest);
  });

  const { unanswered, unfound } = all;
  test.each<[string, Cause | undefined, Waits]>([
    ['missed the resource', 'unseen', { ...all, unseen: forLong(4) }],
    ['saw it, and something must come first', 'unready', { unanswered, unfound, unready: forLong(5) }],
    ['saw it, and could go on', undefined, { unanswered, unfound }],
  ])('by a look that %s', (_name, cause, after) => {
    expect(looked(all, cause, now)).toStrictEqual(after);
  });

  test('of several messages is what the most patient has', () => {
    const messages = [{ waits: {} }, { waits: all }, { waits: { unseen: { times: 3, since: NOW }, unready: { times: 5, since: NOW } } }];
    const most = { ...all, unready: { times: 5, since: NOW } };
    expect(waitsOf(messages)).toStrictEqual(most);
    expect(waitsOf(messages.toReversed())).toStrictEqual({ ...most, unseen: { times: 3, since: NOW } });
    expect(waitsOf([])).toStrictEqual({});
  });
});
