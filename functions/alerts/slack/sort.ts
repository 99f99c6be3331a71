import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import { isAnswer } from '#shared/finding/announcement.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { destinationsFor, isQuietFor } from '../route/route.ts';
import type { Told } from '../store.ts';
import { decidedAt, needsAction } from './pending.ts';

/** A channel as far as it matters to what it shows. */
export interface Listener {
  /** Its name among the destinations. */
  readonly to: string;
  readonly alerts: AlertsConfig;
  /** The digest that is open. */
  readonly digest: string | undefined;
}

/** Findings by how they are to be posted, with the earlier posts about them. */
export interface Sorted {
  /** Those with no message yet, or that need another. */
  readonly fresh: readonly Finding[];
  /** Those that the open digest counts; one of them may need action now, and be fresh too. */
  readonly counted: ReadonlyMap<Finding, Told>;
  /** Those whose message is there. */
  readonly updates: ReadonlyMap<Finding, Told>;
  /** Announcements that need no post. */
  readonly finished: readonly string[];
}

/** Sorts findings, the latest announcement of each, by what a channel shows of them, by finding. */
export function sorted(findings: readonly Finding[], told: ReadonlyMap<string, Told>, { to, alerts, digest }: Listener): Sorted {
  const fresh: Finding[] = [];
  const counted = new Map<Finding, Told>();
  const updates = new Map<Finding, Told>();
  const finished: string[] = [];
  for (const finding of findings) {
    const before = told.get(finding.id);
    const isOurs = destinationsFor(finding, alerts).has(to);
    const isWanted = needsAction(finding);
    const isReminder = finding.exemption?.isEnding === true && !isAnswer(finding);
    if (before && isLate(finding, before)) finished.push(finding.announcement);
    // an update of an old message would remind nobody
    else if (isReminder && isOurs) fresh.push(finding);
    else if (before?.ts) updates.set(finding, before);
    else if (before?.digest !== undefined && before.digest === digest) {
      counted.set(finding, before);
      if (isWanted && isOurs && (finding.changed || before.status !== finding.status)) fresh.push(finding);
    }
    // the digest that counted it is over: what is settled since then asks nobody for anything
    else if (!isOurs || isQuietFor(finding, alerts) || (before && !isWanted)) finished.push(finding.announcement);
    else fresh.push(finding);
  }
  return { fresh, counted, updates, finished };
}

/** Whether a later status was posted already; an answer changes nothing of the finding, so not its time either. */
function isLate(finding: Finding, before: Told): boolean {
  return isAnswer(finding) ? before.decidedAt > decidedAt(finding) : before.decidedAt >= decidedAt(finding);
}
