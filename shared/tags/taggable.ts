import type { AnyKind, Kind, KindTags, Parent } from '#shared/control/kind.ts';
import { allTags, type LooseTag, type Tag } from '#shared/control/tag.ts';
import type { Permission, Reader } from '#shared/control/types.ts';

/** A live resource, as far as its tags are concerned. */
export interface Tagged {
  readonly tags: readonly Tag[];
  /** Free-form text beside the tags that no call of ours can change. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Nearest first. */
  readonly parents: readonly Parent[];
  /** The UTC day of its creation, where AWS shows it. */
  readonly day?: string | undefined;
  /** The ARN of its maker, where AWS shows it. */
  readonly createdBy?: string | undefined;
}

/** A kind whose tags are known. */
export type Taggable<Item = unknown> = Kind<Item> & { readonly tags: KindTags<Item> };

/** AWS's limits: tags a resource, without AWS's own, and the characters of a key and a value. */
export const MOST_TAGS = 50;
export const LONGEST_KEY = 128;
export const LONGEST_VALUE = 256;

/** What every service takes in keys and values: letters, digits and spaces of any script, and these signs. */
export const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether a kind has tags that controls can judge. */
export function isTaggable(kind: AnyKind): kind is Taggable {
  return kind.tags !== undefined;
}

/** What a tag control reads: the kind's own, and what its tags need besides. */
export function tagReads({ reads, tags }: Taggable): readonly Permission[] {
  return [...reads, ...(tags.reads ?? [])];
}

/** Reads a batch of resources for the tag controls; what is gone is absent. */
export async function taggedById(kind: Taggable, ids: readonly string[], read: Reader): Promise<ReadonlyMap<string, Tagged>> {
  const [items, live] = await Promise.all([read.many(kind.items, ids), kind.live(ids, read)]);
  const { fields, parents, madeAt, madeBy } = kind.tags;
  const origins = await parents?.(items, read);
  const found = [...items].map(async ([id, item]): Promise<[string, Tagged][]> => {
    const its = live.get(id);
    if (!its) return [];
    const tagged = {
      tags: its.tags,
      fields: (await fields?.(item, id, read)) ?? [],
      parents: origins?.get(id) ?? [],
      day: madeAt?.(item)?.toISOString().slice(0, 10),
      createdBy: madeBy?.(item),
    };
    return [[id, tagged]];
  });
  return new Map((await Promise.all(found)).flat());
}

/** A text as a tag's value: other signs become `_`, and what is too long is cut. */
export function asValue(text: string): string {
  const safe = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').trim();
  return [...safe].slice(0, LONGEST_VALUE).join('');
}

/** Tags of EC2's, SSM's and Auto Scaling's answers, without AWS's own. */
export function ownTags(tags: readonly LooseTag[] | undefined): Tag[] {
  return allTags(tags).filter(({ Key }) => !isReserved(Key));
}

/** Whether only AWS writes such a key. */
export function isReserved(key: string): boolean {
  return /^aws:/i.test(key);
}

/** What AWS, or good sense, holds against setting tags; undefined if nothing does. */
export function obstacleTo(set: readonly Tag[], unset: readonly string[], { tags }: Tagged): string | undefined {
  const own = ownTags(tags).filter(({ Key }) => !unset.includes(Key));
  const added = set.filter(({ Key }) => !own.some((one) => one.Key === Key));
  if (own.length + added.length > MOST_TAGS) return `it has ${own.length} tags, and AWS allows ${MOST_TAGS}: remove some first`;
  const twin = own.find(({ Key }) => added.some((one) => one.Key !== Key && one.Key.toLowerCase() === Key.toLowerCase()));
  return twin && `it has a tag \`${twin.Key}\`, which differs in case only, and AWS would count both`;
}

/** A tag permission with a condition on the keys, beside the conditions that it has. */
export function withKeys(permission: Permission, operator: string, keys: readonly string[]): Permission {
  return { ...permission, conditions: { ...permission.conditions, [operator]: { 'aws:TagKeys': keys } } };
}
