import type { Json } from '#shared/control/control.ts';
import type { Thing } from '#shared/replay/matcher.ts';

/*
 * A matcher of another mind than ours, to compare with: it writes every value of an event down with the place that it has, tries every
 * choice of values, and compares places; its filters are regular expressions.
 */

/** A value of an event. */
export interface Spot {
  readonly name: string;
  readonly value: Json;
  /** Such as `a[0].b`, without the element where the value itself is one. */
  readonly place: string;
}

/** Every value of an event, with the place that it has. */
export function spots(value: Json, name = '', place = ''): Spot[] {
  if (Array.isArray(value))
    return value.flatMap((one: Json, n) => spots(one, name, typeof one === 'object' && one !== null ? `${place}[${n}]` : place));
  if (typeof value !== 'object' || value === null) return [{ name, value, place }];
  return Object.entries(value).flatMap(([key, inner]) => spots(inner, name ? `${name}.${key}` : key, `${place}.${key}`));
}

/** Whether two places choose no different elements of the same array. */
function agree(one: string, other: string): boolean {
  const [a, b] = [one, other].map((place) => place.match(/\.[a-z]+|\[\d+\]/g) ?? []);
  for (let n = 0; n < Math.min(a?.length ?? 0, b?.length ?? 0); n += 1) {
    if (a?.[n] !== b?.[n]) return !(a?.[n]?.startsWith('[') && b?.[n]?.startsWith('['));
  }
  return true;
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function passes(filter: Json, value: Json): boolean {
  if (typeof filter !== 'object' || filter === null) return Object.is(filter, value);
  const [[operator, wanted] = ['', null]] = Object.entries(filter);
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'exists':
      return true;
    case 'prefix':
      return text !== undefined && new RegExp(`^${quoted(String(wanted))}`).test(text);
    case 'suffix':
      return text !== undefined && new RegExp(`${quoted(String(wanted))}$`).test(text);
    case 'equals-ignore-case':
      return text !== undefined && new RegExp(`^${quoted(String(wanted))}$`, 'i').test(text);
    case 'wildcard':
      return text !== undefined && new RegExp(`^${String(wanted).split('*').map(quoted).join('.*')}$`).test(text);
    case 'numeric': {
      const [sign, bound] = wanted as [string, number];
      return typeof value === 'number' && (sign === '<' ? value < bound : value >= bound);
    }
    default: {
      const inner = wanted as Json;
      if (Array.isArray(inner)) return !inner.some((one) => passes(one, value));
      const [[name, list] = ['', []]] = Object.entries(inner as object) as [string, Json[]][];
      return !list.some((one) => passes({ [name]: one }, value));
    }
  }
}

/** The ways in which a pattern can be met: names of fields, and what each must be. */
export function ways(pattern: Thing, name = ''): [string, readonly Json[]][][] {
  return Object.entries(pattern).reduce<[string, readonly Json[]][][]>(
    (all, [key, value]) => {
      const here = name ? `${name}.${key}` : key;
      const own =
        key === '$or'
          ? (value as readonly Thing[]).flatMap((branch) => ways(branch, name))
          : Array.isArray(value)
            ? [[[here, value] as [string, readonly Json[]]]]
            : ways(value as Thing, here);
      return all.flatMap((one) => own.map((other) => [...one, ...other]));
    },
    [[]],
  );
}

const isNone = (filter: Json) => JSON.stringify(filter) === '{"exists":false}';

/** Whether a pattern matches an event, by trying every choice of values. */
export function naive(pattern: Thing, event: Thing): boolean {
  const all = spots(event);
  const met = ([[name, wanted] = ['', []], ...rest]: [string, readonly Json[]][], chosen: readonly string[]): boolean => {
    if (name === '') return true;
    const here = all.filter((one) => one.name === name && chosen.every((place) => agree(place, one.place)));
    if (wanted.some(isNone) && here.length === 0 && met(rest, chosen)) return true;
    return here.some(({ value, place }) => wanted.some((one) => !isNone(one) && passes(one, value)) && met(rest, [...chosen, place]));
  };
  return ways(pattern).some((way) =>
    met(
      [...way].sort(([a], [b]) => (a < b ? -1 : 1)),
      [],
    ),
  );
}
