import type { ResourceDetails } from '@aws-sdk/client-securityhub';
import { type Example, exampleOf, type IdPath, type Making, type NamedMaking, valuesAt } from './example.ts';
import type { TagCode } from './iac.ts';
import type { CloudTrailRecord } from './record.ts';
import { isTagCall, type Tag } from './tag.ts';
import type { AwsCommand, Change, Json, Loader, Part, Permission, Place, Reader, Target, Trigger } from './types.ts';

/** What a resource came from, whose tags it may inherit. */
export interface Parent {
  readonly is: 'instance' | 'group' | 'template';
  readonly id: string;
  readonly tags: readonly Tag[];
}

/** What the engine asks of a live resource besides the facts: its tags, and why it is left unchanged. */
export interface Live {
  readonly tags: readonly Tag[];
  /** A sentence: it is being deleted, say. */
  readonly leave?: string | undefined;
  /** The AWS service that manages it, as AWS names it: then nobody else changes it. */
  readonly operator?: string | undefined;
  /** When it was made, where AWS shows it. */
  readonly madeAt?: Date | undefined;
}

/** How the tags of a kind are read and written; brings the three tag controls. */
export interface KindTags<Item> {
  /** The calls that change the tags of one that is there. */
  readonly retagged: readonly Trigger[];
  /** All calls that can bring text into its tags and fields; those without any are best left out by `where`. */
  readonly written: readonly Trigger[];
  /** What is read for its tags besides the items themselves. */
  readonly reads?: readonly Permission[];
  /** Sets tags, and leaves all others. */
  set(id: string, tags: readonly Tag[], place: Place): AwsCommand;
  /** Removes tags by their keys. */
  unset(id: string, keys: readonly string[], place: Place): AwsCommand;
  /** Of `set` and `unset`; each control adds the keys to the conditions. */
  readonly permissions: { readonly set: Permission; readonly unset: Permission };
  /** Free-form text beside the tags that no call of ours can change. */
  fields?(item: Item, id: string, read: Reader): Promise<readonly { readonly name: string; readonly value: string }[]>;
  /** How a person changes such text, in one sentence; absent where only another resource is without it. */
  readonly fieldsAdvice?: string;
  /** What each resource came from, nearest first. */
  parents?(items: ReadonlyMap<string, Item>, read: Reader): Promise<ReadonlyMap<string, readonly Parent[]>>;
  /** When it was made, where AWS shows it. */
  madeAt?(item: Item): Date | undefined;
  /** The ARN of its maker, where AWS shows it. */
  madeBy?(item: Item): string | undefined;
  /** Where stacks' tags are read; absent where CloudFormation itself gives the resource the tags of its stack. */
  readonly stacks?: { readonly tags: Loader<readonly Tag[]>; readonly reads: readonly Permission[] };
  readonly references: readonly string[];
  /** How code writes its tags. */
  readonly code: TagCode;
}

/** What Redress knows of one resource type; whatever needs such knowledge derives it from here. */
export interface Kind<Item = unknown> {
  readonly is: 'resource' | 'setting' | 'call';
  /** AWS's CloudFormation type name, such as `AWS::EC2::Volume`. */
  readonly type: string;
  /** As the ids of its controls begin, such as `volume`. */
  readonly noun: string;
  /** How a person calls several, such as `EBS volumes`. */
  readonly plural: string;
  /** Security Hub's name for the type; `Other` where it has none. */
  readonly securityHub: keyof ResourceDetails | 'AwsAccount' | 'Other';
  /** The console's page behind its host, with `{id}`, `{region}` and `{account}`. */
  readonly console: string;
  /** Whether it is one for all Regions, and so judged in one of them only. */
  readonly isGlobal: boolean;
  /** In which Regions CloudTrail records its calls, in a sentence or two, where that is not wherever the resource is. */
  readonly recordedIn?: string;
  /** The calls that make one. */
  readonly created: readonly Trigger[];
  /** The calls of its service that can make or change one and that no control looks at, by the reason in one sentence. */
  readonly unwatched?: { readonly [why: string]: readonly string[] };
  /** What names such a call beside the id, in its request or answer, such as `BlockDeviceMappings`. */
  readonly shownBy?: readonly string[];
  /** Whether whoever made a call made what it names; absent means for every call. Who attaches a volume need not have. */
  isByMaker?(record: CloudTrailRecord): boolean;
  /** What a control of the kind reads before it reads anything of its own. */
  readonly reads: readonly Permission[];
  /** By id; what is not there is absent. */
  readonly items: Loader<Item>;
  readonly tags?: KindTags<Item>;
  arnOf(id: string, place: Place): string;
  /** A trigger on calls of the kind's own service. */
  calls(...eventNames: string[]): Trigger;
  /** The parts of a record of a creation with such an id, for benches and tests. */
  example(id: string): Example;
  /** The ids that a request to the API names, by the members that hold them. */
  idsIn(request: unknown): string[];
  /** What the record names: resources of this kind, or things that `find` turns into them. */
  targets(record: CloudTrailRecord, place: Place): readonly Target<never>[];
  find?<Found extends Target>(targets: readonly Found[], read: Reader): Promise<ReadonlyMap<string, readonly Found[]>>;
  /** Every id worth judging, part by part: the first, or the one that begins at `from`. */
  list(read: Reader, place: Place & { readonly now?: Date }, from?: string): Promise<Part<string>>;
  live(ids: readonly string[], read: Reader): Promise<ReadonlyMap<string, Live>>;
  /** Puts a previous state of a setting back. */
  restore?(before: Json, now: Json): readonly Change[];
}

/** A kind of any item type, as the engine holds it. */
// biome-ignore lint/suspicious/noExplicitAny: kinds of every item type stand side by side
export type AnyKind = Kind<any>;

/** What has to be said of a resource type of any service. */
export interface KindProps<Item>
  extends Omit<Kind<Item>, 'is' | 'isGlobal' | 'created' | 'arnOf' | 'calls' | 'example' | 'idsIn' | 'targets' | 'live' | 'restore'> {
  /** The event source of its calls, such as `s3.amazonaws.com`. */
  readonly eventSource: string;
  /** Its ARN, with `{partition}`, `{region}`, `{account}` and `{id}`. */
  readonly arn: string;
  /** The id as the ARN has it, where that differs. */
  arnId?(id: string): string;
  readonly created: { readonly [eventName: string]: IdPath | Making };
  /** Where records of other calls hold the id, the likeliest first. */
  readonly named?: readonly IdPath[];
  /** Members of API requests that hold the id, such as `AutoScalingGroupName`. */
  readonly members: readonly string[];
  readonly isGlobal?: boolean;
  targets?(record: CloudTrailRecord, place: Place): readonly Target<never>[];
  /** Its tags; absent where it has none. */
  tagsOf?(item: Item, id: string, read: Reader): readonly Tag[] | Promise<readonly Tag[]>;
  /** Why it is left unchanged, in one sentence: it is being deleted, say. */
  leave?(item: Item): string | undefined;
  /** The AWS service that manages it, where AWS shows one. */
  operatorOf?(item: Item): string | undefined;
  /** When it was made, where AWS shows it; absent means as its tags have it. */
  madeAt?(item: Item): Date | undefined;
  live?(ids: readonly string[], read: Reader): Promise<ReadonlyMap<string, Live>>;
}

/** A kind of resource of any AWS service. */
export function kindOf<Item>(props: KindProps<Item>): Kind<Item> {
  const {
    type,
    eventSource,
    arn,
    arnId,
    created,
    named = [],
    members,
    items,
    tagsOf,
    leave,
    operatorOf,
    isGlobal = false,
    madeAt = props.tags?.madeAt,
    ...rest
  } = props;
  const makings = Object.entries(created).map(([eventName, one]) => ({ eventName, ...(typeof one === 'string' ? { id: one } : one) }));
  return {
    ...rest,
    is: 'resource',
    type,
    items,
    isGlobal,
    created: triggersOf(eventSource, makings),
    arnOf: (id, place) => arnOf(arn, arnId?.(id) ?? id, place),
    calls: (...eventNames) => ({ eventSource, eventNames }),
    example: (id) => exampleOf(eventSource, makings, id),
    idsIn: (request) => members.flatMap((member) => valuesAt(request, member)),
    targets:
      props.targets ??
      ((record) => {
        const paths = [...makings.filter(({ eventName }) => eventName === record.eventName).map(({ id }) => id), ...named];
        const ids = paths.map((path) => valuesAt(record, path)).find((found) => found.length > 0) ?? [];
        return ids.map((id) => ({ type, id }));
      }),
    live:
      props.live ??
      (async (ids, read) => {
        const found = [...(await read.many(items, ids))].map(async ([id, item]): Promise<[string, Live]> => {
          const tags = (await tagsOf?.(item, id, read)) ?? [];
          return [id, { tags, leave: leave?.(item), operator: operatorOf?.(item), madeAt: madeAt?.(item) }];
        });
        return new Map(await Promise.all(found));
      }),
  };
}

/** Whether whoever made the call of a record made what it names. */
export function isByMaker(kind: AnyKind, record: CloudTrailRecord): boolean {
  return kind.isByMaker?.(record) ?? true;
}

/** Whether a record is of a call that makes resources of a kind; then its caller is the maker. */
export function isMaking(kind: AnyKind, record: CloudTrailRecord): boolean {
  return !isTagCall(record) && kind.created.some(({ eventNames }) => eventNames.includes(record.eventName));
}

/** An ARN's template, filled in. */
export function arnOf(template: string, id: string, { partition, region, account }: Place): string {
  if (id.startsWith('arn:')) return id;
  const values: { readonly [name: string]: string } = { partition, region, account, id };
  return template.replace(/\{(partition|region|account|id)\}/g, (_all, name: string) => values[name] ?? '');
}

/** The one Region that judges what is global in a partition; CloudTrail delivers the calls of global services there. */
export function owningRegion(partition: string): string {
  return ({ 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' } as { [partition: string]: string })[partition] ?? 'us-east-1';
}

function triggersOf(eventSource: string, makings: readonly NamedMaking[]): Trigger[] {
  const groups = Map.groupBy(makings, ({ where, takesTags, eventSource: other }) => JSON.stringify([where, takesTags, other]));
  return [...groups.values()].map((group) => {
    const { where, takesTags, eventSource: other = eventSource } = group[0] ?? {};
    const eventNames = group.map(({ eventName }) => eventName);
    return { eventSource: other, eventNames, ...(where && { where }), ...(takesTags === false && { takesTags }) };
  });
}
