import type { Finding, Status } from '#shared/finding/finding.ts';
import { cut } from '#shared/finding/text.ts';

/** One control and one actor, and how many findings they share. */
interface Pair {
  readonly control: string;
  readonly actor: string;
  readonly count: number;
}

/** Many findings as one message. */
export interface Digest {
  readonly id: string;
  /** From the first finding to the last, ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly count: number;
  /** The account and Region, which a ledger has one of. */
  readonly place: string;
  readonly statuses: { readonly [status in Status]?: number };
  readonly pairs: readonly Pair[];
  /** When it is posted next, and how long it waits after that, in milliseconds. */
  readonly dueAt: number;
  readonly waitMs: number;
  readonly openedAt: number;
  readonly addedAt: number;
  /** The message that shows it, where one can be updated. */
  readonly ts?: string;
  /** Announcements that are counted already, but may still be pending after a crash. */
  readonly settling: readonly string[];
}

/** How many pairs a digest remembers; the ten most frequent are shown. */
const MOST_PAIRS = 50;
/** So much of a name is remembered; less of it is shown. */
const MOST_NAME = 500;
/** A digest to which nothing came for so long after it was due is over, and so is one that is as old as this. */
const IDLE_MS = 5 * 60_000;
const OLDEST_MS = 60 * 60_000;

/** A digest of nothing yet, due at once. */
export function openDigest(id: string, place: string, now: number, waitMs: number): Digest {
  const time = new Date(now).toISOString();
  const empty = { count: 0, statuses: {}, pairs: [], settling: [] };
  return { id, place, since: time, until: time, ...empty, dueAt: now, waitMs, openedAt: now, addedAt: now };
}

/** Whether the digest has ended, so that later findings have messages of their own again. */
export function isOver({ addedAt, dueAt, openedAt }: Digest, now: number): boolean {
  return now - Math.max(addedAt, dueAt) > IDLE_MS || now - openedAt > OLDEST_MS;
}

/** The digest with more findings counted. */
export function withFindings(digest: Digest, findings: readonly Finding[], now: number): Digest {
  const statuses: { [status in Status]?: number } = { ...digest.statuses };
  const pairs = new Map(digest.pairs.map((pair) => [keyOf(pair), pair]));
  for (const { status, control, actor } of findings) {
    statuses[status] = (statuses[status] ?? 0) + 1;
    const pair = { control, actor: cut(actor.name, MOST_NAME) };
    pairs.set(keyOf(pair), { ...pair, count: (pairs.get(keyOf(pair))?.count ?? 0) + 1 });
  }
  return {
    ...digest,
    statuses,
    count: digest.count + findings.length,
    pairs: [...pairs.values()].sort((a, b) => b.count - a.count).slice(0, MOST_PAIRS),
    ...(findings.length > 0 && { until: new Date(now).toISOString(), addedAt: now }),
  };
}

/** The digest after a finding that it counts has come to another status. */
export function withStatus(digest: Digest, from: Status, to: Status): Digest {
  const statuses: { [status in Status]?: number } = { ...digest.statuses };
  const left = (statuses[from] ?? 0) - 1;
  if (left > 0) statuses[from] = left;
  else delete statuses[from];
  return { ...digest, statuses: { ...statuses, [to]: (statuses[to] ?? 0) + 1 } };
}

/** The digest after it was posted: the next time is due after a wait that doubles. */
export function afterTelling(digest: Digest, now: number, longestMs: number): Digest {
  return { ...digest, dueAt: now + digest.waitMs, waitMs: Math.min(longestMs, digest.waitMs * 2) };
}

/** The same digest, counting from zero: where a message cannot be updated, each says only what came since the last. */
export function emptied(digest: Digest, now: number): Digest {
  const time = new Date(now).toISOString();
  return { ...digest, since: time, until: time, count: 0, statuses: {}, pairs: [] };
}

function keyOf({ control, actor }: Omit<Pair, 'count'>): string {
  return JSON.stringify([control, actor]);
}
