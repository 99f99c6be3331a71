import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { matches, type Thing } from '#shared/replay/matcher.ts';

/*
 * The matcher against another of its own mind: this one writes every value of an event down with the place that it has, tries every
 * choice of values, and compares places; its filters are regular expressions.
 */

interface Spot {
  readonly name: string;
  readonly value: Json;
  /** Such as `a[0].b`, without the element where the value itself is one. */
  readonly place: string;
}

function spots(value: Json, name = '', place = ''): Spot[] {
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
function ways(pattern: Thing, name = ''): [string, readonly Json[]][][] {
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

function naive(pattern: Thing, event: Thing): boolean {
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

const word = fc.constantFrom('x', 'y', 'xy', 'yx', 'X', '');
const leaf = fc.oneof(word, fc.constantFrom(0, 1, 2), fc.boolean(), fc.constant(null));
const key = fc.constantFrom('a', 'b', 'c');
const event = fc.letrec<{ value: Json; thing: Thing }>((tie) => ({
  thing: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('thing'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(tie('thing'), { maxLength: 3 }),
  ),
})).thing;
const words = fc.array(word, { minLength: 1, maxLength: 2 });
const form = fc.constantFrom('x*', '*y', 'x*y', '*', 'y*x*');
const filter: fc.Arbitrary<Json> = fc.oneof(
  leaf,
  fc.boolean().map((exists) => ({ exists })),
  word.map((prefix) => ({ prefix })),
  word.map((suffix) => ({ suffix })),
  word.map((text) => ({ 'equals-ignore-case': text })),
  form.map((wildcard) => ({ wildcard })),
  fc.tuple(fc.constantFrom('<', '>='), fc.constantFrom(0, 1, 2)).map((numeric) => ({ numeric })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((list) => ({ 'anything-but': list })),
  fc.tuple(fc.constantFrom('prefix', 'suffix', 'equals-ignore-case'), words).map(([name, list]) => ({ 'anything-but': { [name]: list } })),
  form.map((wildcard) => ({ 'anything-but': { wildcard: [wildcard] } })),
);
const pattern = fc.letrec<{ node: Json; thing: Thing }>((tie) => ({
  thing: fc
    .tuple(
      fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 2 }),
      fc.option(fc.array(fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 2 }), { minLength: 1, maxLength: 2 })),
    )
    .map(([fields, or]): Thing => (or ? { ...fields, $or: or } : fields)),
  node: fc.oneof({ depthSize: 'small' }, fc.array(filter, { minLength: 1, maxLength: 3 }), tie('thing')),
})).thing;

/** Patterns that ask for what an event has, at some of its fields: most match, unless they mix elements of arrays. */
const apt = event.chain((given) => {
  const found = spots(given);
  if (found.length === 0) return fc.constant<[Thing, Thing]>([{ a: [{ exists: false }] }, given]);
  const asked = fc.tuple(fc.constantFrom(...found), fc.option(filter, { freq: 3 }));
  return fc.array(asked, { minLength: 1, maxLength: 3 }).map((some): [Thing, Thing] => {
    const wanted = {};
    for (const [{ name, value }, other] of some) put(wanted, name.split('.'), other === null ? [value] : [other, value]);
    return [wanted, given];
  });
});

/** Puts filters at a path, unless others stand on the way. */
function put(into: { [key: string]: Json }, [first = '', ...rest]: readonly string[], filters: readonly Json[]): void {
  const there = into[first];
  if (rest.length === 0) {
    if (there === undefined) into[first] = filters;
    return;
  }
  if (there === undefined) into[first] = {};
  const inner = into[first];
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) put(inner as { [key: string]: Json }, rest, filters);
}

/** Compares both on generated pairs; answers how many matched. */
function compare(pairs: fc.Arbitrary<[Thing, Thing]>, numRuns: number): number {
  let matched = 0;
  fc.assert(
    fc.property(pairs, ([wanted, given]) => {
      const isTwice = ways(wanted).some((way) => new Set(way.map(([name]) => name)).size < way.length);
      if (isTwice) {
        expect(() => matches(wanted, given)).toThrow('twice');
        return;
      }
      const expected = naive(wanted, given);
      expect(matches(wanted, given)).toBe(expected);
      matched += expected ? 1 : 0;
    }),
    { numRuns },
  );
  return matched;
}

describe('the matcher agrees with another implementation', () => {
  test('on patterns and events of every form', () => {
    expect(compare(fc.tuple(pattern, event), 1500)).toBeGreaterThan(0);
  });

  test('on patterns that ask for what is there', () => {
    expect(compare(apt, 1500)).toBeGreaterThan(300);
  });
});
