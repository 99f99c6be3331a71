import { partitionOf } from '#shared/aws/partition.ts';
import { type Branch, branchesOf, isMatch, type Thing } from '#shared/replay/matcher.ts';
import { fill } from '../../infra/permissions.ts';
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

  #at({ account, region }: BusEvent): Deployed {
    const key = `${account} ${region}`;
    const known = this.#places.get(key);
    if (known) return known;
    const place = { account, region, partition: partitionOf(region) };
    const made = this.#rules.map(({ control, pattern }) => ({ control, branches: branchesOf(fill(pattern, place)) }));
    if (this.#places.size >= PLACES_KEPT) this.#places.clear();
    this.#places.set(key, made);
    return made;
  }
}

/** An event as the matcher takes it. */
export function busThing(event: BusEvent): Thing {
  return { ...event };
}
