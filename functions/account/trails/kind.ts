import { DescribeTrailsCommand, ListTagsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { fromList } from '#shared/aws/loaders.ts';
import { kindOf } from '#shared/control/kind.ts';
import { type CloudTrailRecord, stringAt } from '#shared/control/record.ts';
import { allTags } from '#shared/control/tag.ts';
import type { Place, Reader } from '#shared/control/types.ts';

const TRAIL = 'AWS::CloudTrail::Trail';

/** The ARN of any trail of the account whose home this Region is; CloudTrail changes a trail nowhere else. */
export const anyTrail = 'arn:{partition}:cloudtrail:{region}:{account}:trail/*';

/** Trails whose home is this Region. Those of other Regions, and of the organization in a member account, only show here. */
export const trails = kindOf<Trail>({
  noun: 'trail',
  plural: 'CloudTrail trails',
  type: TRAIL,
  eventSource: 'cloudtrail.amazonaws.com',
  arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}',
  console: '/cloudtrailv2/home?region={region}#/trails',
  securityHub: 'AwsCloudTrailTrail',
  created: { CreateTrail: 'responseElements.name' },
  members: ['TrailName', 'Name'],
  unwatched: {
    'It starts what is looked for.': ['StartLogging'],
    'It says what is added to events, or what is unusual among them, and not which events there are.': [
      'PutEventConfiguration',
      'PutInsightSelectors',
    ],
    'Tags neither stop a trail nor choose its events.': ['AddTags', 'RemoveTags'],
  },
  // who stops or changes a trail need not have made it
  isByMaker: ({ eventName }) => eventName === 'CreateTrail',
  reads: [{ action: 'cloudtrail:DescribeTrails' }, { action: 'cloudtrail:ListTags' }],
  items: fromList('trails of this Region', homeTrails, ({ Name }) => Name),
  list: async (read) => ({ items: (await homeTrails(read)).flatMap(({ Name }) => Name ?? []) }),
  targets: (record, place) => {
    const id = nameIn(record, place);
    return id === undefined ? [] : [{ type: TRAIL, id }];
  },
  tagsOf: async ({ TrailARN }, _id, read) => {
    if (TrailARN === undefined) return [];
    const { ResourceTagList = [] } = await read(new ListTagsCommand({ ResourceIdList: [TrailARN] }));
    return allTags(ResourceTagList.flatMap(({ TagsList = [] }) => TagsList));
  },
});

/** The trails that Redress may change here: an account has at most five in a Region, which AWS shows at once. */
export async function homeTrails(read: Reader): Promise<readonly Trail[]> {
  const { trailList = [] } = await read(new DescribeTrailsCommand({ includeShadowTrails: false }));
  return trailList;
}

/** All trails that record something of this Region, wherever their home is, those of an organization too. */
export async function visibleTrails(read: Reader): Promise<readonly Trail[]> {
  const { trailList = [] } = await read(new DescribeTrailsCommand({ includeShadowTrails: true }));
  return trailList;
}

/** The trail that a record names by its name or ARN; undefined for one whose home is elsewhere, or that is another account's. */
function nameIn(record: CloudTrailRecord, { account, region }: Place): string | undefined {
  const { requestParameters: asked, responseElements: answered } = record;
  const text = stringAt(asked, 'name') ?? stringAt(asked, 'trailName') ?? stringAt(answered, 'trailARN') ?? stringAt(answered, 'name');
  const [, home, owner, name] = /^arn:[^:]*:cloudtrail:([^:]*):([^:]*):trail\/(.+)$/.exec(text ?? '') ?? [];
  if (name === undefined) return text;
  return home === region && owner === account ? name : undefined;
}
