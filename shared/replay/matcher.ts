import type { Json } from '#shared/control/control.ts';
import { type Filter, filterOf, isThing, only } from './filters.ts';

/** An event, or a pattern for events. */
export type Thing = { readonly [key: string]: Json };

/** One field that a pattern names: where it is, and what its value must be. */
export interface Field {
  readonly path: readonly string[];
  readonly name: string;
  /** As the pattern writes them. */
  readonly wanted: readonly Json[];
  /** Whether no value may be there. */
  readonly isAbsent: boolean;
  readonly filters: readonly Filter[];
}

/** Fields that must all fit; a pattern with `$or` is several of them. Sorted by name, as EventBridge walks them. */
export type Branch = readonly Field[];

/** A value of an event, and of which elements of which arrays it is. */
interface Leaf {
  readonly value: Json;
  readonly within: Within;
}

/** The elements of arrays that are chosen so far, by the arrays themselves. */
type Within = readonly { readonly array: readonly Json[]; readonly index: number }[];

/** Whether EventBridge would deliver an event to a rule with this pattern. */
export function matches(pattern: Thing, event: Thing): boolean {
  return isMatch(branchesOf(pattern), event);
}

/** The same for a pattern that was taken apart before. */
export function isMatch(branches: readonly Branch[], event: Thing): boolean {
  return branches.some((branch) => fits(branch, event, 0, []));
}

/** Takes a pattern apart; throws `TypeError` for a filter that is not known, and for a field that is named twice. */
export function branchesOf(pattern: Thing): readonly Branch[] {
  return expand(pattern, []).map((fields) => {
    const sorted = fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const twice = sorted.find(({ name }, n) => sorted[n + 1]?.name === name);
    if (twice) throw new TypeError(`a pattern names ${twice.name} twice in one branch`);
    return sorted;
  });
}

/** The values at a field, in whatever arrays they stand. */
export function valuesAt(event: Thing, { path }: Field): readonly Json[] {
  return leavesAt(event, path, 0, [], []).map(({ value }) => value);
}

/** Whether one field fits by itself, without regard to the arrays that it shares with others. */
export function fitsAlone(field: Field, event: Thing): boolean {
  return fitsOutsideLists(field, event) ?? fits([field], event, 0, []);
}

/** Whether a field fits, whatever else does; undefined if it is in an array, whose elements it shares with others. */
export function fitsOutsideLists({ path, isAbsent, filters }: Field, event: Thing): boolean | undefined {
  let value: Json | undefined = event;
  for (const key of path) {
    if (Array.isArray(value)) return undefined;
    value = isThing(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  if (Array.isArray(value)) return undefined;
  const leaf = isThing(value) ? undefined : value;
  return isAbsent ? leaf === undefined : leaf !== undefined && filters.some((passes) => passes(leaf));
}

/**
 * An array is its elements, and all fields below one array must be of one and the same element, as Event Ruler's `ACFinder` has it.
 * A field that must be absent may stand in elements that the fields before it did not choose.
 */
function fits(branch: Branch, event: Thing, at: number, chosen: Within): boolean {
  const field = branch[at];
  if (!field) return true;
  const leaves = leavesAt(event, field.path, 0, [], []);
  if (field.isAbsent) return leaves.every(({ within }) => !joined(chosen, within)) && fits(branch, event, at + 1, chosen);
  return leaves.some(({ value, within }) => {
    if (!field.filters.some((passes) => passes(value))) return false;
    const both = joined(chosen, within);
    return both !== undefined && fits(branch, event, at + 1, both);
  });
}

/** Both choices of elements; undefined if they are of different elements of one array. */
function joined(chosen: Within, within: Within): Within | undefined {
  if (within.length === 0) return chosen;
  const isOther = within.some(({ array, index }) => chosen.some((one) => one.array === array && one.index !== index));
  return isOther ? undefined : [...chosen, ...within];
}

/** An object is no value, and neither is an array without elements. */
function leavesAt(value: Json | undefined, path: readonly string[], at: number, within: Within, found: Leaf[]): Leaf[] {
  if (Array.isArray(value)) {
    // an element that is a value itself is bound to no other field
    for (const [index, one] of value.entries())
      leavesAt(one, path, at, typeof one === 'object' && one !== null ? [...within, { array: value, index }] : within, found);
    return found;
  }
  const key = path[at];
  if (key === undefined) {
    if (value !== undefined && !isThing(value)) found.push({ value, within });
  } else if (isThing(value) && Object.hasOwn(value, key)) leavesAt(value[key], path, at + 1, within, found);
  return found;
}

/** Every way to choose one branch of each `$or`. */
function expand(pattern: Thing, path: readonly string[]): Field[][] {
  let all: Field[][] = [[]];
  for (const [key, value] of Object.entries(pattern)) {
    const ways = waysOf(key, value, path);
    all = all.flatMap((fields) => ways.map((way) => [...fields, ...way]));
  }
  return all;
}

function waysOf(key: string, value: Json, path: readonly string[]): Field[][] {
  if (key === '$or' && Array.isArray(value)) return value.flatMap((branch) => (isThing(branch) ? expand(branch, path) : []));
  const here = [...path, key];
  if (isThing(value)) return expand(value, here);
  if (!Array.isArray(value)) throw new TypeError(`a pattern has a list of filters at ${here.join('.')}`);
  const { absent = [], present = [] } = Object.groupBy(value, (filter) => (existsOf(filter) === false ? 'absent' : 'present'));
  const field = { path: here, name: here.join('.'), wanted: value };
  return [
    ...(present.length > 0 ? [[{ ...field, isAbsent: false, filters: present.map(leafFilter) }]] : []),
    ...(absent.length > 0 ? [[{ ...field, isAbsent: true, filters: [] }]] : []),
  ];
}

function leafFilter(filter: Json): Filter {
  return existsOf(filter) === true ? () => true : filterOf(filter);
}

function existsOf(filter: Json): boolean | undefined {
  if (!isThing(filter) || !('exists' in filter)) return undefined;
  const { wanted } = only(filter);
  if (typeof wanted !== 'boolean') throw new TypeError(`the matcher does not know ${JSON.stringify(filter)}`);
  return wanted;
}
