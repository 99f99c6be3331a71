import { describe, expect, test } from 'vitest';
import { stringAt } from '#shared/control/record.ts';
import type { Message, Sweeps, Wake } from '#shared/finding/message.ts';
import { callJob, depsOf, orderJob } from '../../test/support/runs.ts';
import { HOUR_BEFORE, NOW } from '../../test/support/states.ts';
import { lookAgain } from './finish.ts';
import type { Job } from './types.ts';

/** A message about a call of that time. */
function callAt(eventTime: string, eventID: string): Job {
  const job = callJob({}, eventID);
  if (job.occasion.is !== 'call') throw new Error('it is of no call');
  return { ...job, occasion: { ...job.occasion, record: { ...job.occasion.record, eventTime } } };
}

test('of several messages every order goes on, and the event of what happened first; all with the same waits', async () => {
  const bodies: unknown[] = [];
  const enqueue = async (messages: readonly { body: unknown }[]) => void bodies.push(...messages.map(({ body }) => body));
  const waits = { unseen: { times: 3, since: HOUR_BEFORE } };
  const jobs = [callAt(NOW, 'e-2'), callAt(HOUR_BEFORE, 'e-1'), callAt(NOW, 'e-3'), orderJob('fix')];
  await lookAgain(jobs, { type: 'AWS::EC2::Volume', id: 'vol-1' }, 5, depsOf({ enqueue }), { waits });
  expect(bodies).toMatchObject([
    { order: { id: 'o-1' }, waits },
    { event: { detail: { eventID: 'e-1' } }, waits },
  ]);
});

describe('of events of which nobody knows whether they are done', () => {
  const at = (minute: number) => `2026-11-21T08:0${minute}:00Z`;
  const copied = async (...events: readonly [minute: number, id: string][]) => {
    const ids: unknown[] = [];
    const enqueue = async (messages: readonly { body: Message | Sweeps | Wake }[]) =>
      void ids.push(...messages.map(({ body }) => stringAt(body, 'event', 'detail', 'eventID')));
    const jobs = events.map(([minute, id]) => callAt(at(minute), id));
    await lookAgain(jobs, { type: 'AWS::EC2::Volume', id: 'vol-1' }, 5, depsOf({ enqueue }), { waits: {}, mayBeDone: true });
    return ids;
  };

  test('the first and the last come again, for whoever is done with the last has looked after all', async () => {
    expect(await copied([2, 'e-2'], [3, 'e-3'], [1, 'e-1'], [4, 'e-4'])).toEqual(['e-1', 'e-4']);
  });
  test('each of those that have the time of the last does, for their order is not known', async () => {
    expect(await copied([1, 'e-1'], [2, 'e-2'], [4, 'e-4'], [4, 'e-5'])).toEqual(['e-1', 'e-4', 'e-5']);
  });
  test('a repeat comes once, and so does an only one', async () => {
    expect(await copied([1, 'e-1'], [1, 'e-1'], [2, 'e-2'], [2, 'e-2'])).toEqual(['e-1', 'e-2']);
    expect(await copied([1, 'e-1'])).toEqual(['e-1']);
  });
});

test('a planned look stays one beside a repeat of its event, whichever stands first', async () => {
  const looking = (id: string, look: string): Job => {
    const job = callAt(NOW, id);
    return { ...job, message: { ...job.message, look } };
  };
  const looksOf = async (jobs: readonly Job[], how: { mayBeDone?: boolean; look?: string }) => {
    const looks: unknown[] = [];
    const enqueue = async (messages: readonly { body: Message | Sweeps | Wake }[]) =>
      void looks.push(...messages.map(({ body }) => [stringAt(body, 'event', 'detail', 'eventID'), stringAt(body, 'look')]));
    await lookAgain(jobs, { type: 'AWS::EC2::Volume', id: 'vol-1' }, 5, depsOf({ enqueue }), { waits: {}, ...how });
    return looks;
  };
  const [plain, look, older] = [callAt(NOW, 'e-1'), looking('e-1', 'l-1'), looking('e-1', 'l-0')];
  for (const how of [{}, { mayBeDone: true }]) {
    expect(await looksOf([plain, look], how)).toEqual([['e-1', 'l-1']]);
    expect(await looksOf([look, plain], how)).toEqual([['e-1', 'l-1']]);
    expect(await looksOf([older, look, look], how)).toEqual([
      ['e-1', 'l-0'],
      ['e-1', 'l-1'],
    ]);
    expect(await looksOf([callAt(HOUR_BEFORE, 'e-0'), look], how)).toEqual([
      ['e-1', 'l-1'],
      ['e-0', undefined],
    ]);
  }
  expect(await looksOf([plain, look], { look: 'l-2' })).toEqual([['e-1', 'l-2']]);
});
