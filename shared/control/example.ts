import { at, listAt } from './record.ts';
import type { Json, Trigger } from './types.ts';

/** Where a record holds ids, such as `responseElements.instancesSet[].instanceId`; `[]` stands behind a list. */
export type IdPath = string;

/** A call that makes a resource: where its record holds the id, and what else the record must hold. */
export interface Making {
  readonly id: IdPath;
  readonly where?: NonNullable<Trigger['where']>;
  /** Whether its request can tag what it makes; absent means that it can. */
  readonly takesTags?: false;
  /** The event source of a call of another service than the kind's own, such as `ebs.amazonaws.com`. */
  readonly eventSource?: string;
}

/** A call that makes a resource, with its name. */
export type NamedMaking = Making & { readonly eventName: string };

/** The parts of a record that a creation with such an id would leave. */
export interface Example {
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters: Json;
  readonly responseElements: Json;
}

/** One key of a path, and whether a list stands there. */
type Step = readonly [key: string, isList: boolean];

/** Paths taken apart: there are few, and each record is asked for many. */
const steps = new Map<IdPath, readonly Step[]>();

/** The strings at a path of a record or request; `[]` stands behind a list, of whatever style. */
export function valuesAt(value: unknown, path: IdPath): string[] {
  return stringsBehind(value, steps.get(path) ?? stepsOf(path), 0, []);
}

function stepsOf(path: IdPath): readonly Step[] {
  const found = path.split('.').map((key): Step => (key.endsWith('[]') ? [key.slice(0, -2), true] : [key, false]));
  steps.set(path, found);
  return found;
}

function stringsBehind(value: unknown, path: readonly Step[], from: number, found: string[]): string[] {
  const step = path[from];
  if (step === undefined) {
    if (typeof value === 'string' && value !== '') found.push(value);
  } else if (step[1]) for (const one of listAt(value, step[0])) stringsBehind(one, path, from + 1, found);
  else stringsBehind(at(value, step[0]), path, from + 1, found);
  return found;
}

/** Builds the record's parts from what is said of the creating call. */
export function exampleOf(eventSource: string, [making]: readonly NamedMaking[], id: string): Example {
  if (!making) throw new TypeError('a kind that nothing makes has no example');
  const record = merged(firstLiterals(making.where ?? {}), objectAt(making.id.split('.'), id));
  const part = (name: string): Json => (record[name] as Json | undefined) ?? null;
  return {
    eventSource: making.eventSource ?? eventSource,
    eventName: making.eventName,
    requestParameters: part('requestParameters'),
    responseElements: part('responseElements'),
  };
}

function objectAt([key = '', ...rest]: readonly string[], id: string): { [key: string]: Json } {
  const inner = rest.length === 0 ? id : objectAt(rest, id);
  return key.endsWith('[]') ? { [key.slice(0, -2)]: { items: [inner] } } : { [key]: inner };
}

/** The first value that each filter of a `where` takes; a filter that is no literal gives none. */
function firstLiterals(where: { readonly [key: string]: Json }): { [key: string]: Json } {
  const entries = Object.entries(where).flatMap(([key, filter]): [string, Json][] => {
    if (isObject(filter)) return [[key, firstLiterals(filter)]];
    const literal = Array.isArray(filter) ? filter.find((one: Json) => typeof one !== 'object') : undefined;
    return literal === undefined ? [] : [[key, literal]];
  });
  return Object.fromEntries(entries);
}

function merged(a: { readonly [key: string]: Json }, b: { readonly [key: string]: Json }): { [key: string]: Json } {
  const both = (one: Json | undefined, other: Json): Json => (isObject(one) && isObject(other) ? merged(one, other) : other);
  return { ...a, ...Object.fromEntries(Object.entries(b).map(([key, value]) => [key, both(a[key], value)])) };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
