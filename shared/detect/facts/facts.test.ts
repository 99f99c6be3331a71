import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFilled } from '../entropy.ts';
import { detectInValue } from '../index.ts';
import { serviceKey } from '../services.ts';
import { classOf, expressionOf, hintsOf, keyFormats } from './compile.ts';
import { type Fact, facts } from './facts.ts';

const ascii = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));

const known = new Map<string, readonly string[]>();

/** The signs that a class of an expression holds. */
function charactersOf(signs: string): readonly string[] {
  const found = known.get(signs) ?? ascii.filter((sign) => new RegExp(signs).test(sign));
  known.set(signs, found);
  return found;
}

/** The same numbers for the same seed, spread as a digest's are. */
function* numbers(seed: string): Generator<number> {
  for (let round = 0; ; round += 1) yield* createHash('sha256').update(`${seed} ${round}`).digest();
}

type Draw = (signs: readonly string[], length: number) => string;

/** A key of a form: of several texts the last, or the first if `missing` signs are left out in the last place. */
function keyOf(form: string, draw: Draw, missing = 0): string {
  const chosen = form.replace(/\{([^{}]*)\}/g, (_, choices: string) => choices.split(',').at(missing > 0 ? 0 : -1) ?? '');
  const whole = chosen.replaceAll('<uuid>', '<hex 8>-<hex 4>-4<hex 3>-a<hex 3>-<hex 12>');
  const places = [...whole.matchAll(/<([A-Za-z]+\d*)([^ >]*) (\d+)(?:-\d+)?>/g)];
  let text = whole;
  for (const [at, [place, alphabet = '', signs = '', least = '']] of places.entries()) {
    const characters = charactersOf(classOf(alphabet, signs));
    text = text.replace(place, () => draw(characters, Number(least) - (at === places.length - 1 ? missing : 0)));
  }
  return text;
}

/** Draws as a provider does; the first two are a digit and a small letter, where the alphabet has them, as some forms ask for both. */
function random(seed: string): Draw {
  const stream = numbers(seed);
  return (signs, length) =>
    Array.from({ length }, (_, at) => {
      const wanted = at === 1 ? signs.filter((sign) => /\d/.test(sign)) : at === 2 ? signs.filter((sign) => /[a-z]/.test(sign)) : signs;
      const among = wanted.length > 0 && length > 8 ? wanted : signs;
      return among[(stream.next().value ?? 0) % among.length] ?? '';
    }).join('');
}

/** What people write where a key will stand: one sign over and over. */
const crosses: Draw = (signs, length) => (signs.includes('x') ? 'x' : '0').repeat(length);

const rows = facts.flatMap((fact) => fact.forms.map((form): readonly [string, Fact, string] => [`${fact.detector}: ${form}`, fact, form]));
const alone = rows.filter(([, { beside }]) => beside.length === 0);
const named = rows.filter(([, { beside }]) => beside.length > 0);

describe('a key of a form that tells by itself', () => {
  test.each(alone)('%s', (_, { detector, floor }, form) => {
    for (const seed of ['first', 'second']) {
      const key = keyOf(form, random(`${form} ${seed}`));
      expect(isFilled(key, floor)).toBe(true);
      for (const text of [key, `{"k":"${key}"}`, `see ${key}, and`])
        expect(detectInValue(text).map((found) => found.detector)).toContain(detector);
    }
  });
  test.each(alone)('filled with crosses is none: %s', (_, { detector }, form) => {
    expect(detectInValue(keyOf(form, crosses)).map((found) => found.detector)).not.toContain(detector);
  });
  test.each(alone)('and neither is one that lacks a sign, or is the end of a word: %s', (_, _fact, form) => {
    const pattern = keyFormats.find((format) => format.pattern.source.includes(expressionOf(form)))?.pattern;
    expect(pattern).toBeDefined();
    expect(keyOf(form, random(form), 1).search(pattern ?? /^/)).toBe(-1);
    const within = [...`Z${keyOf(form, random(form))}`.matchAll(pattern ?? /^/g)];
    expect(within.filter(({ index }) => index === 1)).toEqual([]);
  });
});

describe('a key that its service’s name beside it gives away', () => {
  test.each(named)('%s', (_, { detector, beside, isAlone }, form) => {
    for (const service of beside) {
      const name = service.replaceAll(' ', '_');
      const key = keyOf(form, random(`${form} ${service}`));
      expect(serviceKey(`/app/${name}/api-key`, key)).toBe(detector);
      expect(serviceKey(`${name}_key`, key)).toEqual(expect.any(String));
      expect(serviceKey('other_key', key)).toBeUndefined();
      expect(serviceKey(name, key) === undefined).toBe(!isAlone);
      expect(serviceKey(`${name}_key`, keyOf(form, crosses))).toBeUndefined();
      expect(serviceKey(`${name}_key`, `${key}${key}`)).toBeUndefined();
      if (!isAlone) expect(serviceKey(`${name}_key_id`, key)).toBeUndefined();
      if (key.length >= 15) expect(detectInValue(`x: 1\n${name.toUpperCase()}_KEY="${key}"`).length).toBeGreaterThan(0);
    }
  });
  test('stands in a text under any spelling of the name', () => {
    const key = keyOf('<hex 40>', random('datadog'));
    for (const text of [`DATADOG_APP_KEY=${key}`, `datadog.auth: '${key}'`, `"datadogAccess" => "${key}"`, `('datadog.login', '${key}')`])
      expect(detectInValue(text).length).toBeGreaterThan(0);
    expect(detectInValue(`datadog_release: ${key}`)).toEqual([]);
  });
});

describe('the table of facts', () => {
  test('names each form once, with an address and a floor that a random key reaches', () => {
    const forms = rows.map(([title, { beside }]) => `${title} ${beside}`);
    expect(new Set(forms).size).toBe(forms.length);
    for (const { detector, floor, source } of facts) {
      expect(detector).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
      expect(source).toMatch(/^https:\/\/[^\s|]+$/);
      expect(floor).toBeGreaterThanOrEqual(2.5);
      expect(floor).toBeLessThanOrEqual(3.5);
    }
  });
  test('of a hundred random keys of a form, the floor refuses one at most', () => {
    const low = rows.filter(([, { floor }, form]) => {
      const draw = random(form);
      const refused = Array.from({ length: 100 }, () => keyOf(form, draw)).filter((key) => !isFilled(key, floor));
      return refused.length > 1;
    });
    expect(low.map(([title]) => title)).toEqual([]);
  });
  test.each([
    ['{ghp,gho}_<base62 36>', ['ghp_', 'gho_']],
    ['S{A,U}<base32 56>', ['SA', 'SU']],
    ['{PMAK-<hex 24>,PMAT-<upper 26>}', ['PMAK-', 'PMAT-']],
    ['{,bot}<digit 8>:A<url64 34>', [':A']],
    ['<base62 14>.atlasv1.<url64 60>', ['.atlasv1.']],
    ['<digit 5>-<base62 40>', ['-']],
  ])('the hints of %s', (form, hints) => {
    expect(hintsOf(form)).toEqual(hints);
  });
  test('an expression holds what the form says, and no more', () => {
    expect(expressionOf('a.b{c,<digit 2>}<url64=. 3-4>')).toBe('a\\.b(?:c|[0-9]{2})[A-Za-z0-9_\\-=\\.]{3,4}');
    expect(() => expressionOf('<none 3>')).toThrow(RangeError);
  });
});
