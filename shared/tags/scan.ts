import type { CloudTrailRecord } from '#shared/control/record.ts';
import { Secret } from '#shared/control/secret.ts';
import { detectInValue } from '#shared/detect/index.ts';
import { detectBeside, secretByName } from '#shared/detect/together.ts';
import { ownTags, type Tagged } from './taggable.ts';

/** What stands in the place of a value that was taken out; every service takes these signs. */
export const MASK = 'removed-by-redress';

/** Where sensitive data stands, and of what kind; never the data. */
export interface Hit {
  readonly where: string;
  readonly kinds: readonly string[];
  /** The tag's key; a `Secret` if the key itself holds the data. Absent for a field that no call can change. */
  readonly key?: string | Secret;
}

/** Sensitive data in a live resource's tags and free-form fields, without AWS's own tags and those in `except`. */
export function hitsIn(id: string, live: Tagged, except: readonly string[], account: string): Hit[] {
  const tags = ownTags(live.tags).flatMap(({ Key, Value }, n): Hit[] => {
    if (except.includes(Key) || Value === MASK) return [];
    const ofKey = kindsIn(Key, account);
    const kinds = [...new Set([...ofKey, ...kindsBeside(Key, Value, account), ...namedBy(Key, Value, account)])];
    if (kinds.length === 0) return [];
    // by id and number: equal masks of two keys would be taken for equal commands
    if (ofKey.length > 0) return [{ where: 'a tag, in its key', kinds, key: new Secret(Key, `key ${n + 1} of ${id}`) }];
    return [{ where: `the tag \`${Key}\``, kinds, key: Key }];
  });
  const fields = live.fields.flatMap(({ name, value }): Hit[] => {
    const kinds = kindsIn(value, account);
    return kinds.length > 0 ? [{ where: `the ${name}`, kinds }] : [];
  });
  return [...tags, ...fields];
}

/** The kinds of sensitive data in the free-form fields of a record's request, tags left out: the live resource shows those. */
export function kindsInRecord({ requestParameters }: CloudTrailRecord, account: string): string[] {
  const texts: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string' && /description|comment|reason/i.test(key)) texts.push(value);
    if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) walk(inner, name);
  };
  walk(requestParameters, '');
  return [...new Set(texts.flatMap((text) => kindsIn(text, account)))];
}

function kindsIn(text: string, account: string): string[] {
  const found = detectInValue(text).map(({ detector }) => detector);
  return namesForeignAccount(text, account) ? [...found, 'account-number'] : found;
}

function kindsBeside(key: string, value: string, account: string): string[] {
  const found = detectBeside(key, value).map(({ detector }) => detector);
  return namesForeignAccount(value, account) ? [...found, 'account-number'] : found;
}

/** What only the key and the value together tell. */
function namedBy(key: string, value: string, account: string): string[] {
  const secrets = secretByName(key, value).map(({ detector }) => detector);
  const isAccount = /acc(?:oun|)t/i.test(key) && /^\d{12}$/.test(value) && value !== account;
  return isAccount ? [...secrets, 'account-number'] : secrets;
}

/** Twelve digits are often a time or an order: only an ARN, or the word beside them, makes an account number of them. */
function namesForeignAccount(text: string, account: string): boolean {
  const inArns = text.matchAll(/\barn:aws[\w-]{0,12}:[\w-]{0,63}:[\w-]{0,30}:(\d{12}):/g);
  const beside = text.matchAll(/\b(?:account|acct)(?:[ _-]?(?:id|no|number))?[ :=#_-]{0,3}(\d{12})(?!\d)/gi);
  return [...inArns, ...beside].some(([, number]) => number !== account);
}
