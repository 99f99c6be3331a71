import { lookalikesIn } from './lookalikes.ts';

/**
 * What moves a cursor, ends a line, turns the direction of writing, or is not seen: controls, formats, separators, tags,
 * selectors, fillers, half characters, and what Unicode leaves to private agreement.
 */
const steering =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Variation_Selector}\u2800]+/gu;

/** Joins and styles the parts of one emoji, which show without it too. */
const inEmoji = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)(?:\ufe0e|\ufe0f|\u200d)+|\ufe0f(?=\u20e3)/gu;

/** Blanks of other widths. */
const blank = /[^\P{Zs} ]/gu;

const isOrdinary = /^[\x20-\x7e]*$/;

/**
 * Text from records as one line: names and tags come from whoever made the resource, and must steer neither a terminal nor a
 * letter. Letters that pass for others are shown as `\u0430`.
 */
export function plain(text: string): string {
  if (isOrdinary.test(text)) return text;
  const line = text.toWellFormed().replace(inEmoji, '').replace(steering, ' ').replace(blank, ' ');
  const found = lookalikesIn(line);
  return found.size === 0 ? line : spelled(line, (one, at) => (found.has(at) ? escaped(one) : one));
}

/** Several lines of such text, for what is written as lines. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n');
}

/** The same for each text of a value that is written as JSON, as `JSON.stringify` takes it: a log keeps its lines. */
export function plainMember(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? plainLines(value) : value;
}

/** The beginning of a text, with a mark where more was; never half of a character. */
export function cut(text: string, most: number, mark = '…'): string {
  return text.length > most ? `${text.slice(0, most - mark.length).replace(/[\ud800-\udbff]$/, '')}${mark}` : text;
}

/** A value as one line of JSON, with the same characters escaped, so that a program reads what was there. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  if (isOrdinary.test(json)) return json;
  // an escape is no letter of the word beside it
  const found = lookalikesIn(json.replace(/\\(?:u[\da-f]{4}|.)/g, (all) => ' '.repeat(all.length)));
  return spelled(json, (one, at) => (found.has(at) || one.search(steering) === 0 ? inUnits(one) : one));
}

function spelled(text: string, as: (one: string, at: number) => string): string {
  let at = 0;
  let whole = '';
  for (const one of text) {
    whole += as(one, at);
    at += one.length;
  }
  return whole;
}

/** As JavaScript and JSON write a character of one unit; of two, with braces, since one character is seen. */
function escaped(one: string): string {
  return one.length === 1 ? inUnits(one) : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
}

function inUnits(one: string): string {
  return one
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
