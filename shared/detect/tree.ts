import { detectInValue, isSecret } from './index.ts';
import { detectBeside, secretByName } from './together.ts';

/** Where a secret stands, and the detectors that hit it; never a part of it. */
export interface Place {
  readonly where: string;
  readonly detectors: readonly string[];
}

/** No document that people write is deeper; one that a program made so is judged as one text. */
const DEEPEST = 64;
/** A key that only says that a value stands here: what is beside or above it names the value. */
const general = /^(?:default|value|values|allowedvalues)$/i;
const naming = ['name', 'Name', 'key', 'Key'];

class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

/** The places of a text where a secret stands: by member if the text is JSON, each judged in the light of its name, and else the text as one. */
export function secretsIn(text: string): readonly Place[] {
  try {
    return placesIn(JSON.parse(text), '', '', 0);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TooDeep)) throw error;
    return hit('the text', [detectInValue(text)]);
  }
}

/** `name` is what the value is called, `where` the way to it. */
function placesIn(value: unknown, name: string, where: string, depth: number): readonly Place[] {
  if (depth > DEEPEST) throw new TooDeep();
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    return hit(where, [detectBeside(name, text), secretByName(name, text)]);
  }
  if (Array.isArray(value)) {
    const found = value.flatMap((one: unknown, n) => placesIn(one, name, `${where}[${n}]`, depth + 1));
    // a key of several lines stands in a list of lines
    return found.length > 0 ? found : hit(where, [detectInValue(value.filter((one) => typeof one === 'string').join('\n'))]);
  }
  if (typeof value !== 'object' || value === null) return [];
  const called = naming.map((key) => Reflect.get(value, key)).find((one) => typeof one === 'string') ?? name;
  return Object.entries(value).flatMap(([key, inner]) => {
    const way = `${where}${where === '' ? '' : '.'}${shown(key)}`;
    return [
      ...hit(`a key of ${where || 'the text'}`, [detectInValue(key)]),
      ...placesIn(inner, general.test(key) ? called : key, way, depth + 1),
    ];
  });
}

function hit(where: string, found: readonly ReturnType<typeof detectInValue>[]): readonly Place[] {
  const secrets = found.flat().filter(({ kind }) => kind === 'secret');
  return secrets.length === 0 ? [] : [{ where: where || 'the text', detectors: [...new Set(secrets.map(({ detector }) => detector))] }];
}

/** Whoever writes a text chooses its keys, which may hold anything. */
function shown(key: string): string {
  return /^[\w:.-]{1,48}$/.test(key) && !isSecret(key) ? key : '…';
}
