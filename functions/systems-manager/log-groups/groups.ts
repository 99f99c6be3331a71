import { DescribeLogGroupsCommand, ListTagsForResourceCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { oneByOne } from '#shared/aws/loaders.ts';
import { onePageBy, pagesBy } from '#shared/aws/pages.ts';
import { arnOf } from '#shared/control/kind.ts';
import type { Loader, Part, Permission, Place, Reader } from '#shared/control/types.ts';

/** CloudFormation's name for what this kind judges. */
export const LOG_GROUP = 'AWS::Logs::LogGroup';

/** A log group's ARN as tags and encryption contexts have it: without the `:*` that AWS shows at its end. */
export const LOG_GROUP_ARN = 'arn:{partition}:logs:{region}:{account}:log-group:{id}';

/** Every log group of the account, for permissions. */
export const anyLogGroup = 'arn:{partition}:logs:{region}:{account}:log-group:*';

/** What a look at log groups takes. */
export const groupReads: readonly Permission[] = [
  { action: 'logs:DescribeLogGroups', resource: anyLogGroup },
  { action: 'logs:ListTagsForResource', resource: anyLogGroup },
];

const list = (input: { readonly logGroupNamePrefix?: string }, nextToken?: string) =>
  new DescribeLogGroupsCommand({ ...input, limit: 50, ...(nextToken && { nextToken }) });

/** One page of all log groups. */
export function pageOfGroups(read: Reader, from: string | undefined): Promise<Part<LogGroup>> {
  return onePageBy(
    read,
    (token) => list({}, token),
    ({ logGroups }) => logGroups,
    ({ nextToken }) => nextToken,
    from,
  );
}

/** Log groups by their names; AWS reads by the beginning of a name. */
export const groupsByName: Loader<LogGroup> = {
  name: 'log groups',
  max: 10,
  load: async (names, read) => {
    const found = names.map(async (name): Promise<[string, LogGroup][]> => {
      const begunSo = await pagesBy(
        read,
        (token) => list({ logGroupNamePrefix: name }, token),
        ({ logGroups }) => logGroups,
        ({ nextToken }) => nextToken,
      );
      const group = begunSo.find(({ logGroupName }) => logGroupName === name);
      return group ? [[name, group]] : [];
    });
    return new Map((await Promise.all(found)).flat());
  },
};

/** Tags of log groups, by ARN. */
export const tagsByArn = oneByOne(
  'tags of log groups',
  (resourceArn) => new ListTagsForResourceCommand({ resourceArn }),
  ({ tags }) => tags ?? {},
);

/** The ARN of a log group that AWS shows. */
export function arnIn({ logGroupArn, arn = '' }: LogGroup): string {
  return logGroupArn ?? arn.replace(/:\*$/, '');
}

/** The name that a record's text means, which may be an ARN; undefined for what is of another account or Region, or no log group. */
export function nameIn(text: string, place: Place): string | undefined {
  if (!text.startsWith('arn:')) return text;
  const before = arnOf(LOG_GROUP_ARN.replace('{id}', ''), '', place);
  return text.startsWith(before) ? text.slice(before.length).replace(/:\*$/, '') || undefined : undefined;
}
