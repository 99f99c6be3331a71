import { shapeOf } from '#shared/aws/actions.ts';
import { isRepeating } from '#shared/aws/once.ts';
import type { Change, Plan } from '#shared/control/control.ts';
import type { CaseState, FixInProgress } from '#shared/ledger/ledger.ts';
import { isBreaking } from './managed.ts';
import { fixBroken } from './state-broken.ts';
import { type Job, occasionOf, type Run } from './types.ts';

/*
 * AWS took a fix, and the resource is as wrong as before: either reads lag, or somebody broke it again since. Only the record of such a
 * call tells one from the other.
 */

/**
 * The state in which a fix that AWS took has ended and the resource is broken again; undefined where reads may just lag. Its end counts
 * towards a fight, and every gate is asked again.
 */
export function brokenAgain(run: Run, fix: FixInProgress, plan: Plan, now: Date): CaseState | undefined {
  const { control, mode, state } = run;
  // a person's order was for what they saw
  const isOrdered = fix.kind === 'undo' || fix.order !== undefined || run.order !== undefined;
  // what went before this round, or may have been done unseen, would not be done again
  const isOneRound = fix.taken.length === 1 && fix.sent.length === plan.changes.length && !fix.isAnswerLost && !fix.unsure;
  const isHarmless = !plan.completes && plan.changes.every((change) => isHarmlessTwice(change, control));
  if (fix.takenAt === undefined || mode === 'off' || isOrdered || !isOneRound || !isHarmless) return undefined;
  const sent = Math.floor(Date.parse(fix.takenAt) / 1000) * 1000;
  return run.jobs.some((job) => isNewBreak(job, run, sent)) ? fixBroken(state, now) : undefined;
}

/** Whether a call broke it that came to light after the fix was sent, in the same second or later: records have whole seconds. */
function isNewBreak(job: Job, { control, state }: Run, sent: number): boolean {
  if (job.occasion.is !== 'call' || !isBreaking(control, job.occasion.record)) return false;
  const { event } = occasionOf(job);
  // each counts once, also where AWS's clock is ahead of ours
  const isKnown = state.finding?.openedBy.id === event.id || state.finding?.events.includes(event.id);
  return !isKnown && Date.parse(event.time) >= sent;
}

/** Whether AWS does no more if it is sent twice: another fix has another token, but of a setting there is one, whatever is sent. */
function isHarmlessTwice({ command, made }: Change, { kind }: Run['control']): boolean {
  if (made !== undefined || isRepeating(command)) return false;
  return kind.is === 'setting' || shapeOf(command).tokenMember === undefined;
}
