import { partitionOf } from '#shared/aws/partition.ts';
import type { Json } from '#shared/control/types.ts';
import { type Branch, branchesOf, type Field, isMatch, type Thing } from '#shared/replay/matcher.ts';
import type { BusEvent } from './events.ts';

/** A control's rule as it is deployed, with `{partition}`, `{region}` and `{account}` where its roles name them. */
export interface Rule {
  readonly control: string;
  readonly pattern: Thing;
}

/** Rules of controls in one account and Region, taken apart. */
type Deployed = readonly { readonly control: string; readonly branches: readonly Branch[] }[];

/** All rules of one place, and by the names of calls those that such a call may match. */
interface Place {
  readonly all: Deployed;
  readonly byName: Map<string, Deployed>;
}

/** So many places are kept taken apart, and so many names of each; a record can name any. */
const PLACES_KEPT = 200;
const NAMES_KEPT = 2000;

/** Which rules would get an event, in whatever account and Region it is. */
export class RuleBook {
  readonly #rules: readonly Rule[];
  readonly #places = new Map<string, Place>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The ids of the controls whose rules match. */
  controlsFor(event: BusEvent): readonly string[] {
    return this.#mayMatch(event).flatMap(({ control, branches }) => (isMatch(branches, busThing(event)) ? [control] : []));
  }

  /** Most rules ask for names, and most branches for others than the event's: to walk them all would take longer than to parse it. */
  #mayMatch(event: BusEvent): Deployed {
    const { all, byName } = this.#at(event);
    const { eventName: name } = event.detail;
    if (typeof name !== 'string') return all;
    const known = byName.get(name);
    if (known) return known;
    const made = all.flatMap(({ control, branches }) => {
      const left = branches.filter((branch) => namesIn(branch)?.includes(name) ?? true);
      return left.length > 0 ? [{ control, branches: left }] : [];
    });
    if (byName.size >= NAMES_KEPT) byName.clear();
    byName.set(name, made);
    return made;
  }

  #at(event: BusEvent): Place {
    const key = JSON.stringify([event.account, event.region]);
    const known = this.#places.get(key);
    if (known) return known;
    const all = this.#rules.map((rule) => ({ control: rule.control, branches: branchesOf(patternAt(rule, event)) }));
    const made = { all, byName: new Map<string, Deployed>() };
    if (this.#places.size >= PLACES_KEPT) this.#places.clear();
    this.#places.set(key, made);
    return made;
  }
}

/** The names of calls, of which a branch asks for one; undefined where it does not, or takes others too. */
export function namesIn(branch: Branch): readonly string[] | undefined {
  const field = branch.find(({ name }) => name === 'detail.eventName');
  return field && textsOf(field);
}

/** The texts of which a field must have one; undefined where something else passes too. */
export function textsOf({ wanted, isAbsent }: Field): readonly string[] | undefined {
  return isAbsent || !wanted.every((one) => typeof one === 'string') ? undefined : wanted;
}

/** The pattern of a rule in the account and Region of an event, whatever these are. */
export function patternAt({ pattern }: Rule, { account, region }: BusEvent): Thing {
  return filled(pattern, { account, region, partition: partitionOf(region) });
}

function filled(pattern: Thing, place: { readonly [name: string]: string }): Thing {
  const inner = (value: Json): Json => {
    if (typeof value === 'string') return value.replace(/\{(partition|region|account)\}/g, (_all, name: string) => place[name] ?? '');
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === 'object' && value !== null ? filled(value as Thing, place) : value;
  };
  return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, inner(value)]));
}

/** An event as the matcher takes it. */
export function busThing(event: BusEvent): Thing {
  return { ...event };
}
