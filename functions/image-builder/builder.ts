import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-imagebuilder';
import { onePageBy, partOf } from '#shared/aws/pages.ts';
import type { IdPath } from '#shared/control/example.ts';
import { type Kind, type KindProps, type KindTags, kindOf } from '#shared/control/kind.ts';
import { stringAt } from '#shared/control/record.ts';
import { isTagCall, type Tag } from '#shared/control/tag.ts';
import type { AwsCommand, OutputOf, Part, Permission, Reader } from '#shared/control/types.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';

export const eventSource = 'imagebuilder.amazonaws.com';

/** Everything of Image Builder in the account, for permissions. */
const ofAccount = 'arn:{partition}:imagebuilder:{region}:{account}:*';

/** What of Image Builder's resources each has. */
interface Built {
  readonly tags?: { readonly [key: string]: string } | undefined;
  readonly dateCreated?: string | undefined;
}

/** What has to be said of one type of them; its ARN is its id. */
interface BuilderProps<Item> extends Pick<KindProps<Item>, 'noun' | 'plural' | 'type' | 'items' | 'list' | 'reads' | 'unwatched'> {
  /** What stands in its ARNs, such as `distribution-configuration`. */
  readonly resource: string;
  /** The calls that make one; all answer its ARN in the same member. */
  readonly made: readonly string[];
  /** The member of requests and answers that holds its ARN. */
  readonly member: string;
  /** The calls that write it, besides those that make one. */
  readonly written?: readonly string[];
  readonly fields: NonNullable<KindTags<Item>['fields']>;
  readonly fieldsAdvice?: string;
  /** What Terraform calls it, and the members of its code that hold text, as CloudFormation writes them. */
  readonly terraform: string;
  readonly texts: readonly string[];
}

/** A type of Image Builder's resources. */
export function builderKind<Item extends Built>(props: BuilderProps<Item>): Kind<Item> {
  const { resource, made, member, written = [], fields, fieldsAdvice, terraform, texts, ...rest } = props;
  const path: IdPath = `responseElements.${member}`;
  const any = anyOf(resource);
  const ofTag = { requestParameters: { resourceArn: [{ wildcard: `arn:*:imagebuilder:*:${resource}/*` }] } };
  return kindOf<Item>({
    ...rest,
    eventSource,
    arn: any.replace('*', '{id}'),
    // [U] AWS documents no page of one resource
    console: '/imagebuilder/home?region={region}',
    securityHub: 'Other',
    created: Object.fromEntries(made.map((name) => [name, path])),
    members: [member, 'resourceArn'],
    targets(record, { account }) {
      if (!isTagCall(record)) {
        const id = stringAt(record, ...path.split('.')) ?? stringAt(record, 'requestParameters', member);
        return id !== undefined && isOf(id, account) ? [{ type: rest.type, id }] : [];
      }
      const id = stringAt(record, 'requestParameters', 'resourceArn');
      return id?.includes(`:${account}:${resource}/`) ? [{ type: rest.type, id }] : [];
    },
    tagsOf: ({ tags }) => tagsIn(tags),
    tags: {
      retagged: [{ eventSource, eventNames: ['TagResource', 'UntagResource'], where: ofTag }],
      written: [
        { eventSource, eventNames: [...made, ...written] },
        { eventSource, eventNames: ['TagResource'], where: ofTag },
      ],
      fields,
      ...(fieldsAdvice && { fieldsAdvice }),
      madeAt: ({ dateCreated }) => (dateCreated && !Number.isNaN(Date.parse(dateCreated)) ? new Date(dateCreated) : undefined),
      set: (resourceArn, tags) =>
        new TagResourceCommand({ resourceArn, tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }),
      unset: (resourceArn, keys) => new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }),
      permissions: {
        // of every type: a role for each would be longer than IAM takes
        set: { action: 'imagebuilder:TagResource', resource: ofAccount, conditions: { Null: { 'aws:TagKeys': 'false' } } },
        // [U] whether IAM shows the keys of a removal is not certain, so that they may be absent; the API itself wants some
        unset: { action: 'imagebuilder:UntagResource', resource: ofAccount },
      },
      references: ['https://docs.aws.amazon.com/imagebuilder/latest/userguide/tag-resources.html'],
      code: {
        cloudFormation: {
          ...cloudFormationTags(rest.type, ...texts),
          tag: (key, value) => `\`Tags: { "${key}": ${value} }\` on the ${rest.type}`,
        },
        terraform: terraformTags(terraform, ...texts.map(snake)),
        cdk: { texts: texts.map((text) => `\`${text.charAt(0).toLowerCase()}${text.slice(1)}\``).join(', ') },
      },
    },
  });
}

/** Every resource of a type in the account, for permissions; recipes, components and images have more slashes behind. */
export function anyOf(resource: string): string {
  return `arn:{partition}:imagebuilder:{region}:{account}:${resource}/*`;
}

/** A permission to read; of every type of the account, for a statement of each would make the role longer than IAM takes. */
export function reading(action: string): Permission {
  return { action: `imagebuilder:${action}`, resource: ofAccount };
}

/** A part of one of Image Builder's lists, which show at most 25 a page. */
export async function pageOf<Output extends { readonly nextToken?: string | undefined }, Item>(
  read: Reader,
  command: (page: { readonly maxResults: number; readonly nextToken?: string }) => AwsCommand & OutputOf<Output>,
  itemsOf: (page: Output) => readonly Item[] | undefined,
  from: string | undefined,
): Promise<Part<Item>> {
  const page = (nextToken?: string) => command({ maxResults: 25, ...(nextToken && { nextToken }) });
  return await onePageBy(read, page, itemsOf, ({ nextToken }) => nextToken, from);
}

/** The ARNs in a part of a list. */
export function arnsIn(part: Part<{ readonly arn?: string | undefined }>): Part<string> {
  return partOf(part, ({ arn }) => arn ?? []);
}

/** Whether what a record names belongs to the account: AWS's own and what others share can be named too. */
export function isOf(id: string, account: string): boolean {
  return !id.startsWith('arn:') || id.split(':')[4] === account;
}

function tagsIn(tags: Built['tags']): Tag[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** A name of CloudFormation as Terraform writes it. */
function snake(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
