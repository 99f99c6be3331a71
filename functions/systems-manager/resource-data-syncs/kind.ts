import { ListResourceDataSyncCommand } from '@aws-sdk/client-ssm';
import { fromList } from '#shared/aws/loaders.ts';
import { onePage, pages, partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';

/** The other sort gathers data within Systems Manager, and has no bucket. */
const TO_BUCKET = 'SyncToDestination';
const list = (token: object) => new ListResourceDataSyncCommand({ SyncType: TO_BUCKET, MaxResults: 50, ...token });
const named = 'requestParameters.syncName';

/** Resource data syncs that copy the inventory of nodes to a bucket. */
export const resourceDataSyncs = kindOf({
  noun: 'resource-data-sync',
  plural: 'resource data syncs',
  type: 'AWS::SSM::ResourceDataSync',
  eventSource: 'ssm.amazonaws.com',
  arn: 'arn:{partition}:ssm:{region}:{account}:resource-data-sync/{id}',
  console: '/systems-manager/home?region={region}',
  securityHub: 'Other',
  created: { CreateResourceDataSync: named },
  members: ['SyncName'],
  unwatched: {
    'It changes only those that gather within Systems Manager.': ['UpdateResourceDataSync'],
    'It removes one, and nothing is copied any more.': ['DeleteResourceDataSync'],
    'A sync has no tags.': ['AddTagsToResource', 'RemoveTagsFromResource'],
  },
  reads: [{ action: 'ssm:ListResourceDataSync' }],
  items: fromList(
    'resource data syncs',
    (read) => pages(read, list, ({ ResourceDataSyncItems }) => ResourceDataSyncItems),
    ({ SyncName }) => SyncName,
  ),
  list: async (read, _place, from) =>
    partOf(await onePage(read, list, ({ ResourceDataSyncItems }) => ResourceDataSyncItems, from), ({ SyncName }) => SyncName ?? []),
});
