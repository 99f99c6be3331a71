import { withoutPublic } from './public.ts';

/** The shortest run of letters and digits that is judged; below it chance and names look alike. */
const shortest = 20;

/** Lengths of MD5, SHA-1 (Git), SHA-224, SHA-256, SHA-384 and SHA-512 in hex: fingerprints, far more often than keys. */
const digestLengths = new Set([32, 40, 56, 64, 96, 128]);

/** The commonest letter pairs of English: more than half of a word's pairs are among them, one in seven of a random string's. */
const commonPairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si ' +
    'om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo ge ie ee wi em ad ol rt po na ul ni mo pa im mi am ig'
  ).split(' '),
);

/** Whether some part of a text is a random string: by length, alphabet, Shannon entropy, changes of class and rare letter pairs. */
export function isHighEntropy(text: string): boolean {
  const rest = withoutPublic(text.replace(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{1,1024}(?:\.{3}|…)/g, ' '));
  if (isRandomPassword(rest.trim())) return true;
  return rest.split(/[^A-Za-z0-9+/_-]+/).some(isRandomToken);
}

/** The text within base64, if that is what it holds. */
export function textOfBase64(token: string): string | undefined {
  if (token.length < 8 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64');
  const text = bytes.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters and failed decoding are what tells bytes from text
  return bytes.length > 0 && !/[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/.test(text) ? text : undefined;
}

/** Bits a character, by Shannon: at most log2 of the length. */
export function shannon(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** The fewest bits a character that a key has of which no more is known; a run of one sign has none, digits of a test have two. */
const lowest = 2.5;

/** What people write where a key will stand: crosses, stars, dots, one sign over and over, and words that say what to put there. */
const unfilled =
  /x{6}|\*{3}|\.{3}|…|([b-z0-9])\1{6}|your[-_]?\w|[-_](?:here|goes|token|key|secret)$|(?:key|token|secret)here|example|placeholder|change[-_]?me|replace[-_]?me|redacted|dummy|insert[-_]|not[-_]a[-_]/i;

/** Whether what has the form of a key is filled, and has as many bits a character as such a key has. */
export function isFilled(match: string, floor = lowest): boolean {
  return !unfilled.test(match) && shannon(match) >= floor;
}

function isRandomToken(token: string): boolean {
  if (token.length < shortest || /EXAMPLE/.test(token)) return false;
  if (token.length >= 24 && textOfBase64(token) !== undefined) return false;
  const pieces = token.split(/[^A-Za-z0-9]+/);
  if (pieces.some(isRandom)) return true;
  // base64 and base64url hold a separator in every 32 characters or so: names and paths hold more of them, or short pieces only, and no plus.
  if (pieces.some((piece) => piece.length >= 5 && hasWord(piece) && measure(piece).common >= 0.4)) return false;
  const bare = pieces.join('');
  const separators = token.length - bare.length;
  return (
    bare.length >= shortest &&
    separators <= bare.length / (token.includes('+') ? 5 : 10) &&
    pieces.some((piece) => piece.length >= 12) &&
    isRandom(bare)
  );
}

/** Whether a run of letters and digits is random. */
function isRandom(run: string): boolean {
  if (run.length < shortest || /^\d+$/.test(run)) return false;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(run)) return run.length > 32 && !digestLengths.has(run.length) && shannon(run) >= 3.4;
  const { lower, upper, digits, changes, common } = measure(run);
  const isMixed = lower > 0 && upper > 0;
  if (!isMixed && digits < 2) return false;
  if (shannon(run) < 3.4 || common >= 0.4) return false;
  if (!isMixed) return changes >= 0.16;
  // Words joined by capitals, as in `amazonProvidedIpv6CidrBlock`: chance has less than two small letters in a row.
  if (lower >= 3 * (run.match(/[a-z]+/g) ?? []).length) return false;
  // Without a digit only what has far more capitals than PascalCase has.
  return digits > 0 ? changes >= 0.3 : changes >= 0.36 && upper / run.length >= 0.33;
}

/** A generated password stands alone, has signs and at least three classes of character, and is neither a pattern, a format nor a text. */
function isRandomPassword(text: string): boolean {
  if (text.length < 12 || text.length > 128 || /[^\x21-\x7e]/.test(text) || /^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return false;
  if (written.test(text) || (hasWord(text) && structured.test(text))) return false;
  const { lower, upper, digits, changes, common } = measure(text);
  // Without one of the three classes only what has signs of many kinds, as no version, date or list has.
  const hasAll = lower > 0 && upper > 0 && digits > 0;
  const signs = new Set(text.match(/[^A-Za-z0-9_./:=,@"'*-]/g)).size;
  return (
    (hasAll ? signs >= 1 : text.length >= 14 && signs >= (lower > 0 && upper > 0 ? 2 : 3)) &&
    changes >= 0.5 &&
    common < (hasWord(text) ? 0.25 : 0.45) &&
    shannon(text) >= 3.1
  );
}

/** Formats and patterns, which may hold no word. */
const written = /a-z|A-Z|0-9|\{\{|\$\{|%[A-Za-z].?%[A-Za-z]|\\[A-Za-z]|\(\?/;

/** Expressions, templates, markup, addresses and lists of pairs, whose parts are words. */
const structured =
  /^\^|\$$|^["'].*["'],?$|^\/.*\/[a-z]{0,6}$|^(?:\{.*\}|\[.*\]|<.*>|\(.*\))$|^[<%@$][A-Za-z{(%]|\$\(|&\w+=|:\/\/|^\w+\(|\w=[^;&,]{0,200}[;&,]\w+=/;

/** Whether a third of a text is words: three small letters or more in a row whose pairs are common. */
function hasWord(text: string): boolean {
  const words = (text.match(/[A-Za-z]?[a-z]{3,}/g) ?? []).filter((word) => measure(word).common >= 0.4);
  return words.join('').length >= text.length / 3;
}

interface Measures {
  readonly lower: number;
  readonly upper: number;
  readonly digits: number;
  /** The share of neighbours that are of different classes: 0.62 in random base62, a third or less in camelCase. */
  readonly changes: number;
  /** The share of letter pairs that are common in English. */
  readonly common: number;
}

function measure(text: string): Measures {
  const count = { lower: 0, upper: 0, digit: 0, other: 0 };
  let [changes, pairs, common] = [0, 0, 0];
  let previous: keyof typeof count | undefined;
  for (let at = 0; at < text.length; at++) {
    const now = classOf(text.charCodeAt(at));
    count[now]++;
    if (previous !== undefined && previous !== now) changes++;
    if (isLetter(previous) && isLetter(now)) {
      pairs++;
      if (commonPairs.has(text.slice(at - 1, at + 1).toLowerCase())) common++;
    }
    previous = now;
  }
  return {
    lower: count.lower,
    upper: count.upper,
    digits: count.digit,
    changes: changes / Math.max(1, text.length - 1),
    common: common / Math.max(1, pairs),
  };
}

function classOf(code: number): 'lower' | 'upper' | 'digit' | 'other' {
  if (code >= 97 && code <= 122) return 'lower';
  if (code >= 65 && code <= 90) return 'upper';
  return code >= 48 && code <= 57 ? 'digit' : 'other';
}

function isLetter(name: string | undefined): boolean {
  return name === 'lower' || name === 'upper';
}
