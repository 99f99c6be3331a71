import { createHash } from 'node:crypto';
import { actionOf, shapeOf } from '#shared/aws/actions.ts';
import type { Plan } from '#shared/control/control.ts';
import type { PlanPart } from '#shared/ledger/ledger.ts';
import type { Run } from './types.ts';

/*
 * A person approves what they saw. What only time makes different is no other plan: idempotency tokens, and timestamps wherever
 * they stand. A secret counts as one, whatever it holds. What only repeats the resource's own tags is none either.
 */

const TIMESTAMPS = /\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)|\b1\d{12}\b/g;
const SECRETS = /\[secret[^\]]*\]/g;

/** The calls of a plan, each with a digest of each member of its input, so that a change can be named and no value is kept. */
export function planPartsOf({ changes, later = [] }: Plan): PlanPart[] {
  const now = changes.map(({ command, repeats = [] }): PlanPart => {
    const { tokenMember } = shapeOf(command);
    const members = Object.entries(command.input).filter(
      ([name, value]) => name !== tokenMember && !repeats.includes(name) && value !== undefined,
    );
    const digests = members.map(([name, value]): [string, string] => [name, digest(timeless(value)).slice(0, 12)]);
    return { api: actionOf(command), members: Object.fromEntries(digests.sort(([one], [other]) => inOrder(one, other))) };
  });
  return [...now, ...later.map(({ api }): PlanPart => ({ api, members: {} }))];
}

/**
 * The order of names of members: without regard to case, and lower case first among what differs in nothing else. It is that of
 * `localeCompare`, by which approvals that wait were digested, and which takes 5 ms when it is first called.
 */
function inOrder(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a !== b) return a < b ? -1 : 1;
  return one > other ? -1 : Number(one !== other);
}

/** The name of a plan: the same for the same calls with the same input. */
export function planDigest(parts: readonly PlanPart[]): string {
  return digest(JSON.stringify(parts)).slice(0, 32);
}

/** What is no longer as the person saw it who ordered this fix, as a sentence; undefined if the plan is the one they saw. */
export function changedSince({ order, row }: Pick<Run, 'order' | 'row'>, plan: Plan): string | undefined {
  if (order?.plan === undefined) return undefined;
  const now = planPartsOf(plan);
  if (order.plan === planDigest(now)) return undefined;
  const seen = row?.finding.plan === order.plan ? row.plan : undefined;
  const differences = seen ? differencesOf(seen, now) : [];
  const what = differences.length > 0 ? differences.join('; ') : 'its calls are not the ones that were shown';
  return `The plan is not the one that was approved: ${what}. Look at it, and order the fix again.`;
}

function differencesOf(seen: readonly PlanPart[], now: readonly PlanPart[]): string[] {
  const apis = [...new Set([...seen, ...now].map(({ api }) => api))];
  return apis.flatMap((api) => {
    const [before, after] = [seen, now].map((parts) => parts.filter((one) => one.api === api));
    if (!before || !after || before.length === 0) return [`${api} is new`];
    if (after.length === 0) return [`${api} is not needed any more`];
    if (before.length !== after.length) return [`${api} is called ${after.length} times, not ${before.length}`];
    const names = before.flatMap((one, n) => differingMembers(one, after[n]));
    return names.length > 0 ? [`${api} has another ${[...new Set(names)].join(', ')}`] : [];
  });
}

function differingMembers({ members: before }: PlanPart, after: PlanPart | undefined): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after?.members ?? {})])];
  return names.filter((name) => before[name] !== after?.members[name]);
}

function timeless(value: unknown): string {
  return JSON.stringify(value).replace(TIMESTAMPS, 'TIME').replace(SECRETS, '[secret]');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A plan that waits for a person for one more reason, a sentence. */
export function asking(plan: Plan, why: string): Plan {
  return { ...plan, needsApproval: plan.needsApproval === undefined ? why : `${plan.needsApproval} ${why}` };
}
