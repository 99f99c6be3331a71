import { CreateTagsCommand, DeleteTagsCommand, type Filter } from '@aws-sdk/client-ec2';
import type { IdPath, Making } from '#shared/control/example.ts';
import type { TagCode } from '#shared/control/iac.ts';
import { type Kind, type KindProps, type KindTags, kindOf } from '#shared/control/kind.ts';
import { allTags, ec2TaggedIds, isTagCall, type LooseTag, type Tag } from '#shared/control/tag.ts';
import type { AwsCommand, Loader, OutputOf, Permission, Reader, Trigger } from '#shared/control/types.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { stacks } from '#shared/tags/stack.ts';
import { onePage, pages, partOf } from './pages.ts';

const EC2 = 'ec2.amazonaws.com';

/** What an EC2 resource shows of who manages it. */
interface Operated {
  readonly Tags?: readonly LooseTag[] | undefined;
  readonly Operator?: { readonly Managed?: boolean | undefined; readonly Principal?: string | undefined } | undefined;
}

interface Page {
  readonly NextToken?: string | undefined;
}

/** What has to be said of a type of EC2 resource; what is left out is as EC2 does it for most. */
export interface Ec2KindProps<Item extends Operated, Output extends Page>
  extends Pick<
    KindProps<Item>,
    'noun' | 'plural' | 'securityHub' | 'leave' | 'targets' | 'find' | 'named' | 'unwatched' | 'shownBy' | 'isByMaker'
  > {
  /** As in `AWS::EC2::Volume`, `DescribeVolumes` and `VolumeId`. */
  readonly name: string;
  /** CloudFormation's name, where it writes that otherwise, such as `VPC`. */
  readonly typeName?: string;
  /** What its ids begin with, such as `vol-`. */
  readonly idPrefix: string;
  /** Absent means the account's own, named by the noun. */
  readonly arn?: string;
  /** The page of EC2's console, such as `VolumeDetails:volumeId={id}`. */
  readonly page: string;
  /** The console that has the page, where it is not EC2's own. */
  readonly console?: string;
  readonly created: readonly string[] | { readonly [eventName: string]: IdPath | Making };
  describe(input: {
    readonly Filters?: Filter[];
    readonly MaxResults?: number;
    readonly NextToken?: string;
  }): AwsCommand & OutputOf<Output>;
  /** The most that one page of a list may hold; absent means 500, which most calls take. */
  readonly pageSize?: number;
  itemsOf(output: Output): readonly Item[] | undefined;
  idOf(item: Item): string | undefined;
  /** The filter that takes ids, such as `group-id`; absent means `<noun>-id`. */
  readonly filter?: string;
  /** Absent means by the filter: an id that is gone would fail the whole call. */
  readonly items?: Loader<NoInfer<Item>>;
  /** Narrows what is listed for the sweep. */
  readonly listed?: readonly Filter[];
  readonly reads?: readonly Permission[];
  /** Brings the three tag controls. */
  readonly tags?: Ec2TagProps<NoInfer<Item>>;
}

/** A kind of EC2 resource. */
export function ec2Kind<Item extends Operated, Output extends Page>(props: Ec2KindProps<Item, Output>): Kind<Item> {
  const { noun, name, idPrefix, page, created, describe, itemsOf, idOf, listed, pageSize = 500, tags, reads = [], ...rest } = props;
  const {
    filter = `${noun}-id`,
    arn = `arn:{partition}:ec2:{region}:{account}:${noun}/{id}`,
    typeName = name,
    console = 'ec2',
    ...others
  } = rest;
  const type = `AWS::EC2::${typeName}`;
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  const named = props.named ?? [`responseElements.${id}`, `requestParameters.${id}`];
  const where = (Filters: Filter[], read: Reader) => pages(read, (token) => describe({ Filters, ...token }), itemsOf);
  const kind = kindOf<Item>({
    // a filter takes 200 values
    items: {
      name: `${noun}s by id`,
      max: 200,
      load: async (ids, read) => {
        const found = await where([{ Name: filter, Values: [...ids] }], read);
        return new Map(found.flatMap((item) => withId(item, idOf)));
      },
    },
    ...others,
    noun,
    type,
    arn,
    eventSource: EC2,
    console: `/${console}/home?region={region}#${page}`,
    created: isList(created) ? Object.fromEntries(created.map((eventName) => [eventName, `responseElements.${id}`])) : created,
    named,
    members: [],
    reads: [{ action: `ec2:Describe${name}s` }, ...reads],
    // without a size the list has one page, however long: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
    list: async (read, _place, from) => {
      const page = (token: object) => describe({ ...(listed && { Filters: [...listed] }), MaxResults: pageSize, ...token });
      return partOf(await onePage(read, page, itemsOf, from), (item) => idOf(item) ?? []);
    },
    tagsOf: ({ Tags }) => allTags(Tags),
    ...(tags?.madeAt && { madeAt: tags.madeAt }),
    operatorOf: ({ Operator }) => (Operator?.Managed ? (Operator.Principal ?? 'An AWS service') : undefined),
  });
  return {
    ...kind,
    ...(tags && { tags: ec2Tags(type, arn, idPrefix, kind.created, tags) }),
    // EC2's ids tell their type, whatever member holds them
    idsIn: (request) => stringsIn(request).filter((text) => text.startsWith(idPrefix)),
    targets: (record, place) =>
      isTagCall(record) ? ec2TaggedIds(record, idPrefix).map((one) => ({ type, id: one })) : kind.targets(record, place),
  };
}

/** The trigger on tag calls of EC2 for ids that begin with a prefix. */
function ec2TagCalls(prefix: string, ...eventNames: ('CreateTags' | 'DeleteTags')[]): Trigger {
  return {
    eventSource: EC2,
    eventNames,
    where: { requestParameters: { resourcesSet: { items: { resourceId: [{ prefix }] } } } },
  };
}

/** What differs between the tags of EC2's kinds: where they are written, and what they inherit. */
interface Ec2TagProps<Item> extends Pick<KindTags<Item>, 'reads' | 'fields' | 'fieldsAdvice' | 'parents' | 'madeAt' | 'madeBy'> {
  /** Terraform's name for the resource, such as `aws_ebs_snapshot`. */
  readonly terraform: string;
  /** The calls besides CreateTags that can bring tags; absent means the creating ones. */
  readonly written?: readonly Trigger[];
  /** The calls that bring one back with the tags that it had. */
  readonly returned?: readonly Trigger[];
  readonly references?: readonly string[];
  /** How code writes its tags, where that is not as for most. */
  readonly code?: Partial<TagCode>;
}

/** EC2's tag calls for one type of resource. */
function ec2Tags<Item>(type: string, arn: string, idPrefix: string, created: readonly Trigger[], props: Ec2TagProps<Item>): KindTags<Item> {
  const { terraform, written = created, returned = [], references = [], code, ...rest } = props;
  const resource = arn.replace('{id}', '*');
  // DeleteTags without keys would remove every tag
  const permission = (action: string): Permission => ({ action, resource, conditions: { Null: { 'aws:TagKeys': 'false' } } });
  return {
    ...rest,
    retagged: [ec2TagCalls(idPrefix, 'CreateTags', 'DeleteTags'), ...returned],
    written: [...written, ...returned, ec2TagCalls(idPrefix, 'CreateTags')],
    set: (id: string, tags: readonly Tag[]) => new CreateTagsCommand({ Resources: [id], Tags: [...tags] }),
    unset: (id: string, keys: readonly string[]) => new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }),
    permissions: { set: permission('ec2:CreateTags'), unset: permission('ec2:DeleteTags') },
    stacks,
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html', ...references],
    code: { cloudFormation: cloudFormationTags(type), terraform: terraformTags(terraform), ...code },
  };
}

function withId<Item>(item: Item, idOf: (item: Item) => string | undefined): [string, Item][] {
  const id = idOf(item);
  return id ? [[id, item]] : [];
}

function isList(created: Ec2KindProps<Operated, Page>['created']): created is readonly string[] {
  return Array.isArray(created);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
