import { partitionOf } from '#shared/aws/partition.ts';
import type { Json } from '#shared/control/types.ts';
import { type Branch, branchesOf, isMatch, type Thing } from '#shared/replay/matcher.ts';
import type { BusEvent } from './events.ts';

/** A control's rule as it is deployed, with `{partition}`, `{region}` and `{account}` where its roles name them. */
export interface Rule {
  readonly control: string;
  readonly pattern: Thing;
}

/** The rules of controls in one account and Region, taken apart. */
type Deployed = readonly { readonly control: string; readonly branches: readonly Branch[] }[];

/** So many places are kept taken apart; a record can name any. */
const PLACES_KEPT = 200;

/** Which rules would get an event, in whatever account and Region it is. */
export class RuleBook {
  readonly #rules: readonly Rule[];
  readonly #places = new Map<string, Deployed>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The ids of the controls whose rules match. */
  controlsFor(event: BusEvent): readonly string[] {
    return this.#at(event).flatMap(({ control, branches }) => (isMatch(branches, busThing(event)) ? [control] : []));
  }

  #at(event: BusEvent): Deployed {
    const key = JSON.stringify([event.account, event.region]);
    const known = this.#places.get(key);
    if (known) return known;
    const made = this.#rules.map((rule) => ({ control: rule.control, branches: branchesOf(patternAt(rule, event)) }));
    if (this.#places.size >= PLACES_KEPT) this.#places.clear();
    this.#places.set(key, made);
    return made;
  }
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
