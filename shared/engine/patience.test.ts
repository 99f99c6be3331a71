import { describe, expect, test } from 'vitest';
import type { Cause, Waits } from '#shared/finding/message.ts';
import { frozen } from '../../test/support/frozen.ts';
import { callJob, orderJob, runOf } from '../../test/support/runs.ts';
import { HOUR_BEFORE, NOW, now } from '../../test/support/states.ts';
import { awsAnswered, countsAsTry, isEarly, isSpent, looked, timesOf, waitedFor, waitsOf } from './patience.ts';

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
    const since = { times: 3, since: NOW };
    const jobs = [callJob(), callJob(all), callJob({ unseen: since, unready: { times: 5, since: NOW } })];
    const most = { ...all, unready: { times: 5, since: NOW } };
    expect(waitsOf(jobs)).toStrictEqual(most);
    expect(waitsOf(jobs.toReversed())).toStrictEqual({ ...most, unseen: since });
    expect(waitsOf([])).toStrictEqual({});
  });
});

describe('a look', () => {
  const at = '2026-11-21T09:00:00.001Z';
  const looking = (look?: string) => {
    const job = callJob();
    return look === undefined ? job : { ...job, message: { ...job.message, look } };
  };
  test.each<[string, Parameters<typeof runOf>[0], boolean, boolean]>([
    ['before the planned one is early, and no try', { state: { look: { id: 'l-1', at } }, jobs: [looking(), looking('l-2')] }, true, false],
    ['when the planned one is due is not', { state: { look: { id: 'l-1', at: NOW } } }, false, true],
    ['that is the planned one is not', { state: { look: { id: 'l-1', at } }, jobs: [looking(), looking('l-1')] }, false, true],
    ['without a plan is not', {}, false, true],
    ['for an order is a try, though it is early', { state: { look: { id: 'l-1', at } }, jobs: [orderJob('fix')] }, true, true],
  ])('%s', (_name, some, isBefore, isTry) => {
    const run = frozen(runOf(some));
    expect([isEarly(run, now), countsAsTry(run, now)]).toEqual([isBefore, isTry]);
  });
});
