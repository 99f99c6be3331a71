import { DescribeOpsItemsCommand, GetOpsItemCommand, ListTagsForResourceCommand, type OpsItemFilter } from '@aws-sdk/client-ssm';
import { ifThere, oneByOne } from '#shared/aws/loaders.ts';
import { onePage, partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { allTags } from '#shared/control/tag.ts';

/** Every OpsItem, for permissions. */
export const anyOpsItem = 'arn:{partition}:ssm:{region}:{account}:opsitem/*';

/** AWS keeps those that are resolved for years: what event or sweep saw before is known. */
const unresolved = { Key: 'Status', Values: ['Open', 'InProgress'], Operator: 'Equal' } as const satisfies OpsItemFilter;

/** OpsItems: what people and services write down to be worked on. */
export const opsItems = kindOf({
  noun: 'ops-item',
  plural: 'OpsItems',
  type: 'AWS::SSM::OpsItem',
  eventSource: 'ssm.amazonaws.com',
  arn: 'arn:{partition}:ssm:{region}:{account}:opsitem/{id}',
  console: '/systems-manager/opsitems/{id}?region={region}',
  securityHub: 'Other',
  created: { CreateOpsItem: 'responseElements.opsItemId' },
  named: ['requestParameters.opsItemId'],
  members: ['OpsItemId', 'ResourceId'],
  unwatched: {
    'It ties an OpsItem to something else, and changes no text.': ['AssociateOpsItemRelatedItem', 'DisassociateOpsItemRelatedItem'],
    'It removes one, with its text.': ['DeleteOpsItem'],
    'It changes tags, and no text.': ['AddTagsToResource', 'RemoveTagsFromResource'],
  },
  // whoever sets a status need not have written the text
  isByMaker: ({ eventName }) => eventName === 'CreateOpsItem',
  reads: [
    { action: 'ssm:GetOpsItem', resource: anyOpsItem },
    { action: 'ssm:DescribeOpsItems' },
    { action: 'ssm:ListTagsForResource', resource: anyOpsItem },
  ],
  items: oneByOne(
    'OpsItems',
    (OpsItemId) => new GetOpsItemCommand({ OpsItemId }),
    ({ OpsItem }) => OpsItem,
  ),
  list: async (read, _place, from) =>
    partOf(
      await onePage(
        read,
        (token) => new DescribeOpsItemsCommand({ OpsItemFilters: [unresolved], MaxResults: 50, ...token }),
        ({ OpsItemSummaries }) => OpsItemSummaries,
        from,
      ),
      ({ OpsItemId }) => OpsItemId ?? [],
    ),
  tagsOf: async (_item, ResourceId, read) => {
    const answer = await ifThere(read(new ListTagsForResourceCommand({ ResourceType: 'OpsItem', ResourceId })));
    return allTags(answer?.TagList);
  },
});
