import { elementOf, formOf, memberLike, type Operation, type Structure, structureOf } from './shapes.ts';
import type { ResourceType } from './types.ts';

/** How the tags of a resource are read: from the item, or by a call of their own. */
export interface TagRead {
  /** The call, and what it takes: the id, or a member of the item. Absent where the item shows its tags. */
  readonly call?: { readonly operation: Operation; readonly input: string; readonly from: 'id' | string };
  /** The member with the tags. */
  readonly member: string;
  /** How a tag names its halves; undefined for a map. */
  readonly halves: { readonly key: string; readonly value: string } | undefined;
}

/** Finds how a type's tags are read; undefined if no call looks like it. */
export function tagReadOf(
  { name }: ResourceType,
  operations: ReadonlyMap<string, Operation>,
  item: Structure,
  id: string | undefined,
): TagRead | undefined {
  const own = tagsIn(item);
  if (own) return own;
  const wanted = [
    `List${name}Tags`,
    `Get${name}Tagging`,
    `Get${name}Tags`,
    'ListTagsForResource',
    'ListResourceTags',
    'ListTagsOfResource',
    'ListTags',
  ];
  for (const operation of wanted.flatMap((one) => operations.get(one) ?? [])) {
    const [input, ...more] = operation.input.required;
    const found = tagsIn(operation.output);
    const from =
      input && more.length === 0 && formOf(operation.input.members.get(input)) === 'string' ? sourceOf(input, name, item, id) : undefined;
    if (found && input && from) return { ...found, call: { operation, input, from } };
  }
  return undefined;
}

/** What a call for tags takes: the id under its own name or the type's, or the item's ARN. */
function sourceOf(input: string, name: string, item: Structure, id: string | undefined): string | undefined {
  const isId = [id, name, `${name}Name`, `${name}Id`, `${name}Url`].some((one) => one?.toLowerCase() === input.toLowerCase());
  if (isId) return 'id';
  if (!/arn$/i.test(input)) return undefined;
  if (id && /arn$/i.test(id)) return 'id';
  return memberLike(item, `${name}Arn`, 'Arn');
}

function tagsIn(structure: Structure): TagRead | undefined {
  for (const [member, schema] of structure.members) {
    if (!/^tag/i.test(member)) continue;
    if (formOf(schema) === 'map') return { member, halves: undefined };
    const tag = structureOf(elementOf(schema));
    const key = tag && memberLike(tag, 'Key', 'TagKey');
    const value = tag && memberLike(tag, 'Value', 'TagValue');
    if (key && value) return { member, halves: { key, value } };
  }
  return undefined;
}
