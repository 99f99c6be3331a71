import { everySecret } from '../fixtures/secrets.ts';

/** Something that left Redress, and the way it took. */
export interface Left {
  /** Such as `log`, `ledger` or `sns:Publish`. */
  readonly by: string;
  readonly text: string;
}

/** Something that runs Redress, and can tell what left it. */
export interface Watched {
  /** Whether it goes on running after the test that started it. */
  readonly isLasting?: boolean;
  /** What has left it since it was last asked. */
  left(): Promise<readonly Left[]>;
  /** The calls that its functions' own roles refuse, and why, since it was last asked. */
  refused?(): readonly string[];
}

/** What ran Redress since the last test, and what still runs; `test/support/no-secrets.ts` and `test/support/no-refusals.ts` look at it after each. */
export const watched = new Set<Watched>();

/** A secret is known again by so many characters, so that one that was cut is found too: an error of `JSON.parse` quotes ten. */
const PIECE = 10;
/** Of a long secret so many pieces are looked for, from its start to its end. */
const MOST_PIECES = 8;

const traces = Object.entries(everySecret).map(([name, secret]) => ({ name, forms: [...new Set(piecesOf(secret).flatMap(formsOf))] }));

/** The secrets that have left by now, each by its name in the list and the way it took; never by its value. */
export async function leaksOf(one: Watched): Promise<string[]> {
  const left = await one.left();
  const leaks = left.flatMap(({ by, text }) =>
    traces.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => `${name} by ${by}`),
  );
  return [...new Set(leaks)];
}

function piecesOf(secret: string): string[] {
  // by characters, not by halves of them
  const characters = [...secret];
  const last = Math.max(0, characters.length - PIECE);
  const count = Math.min(MOST_PIECES, Math.ceil(characters.length / PIECE));
  const starts = Array.from({ length: count }, (_, n) => Math.round((n * last) / Math.max(1, count - 1)));
  return starts.map((from) => characters.slice(from, from + PIECE).join(''));
}

/** A text as it is, in JSON to three depths, in a URL and in base64. */
function formsOf(text: string): string[] {
  const inJson = (one: string): string => JSON.stringify(one).slice(1, -1);
  const once = inJson(text);
  const twice = inJson(once);
  const bytes = Buffer.from(text);
  // what follows would show in the characters of an incomplete group
  const base64 = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  return [text, once, twice, inJson(twice), encodeURIComponent(text), base64];
}
