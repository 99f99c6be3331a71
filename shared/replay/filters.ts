import type { Json } from '#shared/control/control.ts';

/** Whether one value of an event passes a filter of a pattern. */
export type Filter = (leaf: Json) => boolean;

type Thing = { readonly [key: string]: Json };
/** A test of a text, by what the pattern says. */
type Texts = { readonly [operator: string]: (text: string, wanted: string) => boolean };

const texts: Texts = {
  prefix: (text, wanted) => text.startsWith(wanted),
  suffix: (text, wanted) => text.endsWith(wanted),
  'equals-ignore-case': (text, wanted) => text.toLowerCase() === wanted.toLowerCase(),
  wildcard: isLike,
};

const numbers: { readonly [operator: string]: (number: number, bound: number) => boolean } = {
  '=': (number, bound) => number === bound,
  '<': (number, bound) => number < bound,
  '<=': (number, bound) => number <= bound,
  '>': (number, bound) => number > bound,
  '>=': (number, bound) => number >= bound,
};

/**
 * The test of one filter other than `exists`; throws `TypeError` for one that it does not know.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function filterOf(filter: Json): Filter {
  if (Array.isArray(filter)) throw unknown(filter);
  if (!isThing(filter)) return (leaf) => leaf === filter;
  const { operator, wanted } = only(filter);
  if (operator === 'anything-but') {
    const barred = barredBy(wanted);
    return (leaf) => !barred.some((one) => one(leaf));
  }
  if (operator === 'numeric') return ranges(wanted);
  return textFilter(operator, wanted);
}

/** Whether a value is an object, neither null nor a list. */
export function isThing(value: Json | undefined): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one operator of a filter, and what it compares with. */
export function only(filter: Thing): { readonly operator: string; readonly wanted: Json } {
  const [first, ...others] = Object.entries(filter);
  if (!first || others.length > 0) throw unknown(filter);
  return { operator: first[0], wanted: first[1] };
}

/** Each of what `anything-but` names: values, or the texts of one operator. */
function barredBy(wanted: Json): Filter[] {
  if (!isThing(wanted)) return listOf(wanted).map((one) => filterOf(scalar(one)));
  const inner = only(wanted);
  return listOf(inner.wanted).map((one) => textFilter(inner.operator, one));
}

function textFilter(operator: string, wanted: Json): Filter {
  const test = Object.hasOwn(texts, operator) ? texts[operator] : undefined;
  if (test && typeof wanted === 'string') return (leaf) => typeof leaf === 'string' && test(leaf, wanted);
  // the beginning or the end of a text, in whatever case
  const loose = isThing(wanted) ? wanted['equals-ignore-case'] : undefined;
  if (test && typeof loose === 'string' && (operator === 'prefix' || operator === 'suffix')) {
    const lower = loose.toLowerCase();
    return (leaf) => typeof leaf === 'string' && test(leaf.toLowerCase(), lower);
  }
  throw unknown({ [operator]: wanted });
}

function ranges(wanted: Json): Filter {
  const parts = listOf(wanted);
  const bounds: ((number: number) => boolean)[] = [];
  for (let n = 0; n < parts.length; n += 2) {
    const [operator, bound] = [parts[n], parts[n + 1]];
    const test = typeof operator === 'string' && Object.hasOwn(numbers, operator) ? numbers[operator] : undefined;
    if (!test || typeof bound !== 'number') throw unknown({ numeric: wanted });
    bounds.push((number) => test(number, bound));
  }
  if (bounds.length === 0) throw unknown({ numeric: wanted });
  return (leaf) => typeof leaf === 'number' && bounds.every((test) => test(leaf));
}

/** Whether a text is like one with `*` for any text; `\*` is a star itself. Takes time by length alone, whatever the stars. */
function isLike(text: string, wanted: string): boolean {
  const parts = partsOf(wanted);
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** The texts between the stars. */
function partsOf(wanted: string): string[] {
  const parts = [''];
  for (const token of wanted.match(/\\[\\*]|./gs) ?? []) {
    if (token === '*') parts.push('');
    else parts.push((parts.pop() ?? '') + (token.length === 2 ? token.slice(1) : token));
  }
  return parts;
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

function scalar(value: Json): Json {
  if (typeof value === 'object' && value !== null) throw unknown(value);
  return value;
}

function unknown(filter: Json): TypeError {
  return new TypeError(`the matcher does not know ${JSON.stringify(filter)}`);
}
