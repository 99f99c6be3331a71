import { expect, test } from 'vitest';
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
