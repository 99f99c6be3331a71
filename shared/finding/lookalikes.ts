/** A word: letters, digits and marks; what joins the parts of a name (`-`, `.`, `/`) ends it. */
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

/** The scripts that people write today, each with what all scripts share. Latin is apart; others are rare enough to be escaped. */
const scriptNames = [
  ...['Arabic', 'Armenian', 'Bengali', 'Bopomofo', 'Cyrillic', 'Devanagari', 'Ethiopic', 'Georgian', 'Greek', 'Gujarati', 'Gurmukhi'],
  ...['Han', 'Hangul', 'Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao', 'Malayalam', 'Mongolian', 'Myanmar', 'Oriya'],
  ...['Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
];

/** What East Asians and Thais write without spaces, beside Latin too; their letters look like no Latin ones. */
const unspacedNames = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Thai'],
];

let made: ReturnType<typeof patterns> | undefined;

/** Made for the first word that needs it: that takes milliseconds of a start, and nearly all words are plain. */
function patterns() {
  return {
    latin: only('Latin'),
    scripts: scriptNames.map((name) => only(name)),
    unspaced: unspacedNames.map((names) => only(...names)),
  };
}

/** Letters of other scripts that one sees as Latin ones, in most fonts. */
const seenAsLatin =
  /^[\p{M}\p{N}_\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0475\u04ae\u04af\u04bb\u04cf\u0501\u051b\u051d\u0410\u0412\u0415\u041a\u041c-\u041e\u0420-\u0422\u0423\u0425\u0405\u0406\u0408\u050c\u051a\u051c\u0451\u0457\u0401\u0407\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03b3\u03b9\u03bd\u03bf\u03c1\u03c3\u03c5\u03f2\u03f3\u0555\u054f\u053c\u054d\u0585\u0578\u057d\u0570\u0581\u0566\u0584\u0575]+$/u;

/** Latin letters of phonetics and click marks, and signs, which one sees as the letters, slashes, dots and colons of a name. */
const seenAsAscii = /[\u0251\u0261\u0269\u026a\u01c0\u01c3\u02d0\u1d00-\u1d22\u2024\u2044\u2215\u2236\u29f8\ua730\ua731\ua789\ua78c]/u;

/** Where a text has letters that pass for others: mixed in a word, or a whole word that its neighbours do not explain. */
export function lookalikesIn(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  const mark = (at: number, part: string, isLookalike: (one: string) => boolean): void => {
    let index = at;
    for (const one of part) {
      if (isLookalike(one)) found.add(index);
      index += one.length;
    }
  };
  mark(0, text, (one) => seenAsAscii.test(one) || isStyled(one));
  const words = [...text.matchAll(WORD)].map((match) => ({ at: match.index, word: match[0], kind: kindOf(match[0]) }));
  for (const [n, { at, word, kind }] of words.entries()) {
    const isExplained = words[n - 1]?.kind === 'telling' || words[n + 1]?.kind === 'telling';
    if (kind === 'mixed' || (kind === 'alike' && !isExplained)) mark(at, word, isForeign);
  }
  return found;
}

/** A word is of Latin letters, tells its one other script, could be read as Latin, or mixes scripts. */
function kindOf(word: string): 'latin' | 'telling' | 'alike' | 'mixed' {
  // beside a dash or an ellipsis nearly all words are plain
  if (/^\w+$/.test(word)) return 'latin';
  made ??= patterns();
  const { latin, scripts, unspaced } = made;
  if (latin.test(word)) return 'latin';
  if (seenAsLatin.test(word) && scripts.some((script) => script.test(word))) return 'alike';
  return [...scripts, ...unspaced].some((script) => script.test(word)) ? 'telling' : 'mixed';
}

function isForeign(one: string): boolean {
  return /[^\p{scx=Latin}\p{scx=Common}\p{scx=Inherited}]/u.test(one);
}

/** A letter or digit of another style, such as mathematical or full-width ones; those of Latin-1, such as `²`, are ordinary. */
function isStyled(one: string): boolean {
  return one > '\u00ff' && /[\p{L}\p{N}]/u.test(one) && /^[a-z0-9]+$/i.test(one.normalize('NFKC'));
}

function only(...names: readonly string[]): RegExp {
  return new RegExp(`^[\\p{scx=Common}\\p{scx=Inherited}${names.map((name) => `\\p{scx=${name}}`).join('')}]+$`, 'u');
}
