import type { Json } from '#shared/control/types.ts';
import { type Branch, branchesOf, type Field, fitsAlone, isMatch, type Thing, valuesAt } from '#shared/replay/matcher.ts';

/** Why a rule does not get an event: the first field that differs. */
export interface Difference {
  /** Such as `detail.eventName`; empty where each field fits, and no one element of a list has them all. */
  readonly field: string;
  readonly wanted: readonly Json[];
  /** What the event has there. */
  readonly found: readonly Json[];
  /** Whether the rule asks for this call at all, and something about it differs. */
  readonly isOfThisCall: boolean;
}

/** The fields that say which call it is, in the order in which people ask. */
const CALL = ['source', 'detail-type', 'detail.eventSource', 'detail.eventType', 'detail.eventName'];

/** Where a rule with this pattern differs from an event at first, in the branch that comes nearest; undefined if it matches. */
export function firstDifference(pattern: Thing, event: Thing): Difference | undefined {
  const branches = branchesOf(pattern);
  if (isMatch(branches, event)) return undefined;
  const ranked = branches.map((branch) => differing(branch, event)).toSorted((a, b) => rank(a) - rank(b));
  const [nearest = []] = ranked;
  const [first] = nearest;
  if (!first) return { field: '', wanted: [], found: [], isOfThisCall: true };
  return { field: first.name, wanted: first.wanted, found: valuesAt(event, first), isOfThisCall: !CALL.includes(first.name) };
}

/** The fields of a branch that do not fit, which call it is first. */
function differing(branch: Branch, event: Thing): readonly Field[] {
  return branch.filter((field) => !fitsAlone(field, event)).toSorted((a, b) => place(a) - place(b));
}

function place({ name }: Field): number {
  const at = CALL.indexOf(name);
  return at < 0 ? CALL.length : at;
}

/** Fewer differences are nearer, and one about another call is farther than any other. */
function rank(fields: readonly Field[]): number {
  return fields.reduce((sum, { name }) => sum + (CALL.includes(name) ? 1000 : 1), 0);
}
