import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { matches, type Thing } from '#shared/replay/matcher.ts';
import { naive, spots, ways } from '../../test/support/naive-matcher.ts';

const word = fc.constantFrom('x', 'y', 'xy', 'yx', 'X', '');
const leaf = fc.oneof(word, fc.constantFrom(0, 1, 2), fc.boolean(), fc.constant(null));
const key = fc.constantFrom('a', 'b', 'c');
const event = fc.letrec<{ value: Json; thing: Thing }>((tie) => ({
  thing: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
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
  node: fc.oneof({ maxDepth: 2 }, fc.array(filter, { minLength: 1, maxLength: 3 }), tie('thing')),
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
    compare(fc.tuple(pattern, event), 600);
  });

  test('on patterns that ask for what is there', () => {
    expect(compare(apt, 600)).toBeGreaterThan(100);
  });
});
