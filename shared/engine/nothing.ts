import type { Plan, Verdict } from '#shared/control/control.ts';
import type { Reason } from '#shared/finding/finding.ts';
import type { FixInProgress } from '#shared/ledger/ledger.ts';
import { growing } from './backoff.ts';
import type { Wording } from './calls.ts';
import { isSpent, timesOf } from './patience.ts';
import type { Decision, Report, Run } from './types.ts';
import { adviceIn } from './verdicts.ts';

/** How often something that must come first is waited for before it is reported. */
const TRIES_UNTOLD = 6;

/** A violation with nothing to send now: a person has to fix it, or something else has to come first. */
export function nothingToSend({ waits }: Run, plan: Plan, words: Wording, hindrance: Reason | undefined, now: Date): Decision {
  const open = (reason?: Reason): Decision => ({ is: 'close', status: 'open', ...words(reason), plan });
  if (!plan.again) return open(hindrance);
  const { afterSeconds, why } = plan.again;
  if (isSpent(waits, 'unready', now)) return open({ code: 'waiting', says: `Redress waited, because ${why}. The next sweep looks again.` });
  const reason = { code: 'waiting', says: `Redress looks again soon, because ${why}.` } as const;
  const times = timesOf(waits, 'unready');
  const reportsTo = times < TRIES_UNTOLD ? 'nobody' : 'everybody';
  return { is: 'wait', cause: 'unready', seconds: growing(times, afterSeconds), ...words(reason), reportsTo };
}

/** A fix or an undo that goes on after a time: what it waits for cannot show before. */
export function goesOn({ kind, wrong: found }: FixInProgress, { afterSeconds: seconds, why }: NonNullable<Plan['again']>): Report {
  return { is: 'wait', seconds, found, reason: { code: 'in-progress', says: `The ${kind} is in progress: ${why}.` }, reportsTo: 'nobody' };
}

/** A fix or an undo whose end is not reached, and which has nothing to send: it waits, or a person does the rest. */
export function nothingMore(fix: FixInProgress, plan: Plan | undefined, verdict: Verdict): Decision {
  if (plan?.again) return goesOn(fix, plan.again);
  const { kind, wrong: found } = fix;
  const words = { found, now: verdict.says, advice: adviceIn(verdict) };
  if (plan?.leavesRest) return { is: 'close', status: 'open', ...words };
  return { is: 'close', status: 'failed', ...words, reason: { code: 'stuck', says: `The ${kind} cannot go on.` } };
}
