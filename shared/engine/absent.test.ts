import { expect, test } from 'vitest';
import { runOf } from '../../test/support/runs.ts';
import { fix, HOUR_BEFORE, now, undo } from '../../test/support/states.ts';
import { absent } from './absent.ts';

const forLong = { unseen: { times: 99, since: HOUR_BEFORE } };

test('what is not seen is looked for again, ever later', () => {
  const waiting = (times: number) => absent(runOf({ waits: times ? { unseen: { times, since: HOUR_BEFORE } } : {} }), now);
  const reason = { code: 'not-visible', says: 'The resource is not visible yet.' };
  expect(waiting(0)).toEqual({ is: 'wait', cause: 'unseen', seconds: 5, reason, reportsTo: 'nobody' });
  expect(waiting(1)).toMatchObject({ is: 'wait', seconds: 10 });
});

test('in the end it counts as gone', () => {
  expect(absent(runOf({ waits: forLong }), now)).toEqual({
    is: 'close',
    status: 'skipped',
    reason: { code: 'gone', says: 'The resource is gone.' },
  });
});

test.each([
  ['a fix', fix],
  ['an undo', undo],
])('%s that was in progress is told', (name, begun) => {
  expect(absent(runOf({ waits: forLong, state: { fix: begun } }), now)).toEqual({
    is: 'close',
    status: 'failed',
    found: begun.wrong,
    reason: { code: 'gone', says: `The resource is gone, and ${name} was in progress.` },
    leaves: 'failed',
    keepsFix: true,
  });
});
