import { createHash } from 'node:crypto';
import { isAnswer, isUrgent } from '#shared/finding/announcement.ts';
import { type Finding, unsettledStatuses } from '#shared/finding/finding.ts';

/** Over how long messages are counted. */
export const MINUTE_MS = 60_000;

/** Findings that were posted to a channel at a time, in milliseconds since the epoch. */
export interface Recent {
  readonly at: number;
  readonly isWanted: boolean;
  readonly count: number;
}

/** AWS's ARNs of callers are shorter. */
const MOST_KEY = 1000;

/** When it was decided what a finding says, ISO 8601. */
export function decidedAt({ timings }: Pick<Finding, 'timings'>): string {
  return timings.decidedAt ?? timings.receivedAt;
}

/** What one actor does to one control is one thread. */
export function threadKey({ control, actor }: Pick<Finding, 'control' | 'actor'>): string {
  const key = JSON.stringify([control, actor.arn ?? actor.name]);
  // an item of the table holds 200 of them
  return key.length > MOST_KEY ? createHash('sha256').update(key).digest('hex') : key;
}

/** Whether a message of its own is worth more than a count: somebody must act, or waits for an answer. */
export function needsAction(finding: Finding): boolean {
  return unsettledStatuses.includes(finding.status) || isUrgent(finding);
}

/** The latest announcement of each finding, and the earlier ones, which are reported with it. */
export function latestOf(pending: readonly Finding[]): { latest: Finding[]; before: string[] } {
  const latest: Finding[] = [];
  const before: string[] = [];
  for (const group of Map.groupBy(pending, ({ id }) => id).values()) {
    const [last, ...others] = group.toSorted(
      (a, b) => decidedAt(b).localeCompare(decidedAt(a)) || Number(isAnswer(b)) - Number(isAnswer(a)),
    );
    if (last) latest.push(last);
    before.push(...others.map(({ announcement }) => announcement));
  }
  return { latest, before };
}

/** What was posted within the last minute, with more of it. */
export function withRecent(recent: readonly Recent[], findings: readonly Finding[], now: number): readonly Recent[] {
  const more = [...Map.groupBy(findings, needsAction)].map(([isWanted, some]) => ({ at: now, isWanted, count: some.length }));
  return [...recent.filter(({ at }) => at > now - MINUTE_MS), ...more];
}
