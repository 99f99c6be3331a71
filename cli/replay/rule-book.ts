import { partitionOf } from '#shared/aws/partition.ts';
import type { Json } from '#shared/control/types.ts';
import { type Branch, branchesOf, type Field, fitsOutsideLists, isMatch, type Thing } from '#shared/replay/matcher.ts';
import type { BusEvent } from './events.ts';

/** A control's rule as it is deployed, with `{partition}`, `{region}` and `{account}` where its roles name them. */
export interface Rule {
  readonly control: string;
  readonly pattern: Thing;
}

/** Rules of controls, taken apart. */
type Parted = readonly { readonly control: string; readonly branches: readonly Branch[] }[];

/** Rules that may match in one place, and their fields, each once: most stand in many branches. */
interface Plan {
  readonly fields: readonly Field[];
  readonly rules: readonly {
    readonly control: string;
    /** Each with the numbers of its fields. */
    readonly branches: readonly { readonly branch: Branch; readonly fields: readonly number[] }[];
  }[];
}

/** What was made for one account and Region: fields by what they are made of, and rules by the names of calls. */
interface Place {
  readonly fields: Map<string, Field>;
  readonly byName: Map<string | undefined, Plan>;
}

/** So many places are kept, and so many names; a record can name any. */
const PLACES_KEPT = 1000;
const NAMES_KEPT = 2000;
const BLANK = /\{(partition|region|account)\}/g;

/** Which rules would get an event, in whatever account and Region it is. */
export class RuleBook {
  readonly #rules: Parted;
  /** By the names of calls, the branches that such a call may match: to walk all of them would take longer than to parse a record. */
  readonly #byName = new Map<string, Parted>();
  /** The fields that name a place, and what each is made of. */
  readonly #blanks = new Map<Field, string>();
  readonly #places = new Map<string, Place>();
  /** A file is of one place. */
  #last: { readonly account: string; readonly region: string; readonly place: Place } | undefined;

  constructor(rules: readonly Rule[]) {
    const fields = new Map<string, Field>();
    const known = (field: Field): Field => {
      const text = JSON.stringify([field.path, field.isAbsent, field.wanted]);
      const first = fields.get(text) ?? field;
      fields.set(text, first);
      if (first === field && text.search(BLANK) >= 0) this.#blanks.set(field, text);
      return first;
    };
    this.#rules = rules.map(({ control, pattern }) => ({ control, branches: branchesOf(pattern).map((branch) => branch.map(known)) }));
  }

  /** The ids of the controls whose rules match. */
  controlsFor(event: BusEvent): readonly string[] {
    const thing = busThing(event);
    const { fields, rules } = this.#mayMatch(event);
    // each field once, for most stand in many branches; what is in a list fits or not with the others of its branch
    const fits: (boolean | 'in a list' | undefined)[] = [];
    const mayFit = (n: number): boolean => {
      const field = fields[n];
      const fit = fits[n] ?? (!field || (fitsOutsideLists(field, thing) ?? 'in a list'));
      fits[n] = fit;
      return fit !== false;
    };
    const doesFit = ({ branch, fields: numbers }: Plan['rules'][number]['branches'][number]): boolean =>
      numbers.every(mayFit) && (numbers.every((n) => fits[n] === true) || isMatch([branch], thing));
    return rules.flatMap(({ control, branches }) => (branches.some(doesFit) ? control : []));
  }

  /** The rules that may match, as they are where the event was. */
  #mayMatch(event: BusEvent): Plan {
    const { eventName } = event.detail;
    const name = typeof eventName === 'string' ? eventName : undefined;
    const place = this.#placeOf(event);
    return kept(place.byName, name, NAMES_KEPT, () => {
      const rules = name === undefined ? this.#rules : kept(this.#byName, name, NAMES_KEPT, () => narrowed(this.#rules, name));
      const here = (field: Field): Field => {
        const text = this.#blanks.get(field);
        // nearly all rules leave out the same roles
        return text === undefined ? field : kept(place.fields, text, NAMES_KEPT, () => fieldAt(field, event));
      };
      return planOf(rules.map(({ control, branches }) => ({ control, branches: branches.map((branch) => branch.map(here)) })));
    });
  }

  #placeOf({ account, region }: BusEvent): Place {
    const last = this.#last;
    if (last?.account === account && last.region === region) return last.place;
    const place = kept(this.#places, JSON.stringify([account, region]), PLACES_KEPT, () => ({ fields: new Map(), byName: new Map() }));
    this.#last = { account, region, place };
    return place;
  }
}

function kept<Key, Value>(map: Map<Key, Value>, key: Key, most: number, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (map.size >= most) map.clear();
  map.set(key, made);
  return made;
}

function planOf(rules: Parted): Plan {
  const numbers = new Map<Field, number>();
  const numberOf = (field: Field): number => {
    const number = numbers.get(field) ?? numbers.size;
    numbers.set(field, number);
    return number;
  };
  const numbered = rules.map(({ control, branches }) => ({
    control,
    branches: branches.map((branch) => ({ branch, fields: branch.map(numberOf) })),
  }));
  return { fields: [...numbers.keys()], rules: numbered };
}

/** Without the branches that ask for other names. */
function narrowed(rules: Parted, name: string): Parted {
  return rules.flatMap(({ control, branches }) => {
    const left = branches.filter((branch) => namesIn(branch)?.includes(name) ?? true);
    return left.length > 0 ? [{ control, branches: left }] : [];
  });
}

/** A field as it is in the account and Region of an event. */
function fieldAt(field: Field, event: BusEvent): Field {
  const nested = field.path.toReversed().reduce<Json>((inner, key) => ({ [key]: inner }), [...field.wanted]);
  const found = branchesOf(patternAt({ control: '', pattern: nested as Thing }, event)).flat();
  return found.find(({ isAbsent }) => isAbsent === field.isAbsent) ?? field;
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
    if (typeof value === 'string') return value.replace(BLANK, (_all, name: string) => place[name] ?? '');
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === 'object' && value !== null ? filled(value as Thing, place) : value;
  };
  return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, inner(value)]));
}

/** An event as the matcher takes it. */
export function busThing(event: BusEvent): Thing {
  return { ...event };
}
