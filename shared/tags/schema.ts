import * as v from 'valibot';
import type { Parent } from '#shared/control/kind.ts';
import { type Tag, tagOf } from '#shared/control/tag.ts';
import { detectInValue } from '#shared/detect/index.ts';
import { isReserved, LONGEST_KEY, LONGEST_VALUE, tagText } from './taggable.ts';

/** One tag that resources must have, and how it comes about. */
export interface RequiredTag {
  readonly key: string;
  readonly values?: readonly string[] | undefined;
  readonly pattern?: string | undefined;
  readonly default?: string | undefined;
  readonly inheritFrom?: readonly Parent['is'][] | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly map?: { readonly [value: string]: string } | undefined;
}

/** What the tags of one resource should become: what is certain, and in words what a person has to decide. */
export interface Wishes {
  readonly set: readonly Tag[];
  readonly unset: readonly string[];
  readonly open: readonly string[];
}

const key = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(LONGEST_KEY),
  v.regex(tagText, 'is not a tag key: letters, digits, spaces and _ . : / = + - @'),
  v.check((text) => !isReserved(text) && !text.startsWith('redress:'), 'is not free: `aws:` and `redress:` are reserved'),
);
const value = v.pipe(
  v.string(),
  v.maxLength(LONGEST_VALUE),
  v.regex(tagText, 'is not a tag value: letters, digits, spaces and _ . : / = + - @'),
);
const pattern = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      return new RegExp(text) instanceof RegExp;
    } catch {
      return false;
    }
  }, 'is not a regular expression'),
);

const required = v.pipe(
  v.strictObject({
    key,
    values: v.optional(v.array(value)),
    pattern: v.optional(pattern),
    default: v.optional(value),
    inheritFrom: v.optional(v.array(v.picklist(['instance', 'group', 'template']))),
    aliases: v.optional(v.array(key)),
    map: v.optional(v.record(v.string(), value)),
  }),
  v.check(
    (tag) => [tag.default ?? [], Object.values(tag.map ?? {})].flat().every((text) => isAllowed(text, tag)),
    'is not one of its own `values`, or does not match its `pattern`: see `default` and `map`',
  ),
);

/** The settings of a required-tags control. */
export const schemaSettings = {
  tags: v.pipe(
    v.optional(v.array(required), []),
    v.description(
      'What is required, tag by tag: `key`; the allowed `values` or a `pattern` for the whole value; `inheritFrom` (`instance`, `group`, `template`) and `default` for what is missing; `aliases` that are renamed to the key, in any case; `map` from other values to allowed ones.',
    ),
  ),
  remove: v.pipe(v.optional(v.array(key), []), v.description('Keys of tags to remove.')),
};

/** What should become of the tags of a resource; where two sources disagree, or none is certain, a person decides. */
export function wishesOf(
  tags: readonly Tag[],
  parents: readonly Parent[],
  required: readonly RequiredTag[],
  remove: readonly string[],
): Wishes {
  const each = required.map((one) => wishesFor(one, tags, parents));
  const kept = new Set(required.map((one) => one.key));
  const gone = tags.map(({ Key }) => Key).filter((one) => remove.includes(one) && !kept.has(one));
  return {
    set: each.flatMap(({ set }) => set),
    unset: [...new Set([...each.flatMap(({ unset }) => unset), ...gone])],
    open: each.flatMap(({ open }) => open),
  };
}

/**
 * The tags that a schema may write, rename or remove, as they are; null where there is none, or where the value could be anything:
 * it is not an allowed one, or looks sensitive.
 */
export function statesOf(
  tags: readonly Tag[],
  required: readonly RequiredTag[],
  remove: readonly string[],
): { [key: string]: string | null } {
  const known = required.flatMap((one) => {
    const found = tags.filter(({ Key }) => Key === one.key);
    const shown = [...found, ...aliasesIn(tags, one)].map(
      ({ Key, Value }) => [Key, isAllowed(normal(Value, one), one) ? Value : null] as const,
    );
    return found.length > 0 ? shown : [[one.key, null] as const, ...shown];
  });
  const removed = remove.map((Key) => [Key, tagOf(tags, Key) ?? null] as const);
  return Object.fromEntries([...removed, ...known].map(([Key, Value]) => [Key, Value && detectInValue(Value).length === 0 ? Value : null]));
}

function wishesFor(one: RequiredTag, tags: readonly Tag[], parents: readonly Parent[]): Wishes {
  const { key: Key } = one;
  const own = tagOf(tags, Key);
  const aliases = aliasesIn(tags, one);
  const meanings = [...new Set((own === undefined ? aliases.map(({ Value }) => Value) : [own]).map((text) => normal(text, one)))];
  const [Value, ...others] = meanings;
  if (others.length > 0) return told(`${names(aliases)} have different values, so that of \`${Key}\` is not known`);
  if (Value === undefined) return added(one, parents);
  // the value itself is not said: nobody checked what it holds
  if (!isAllowed(Value, one))
    return told(`the value of ${own === undefined ? names(aliases) : `\`${Key}\``} is not allowed: ${allowed(one)}`);
  const same = aliases.filter((alias) => normal(alias.Value, one) === Value);
  const other = aliases.filter((alias) => !same.includes(alias));
  return {
    set: own === Value ? [] : [{ Key, Value }],
    unset: same.map((alias) => alias.Key),
    open: other.length > 0 ? [`${names(other)} says something else than \`${Key}\``] : [],
  };
}

function added(one: RequiredTag, parents: readonly Parent[]): Wishes {
  const inherited = (one.inheritFrom ?? [])
    .flatMap((is) => parents.filter((parent) => parent.is === is))
    .flatMap(({ tags }) => {
      const found = tagOf(tags, one.key) ?? aliasesIn(tags, one)[0]?.Value;
      return found === undefined ? [] : [normal(found, one)];
    });
  const Value = inherited.find((text) => isAllowed(text, one)) ?? one.default;
  if (Value === undefined) return told(`\`${one.key}\` is missing: ${allowed(one)}`);
  return { set: [{ Key: one.key, Value }], unset: [], open: [] };
}

function told(what: string): Wishes {
  return { set: [], unset: [], open: [what] };
}

/** Tags under another name for the same: its aliases, and itself, in any case. */
function aliasesIn(tags: readonly Tag[], { key: wanted, aliases = [] }: RequiredTag): Tag[] {
  const known = new Set([wanted, ...aliases].map((name) => name.toLowerCase()));
  return tags.filter(({ Key }) => Key !== wanted && known.has(Key.toLowerCase()));
}

/** What a value means: mapped, or an allowed one in another case, or as it is. */
function normal(text: string, { map = {}, values = [] }: RequiredTag): string {
  const small = text.trim().toLowerCase();
  const mapped = Object.entries(map).find(([from]) => from.toLowerCase() === small)?.[1];
  return mapped ?? values.find((one) => one.toLowerCase() === small) ?? text;
}

function isAllowed(text: string, { values, pattern: wanted }: Pick<RequiredTag, 'values' | 'pattern'>): boolean {
  if (values && !values.includes(text)) return false;
  return wanted === undefined || new RegExp(`^(?:${wanted})$`).test(text);
}

function allowed({ values, pattern: wanted }: RequiredTag): string {
  if (values) return `it is one of ${values.map((text) => `\`${text}\``).join(', ')}`;
  return wanted === undefined ? 'any value will do' : `it matches \`${wanted}\``;
}

function names(tags: readonly Tag[]): string {
  return tags.map(({ Key }) => `\`${Key}\``).join(' and ');
}
