import { type CloudTrailRecord, listAt, stringAt } from './record.ts';

/** A tag as AWS shows it, with both halves. */
export type Tag = { readonly Key: string; readonly Value: string };

/** A tag as an SDK types it: either half may be missing. */
export type LooseTag = { readonly Key?: string | undefined; readonly Value?: string | undefined };

/** Tags with both halves, AWS's own among them. */
export function allTags(tags: readonly LooseTag[] | undefined): Tag[] {
  return (tags ?? []).flatMap(({ Key, Value = '' }) => (Key ? [{ Key, Value }] : []));
}

/** The value of a tag; undefined if there is none. */
export function tagOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(({ Key }) => Key === key)?.Value;
}

/** Whether a record is of a call that changes tags alone. */
export function isTagCall({ eventName }: CloudTrailRecord): boolean {
  return /^(Create|Delete|CreateOrUpdate)Tags$|^(AddTagsTo|RemoveTagsFrom)Resource$|^(Tag|Untag)(Resource|LogGroup)$/.test(eventName);
}

/** The ids in a record of EC2's CreateTags or DeleteTags that begin with a prefix such as `vol-`. */
export function ec2TaggedIds(record: CloudTrailRecord, prefix: string): string[] {
  return listAt(record, 'requestParameters', 'resourcesSet').flatMap((one) => {
    const id = stringAt(one, 'resourceId');
    return id?.startsWith(prefix) ? [id] : [];
  });
}
