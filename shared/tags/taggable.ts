import type { AwsCommand, Loader, Permission, Reader, Target, Trigger } from '#shared/control/control.ts';
import { type CloudTrailRecord, listAt, stringAt } from '#shared/control/record.ts';
import type { TagCode } from './tag-code.ts';

/** A tag as AWS shows it, with both halves. */
export type Tag = { readonly Key: string; readonly Value: string };

/** What a resource came from, whose tags it may inherit. */
export interface Parent {
  readonly is: 'instance' | 'group' | 'template';
  readonly id: string;
  readonly tags: readonly Tag[];
}

/** A live resource, as far as its tags are concerned. */
export interface Tagged {
  readonly tags: readonly Tag[];
  /** Free-form text beside the tags that no call of ours can change. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Nearest first. */
  readonly parents: readonly Parent[];
  /** The UTC day of its creation, where AWS shows it. */
  readonly day?: string;
  /** The ARN of its maker, where AWS shows it. */
  readonly createdBy?: string;
  /** Why nobody should touch it: it is being deleted, or a service manages it. */
  readonly leave?: string;
}

/** What the three tag controls need to know of a kind of resource: its reads and its tag calls. */
export interface Taggable {
  /** As the ids of the controls begin, such as `volume`, and how a person calls them, such as `EBS volumes`. */
  readonly noun: string;
  readonly plural: string;
  readonly resourceType: string;
  /** The calls that make one. */
  readonly makers: readonly Trigger[];
  /** The calls that change the tags of one that is there. */
  readonly retaggers: readonly Trigger[];
  /** All calls that can bring text into its tags and fields; those without any are best left out by `where`. */
  readonly writers: readonly Trigger[];
  targets(record: CloudTrailRecord): readonly Target<never>[];
  find?<Found extends Target>(targets: readonly Found[], read: Reader): Promise<ReadonlyMap<string, readonly Found[]>>;
  list(read: Reader): Promise<readonly string[]>;
  inspect(ids: readonly string[], read: Reader): Promise<ReadonlyMap<string, Tagged>>;
  /** Sets tags, and leaves all others. */
  set(id: string, tags: readonly Tag[]): AwsCommand;
  /** Takes tags away by their keys. */
  unset(id: string, keys: readonly string[]): AwsCommand;
  readonly permissions: {
    readonly reads: readonly Permission[];
    /** Of `set` and `unset`; each control adds the keys to the conditions. */
    readonly set: Permission;
    readonly unset: Permission;
  };
  /** Where stacks' tags are read; absent where CloudFormation itself gives the resource the tags of its stack. */
  readonly stacks?: { readonly tags: Loader<readonly Tag[]>; readonly reads: readonly Permission[] };
  readonly references: readonly string[];
  /** How code writes its tags. */
  readonly code: TagCode;
}

/** AWS's limits: tags a resource, without AWS's own, and the characters of a key and a value. */
export const MOST_TAGS = 50;
export const LONGEST_KEY = 128;
export const LONGEST_VALUE = 256;

/** What every service takes in keys and values: letters, digits and spaces of any script, and these signs. */
export const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** A text as a tag's value: other signs become `_`, and what is too long is cut. */
export function asValue(text: string): string {
  const safe = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').trim();
  return [...safe].slice(0, LONGEST_VALUE).join('');
}

/** Tags of EC2's, SSM's and Auto Scaling's answers, without AWS's own. */
export function ownTags(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tag[] {
  return allTags(tags).filter(({ Key }) => !isReserved(Key));
}

/** The same with AWS's own among them. */
export function allTags(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tag[] {
  return (tags ?? []).flatMap(({ Key, Value = '' }) => (Key ? [{ Key, Value }] : []));
}

/** Whether only AWS writes such a key. */
export function isReserved(key: string): boolean {
  return /^aws:/i.test(key);
}

/** The value of a tag; undefined if there is none. */
export function tagOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(({ Key }) => Key === key)?.Value;
}

/** What AWS, or good sense, holds against setting tags; undefined if nothing does. */
export function obstacleTo(set: readonly Tag[], unset: readonly string[], { tags }: Tagged): string | undefined {
  const own = ownTags(tags).filter(({ Key }) => !unset.includes(Key));
  const added = set.filter(({ Key }) => !own.some((one) => one.Key === Key));
  if (own.length + added.length > MOST_TAGS) return `it has ${own.length} tags, and AWS allows ${MOST_TAGS}: take some away first`;
  const twin = own.find(({ Key }) => added.some((one) => one.Key !== Key && one.Key.toLowerCase() === Key.toLowerCase()));
  return twin && `it has a tag \`${twin.Key}\`, which differs in case only, and AWS would count both`;
}

/** `{ Resources, Tags }` targets of EC2's CreateTags and DeleteTags whose ids begin with a prefix such as `vol-`. */
export function ec2TagTargets(record: CloudTrailRecord, type: string, prefix: string): Target<never>[] {
  return listAt(record, 'requestParameters', 'resourcesSet').flatMap((one) => {
    const id = stringAt(one, 'resourceId');
    return id?.startsWith(prefix) ? [{ type, id }] : [];
  });
}

/** Whether a record is of a call that changes tags alone. */
export function isTagCall({ eventName }: CloudTrailRecord): boolean {
  return /^(Create|Delete|CreateOrUpdate)Tags$|^(AddTagsTo|RemoveTagsFrom)Resource$/.test(eventName);
}

/** The trigger on tag calls of EC2 for ids that begin with a prefix. */
export function ec2TagCalls(prefix: string, ...eventNames: ('CreateTags' | 'DeleteTags')[]): Trigger {
  return {
    eventSource: 'ec2.amazonaws.com',
    eventNames,
    where: { requestParameters: { resourcesSet: { items: { resourceId: [{ prefix }] } } } },
  };
}

/** A tag permission with a condition on the keys, beside the conditions that it has. */
export function withKeys(permission: Permission, operator: string, keys: readonly string[]): Permission {
  return { ...permission, conditions: { ...permission.conditions, [operator]: { 'aws:TagKeys': keys } } };
}
