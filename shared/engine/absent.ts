import { growing } from './backoff.ts';
import { isSpent, timesOf } from './patience.ts';
import type { Decision, Run } from './types.ts';

/** What to do about a resource that was not found: wait, until it counts as gone. */
export function absent({ waits, state: { fix } }: Run, now: Date): Decision {
  if (!isSpent(waits, 'unseen', now)) {
    const reason = { code: 'not-visible', says: 'The resource is not visible yet.' } as const;
    return { is: 'wait', cause: 'unseen', seconds: growing(timesOf(waits, 'unseen')), reason, reportsTo: 'nobody' };
  }
  if (!fix) return { is: 'close', status: 'skipped', reason: { code: 'gone', says: 'The resource is gone.' } };
  const says = `The resource is gone, and ${fix.kind === 'fix' ? 'a fix' : 'an undo'} was in progress.`;
  return { is: 'close', status: 'failed', found: fix.wrong, reason: { code: 'gone', says }, leaves: 'failed', keepsFix: true };
}
