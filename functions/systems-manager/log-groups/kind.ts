import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { partOf } from '#shared/aws/pages.ts';
import { arnOf, kindOf } from '#shared/control/kind.ts';
import { stringAt } from '#shared/control/record.ts';
import { allTags } from '#shared/control/tag.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { anyLogGroup, arnIn, groupReads, groupsByName, LOG_GROUP, LOG_GROUP_ARN, nameIn, pageOfGroups, tagsByArn } from './groups.ts';

const eventSource = 'logs.amazonaws.com';

/** Log groups of CloudWatch Logs. A log group's name is its id and shows in every finding, so it is not judged. */
export const logGroups = kindOf({
  noun: 'log-group',
  plural: 'CloudWatch log groups',
  type: LOG_GROUP,
  eventSource,
  arn: LOG_GROUP_ARN,
  console: '/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{id}',
  securityHub: 'Other',
  created: { CreateLogGroup: 'requestParameters.logGroupName' },
  members: ['logGroupName', 'logGroupNames[]'],
  unwatched: {
    'It changes how long a log group and its data live, and not how they are encrypted.': [
      'DeleteLogGroup',
      'PutLogGroupDeletionProtection',
    ],
  },
  // whoever changes its key need not have made it
  isByMaker: ({ eventName }) => !['AssociateKmsKey', 'DisassociateKmsKey'].includes(eventName),
  reads: groupReads,
  items: groupsByName,
  list: async (read, _place, from) => partOf(await pageOfGroups(read, from), ({ logGroupName }) => logGroupName ?? []),
  targets(record, place) {
    const paths = ['logGroupName', 'resourceIdentifier', 'resourceArn'];
    const text = paths.map((path) => stringAt(record, 'requestParameters', path)).find((found) => found !== undefined);
    const id = text === undefined ? undefined : nameIn(text, place);
    return id === undefined ? [] : [{ type: LOG_GROUP, id }];
  },
  async tagsOf(group, _id, read) {
    const arn = arnIn(group);
    const tags = (await read.many(tagsByArn, [arn])).get(arn) ?? {};
    return allTags(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
  },
  tags: {
    // the calls of log groups alone are AWS's older ones, and still there
    retagged: [{ eventSource, eventNames: ['TagResource', 'UntagResource', 'TagLogGroup', 'UntagLogGroup'] }],
    // the tags of a record are a map, whose keys no rule knows
    written: [{ eventSource, eventNames: ['CreateLogGroup', 'TagResource', 'TagLogGroup'] }],
    madeAt: ({ creationTime }) => (creationTime === undefined ? undefined : new Date(creationTime)),
    set: (name, tags, place) =>
      new TagResourceCommand({
        resourceArn: arnOf(LOG_GROUP_ARN, name, place),
        tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      }),
    unset: (name, keys, place) => new UntagResourceCommand({ resourceArn: arnOf(LOG_GROUP_ARN, name, place), tagKeys: [...keys] }),
    permissions: {
      set: { action: 'logs:TagResource', resource: anyLogGroup, conditions: { Null: { 'aws:TagKeys': 'false' } } },
      // [U] whether IAM shows the keys of a removal is not certain, so that they may be absent; the API itself wants some
      unset: { action: 'logs:UntagResource', resource: anyLogGroup },
    },
    references: [
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
      'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html',
    ],
    code: { cloudFormation: cloudFormationTags(LOG_GROUP), terraform: terraformTags('aws_cloudwatch_log_group') },
  },
});
