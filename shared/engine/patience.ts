import type { Cause, Waits } from '#shared/finding/message.ts';
import type { Job, Run } from './types.ts';

/**
 * How often each is waited for, in growing steps: an answer of AWS for about four hours; what a record names and the resource itself
 * for about five minutes; what must come first for an hour or two, before the sweep takes over.
 */
const TRIES: { readonly [cause in Cause]: number } = { unanswered: 20, unfound: 6, unseen: 6, unready: 14 };

/** How long a resource must have been missing before it counts as gone, in milliseconds: no number of reads that come at once proves it. */
const MISSING_MS = 5 * 60_000;

/** How often a cause was waited for. */
export function timesOf(waits: Waits, cause: Cause): number {
  return waits[cause]?.times ?? 0;
}

/** Whether a cause was waited for as often, and for as long, as it ever is. */
export function isSpent(waits: Waits, cause: Cause, now: Date): boolean {
  if (timesOf(waits, cause) < TRIES[cause]) return false;
  return cause !== 'unseen' || now.getTime() - Date.parse(waits.unseen?.since ?? '') >= MISSING_MS;
}

/** The waits with one more for a cause. */
export function waitedFor(waits: Waits, cause: Cause, now: Date): Waits {
  const { times = 0, since = now.toISOString() } = waits[cause] ?? {};
  return { ...waits, [cause]: { times: times + 1, since } };
}

/** The waits after AWS has answered. */
export function awsAnswered({ unanswered: _over, ...rest }: Waits): Waits {
  return rest;
}

/**
 * The waits after a look, and what is waited for by it: what was there is missed from the beginning, and what was ready waits from the beginning. A read alone does
 * not show that AWS answers: the round may yet fail as it announces or writes.
 */
export function looked(waits: Waits, cause: Cause | undefined, now: Date): Waits {
  if (cause === 'unseen') return waitedFor(waits, cause, now);
  const { unseen: _there, ...there } = waits;
  if (cause === 'unready') return waitedFor(there, cause, now);
  const { unready: _ready, ...rest } = there;
  return rest;
}

/** Whether a look comes before the planned one, as one for another event does. */
export function isEarly({ state: { look }, jobs }: Pick<Run, 'state' | 'jobs'>, now: Date): boolean {
  return look !== undefined && Date.parse(look.at) > now.getTime() && !jobs.some(({ message }) => message.look === look.id);
}

/** Whether a look in vain uses up the patience of a fix: the planned ones do, and those of orders, or many events at once would end it. */
export function countsAsTry(run: Pick<Run, 'state' | 'jobs' | 'order'>, now: Date): boolean {
  return run.order !== undefined || !isEarly(run, now);
}

/** What several messages about one case have waited for, each cause as often as the most patient of them. */
export function waitsOf(jobs: readonly Pick<Job, 'message'>[]): Waits {
  return jobs.map(({ message }) => message.waits).reduce(mostPatient, {});
}

function mostPatient(one: Waits, other: Waits): Waits {
  const causes = Object.keys(TRIES) as Cause[];
  const longer = causes.filter((cause) => timesOf(other, cause) > timesOf(one, cause));
  return { ...one, ...Object.fromEntries(longer.map((cause) => [cause, other[cause]])) };
}
