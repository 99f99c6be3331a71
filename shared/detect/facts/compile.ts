import { isFilled } from '#shared/detect/entropy.ts';
import type { SecretFormat } from '#shared/detect/forms.ts';
import { type Fact, facts } from './facts.ts';

/** The characters of each alphabet that a form names, as a class of an expression holds them. */
const alphabets: { readonly [name: string]: string } = {
  digit: '0-9',
  az: 'a-z',
  hex: 'a-f0-9',
  HEX: 'A-F0-9',
  Hex: 'A-Fa-f0-9',
  upper: 'A-Z0-9',
  base32: 'A-Z2-7',
  bech32: 'ac-hj-np-z02-9',
  base36: 'a-z0-9',
  base58: '1-9A-HJ-NP-Za-km-z',
  base62: 'A-Za-z0-9',
  mixed: 'A-Za-z0-9',
  base64: 'A-Za-z0-9+\\/',
  url64: 'A-Za-z0-9_\\-',
};

/** A part of a form: what is drawn (an alphabet, further signs, from so many to so many), one of several, or text as it stands. */
const part = /<(uuid|(?<alphabet>[A-Za-z]+\d{0,2})(?<signs>[^ >]*) (?<least>\d+)(?:-(?<most>\d+))?)>|\{(?<choices>[^{}]*)\}|[^<{]+/g;

/** What stands right before or after a key must be no letter or digit, so that part of a longer word is none. */
const [from, to] = ['(?<![A-Za-z0-9])', '(?![A-Za-z0-9])'];

/** The characters of which `<alphabet length>` draws, as a class; throws `RangeError` for an alphabet that there is not. */
export function classOf(alphabet: string, signs = ''): string {
  const characters = alphabets[alphabet];
  if (characters === undefined) throw new RangeError(`there is no alphabet ${alphabet}`);
  return `[${characters}${escaped(signs)}]`;
}

/** The source of the expression for a form. */
export function expressionOf(form: string): string {
  return form.replace(part, (text, kind: string | undefined, ...rest) => {
    const groups: { readonly [name: string]: string | undefined } = rest.at(-1);
    const { alphabet, signs, least, most, choices } = groups;
    if (choices !== undefined) return `(?:${choices.split(',').map(expressionOf).join('|')})`;
    if (kind === 'uuid') return '[A-Fa-f0-9]{8}(?:-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}';
    if (alphabet === undefined) return escaped(text);
    const length = most === undefined ? `{${least}}` : `{${least},${most}}`;
    // a small letter and a digit: without them it is a word, or an id
    const [end, others] = [`{0,${Number(most ?? least) - 1}}`, escaped(signs ?? '')];
    const look = alphabet === 'mixed' ? `(?=[A-Za-z${others}]${end}\\d)(?=[A-Z0-9${others}]${end}[a-z])` : '';
    return `${look}${classOf(alphabet, signs)}${length}`;
  });
}

/** Strings of which one stands in every text of a form: what it begins with, else its longest piece that is not drawn. */
export function hintsOf(form: string): readonly string[] {
  // made for every form at every start of a function, so in few steps
  const first = form.search(/[<{]/);
  if (first >= 2) return [form.slice(0, first)];
  if (form[first] === '{') {
    const end = form.indexOf('}');
    const next = form.slice(end + 1).search(/[<{]/);
    const after = next < 0 ? form.slice(end + 1) : form.slice(end + 1, end + 1 + next);
    const starts = form
      .slice(first + 1, end)
      .split(',')
      .map((choice) => form.slice(0, first) + (choice.includes('<') ? choice.slice(0, choice.indexOf('<')) : choice + after));
    if (starts.every((start) => start.length >= 2)) return starts;
  }
  return [form.split(/<[^>]*>|\{[^{}]*\}/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')];
}

/** A form that tells by itself; its expression is made when one of its hints is first met, as most never are. */
class KeyFormat implements SecretFormat {
  readonly detector: string;
  readonly hints: readonly string[];
  readonly confirm: SecretFormat['confirm'];
  readonly source: string;
  readonly #form: string;
  #pattern: RegExp | undefined;

  constructor({ detector, floor, source }: Fact, form: string) {
    this.detector = detector;
    this.hints = hintsOf(form);
    this.confirm = (match) => isFilled(match, floor);
    this.source = source;
    this.#form = form;
  }

  get pattern(): RegExp {
    this.#pattern ??= new RegExp(`${from}${expressionOf(this.#form)}${to}`, 'g');
    return this.#pattern;
  }
}

/** The formats of all facts that need no name beside them. */
export const keyFormats: readonly SecretFormat[] = facts
  .filter(({ beside }) => beside.length === 0)
  .flatMap((fact) => fact.forms.map((form) => new KeyFormat(fact, form)));

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
