import { DescribeSecurityGroupsCommand, type SecurityGroup } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { valuesAt } from '#shared/control/example.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { isTagCall } from '#shared/control/tag.ts';
import type { Reader, Target } from '#shared/control/types.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { groupsWhere, rulesByGroup } from './reads.ts';
import { described } from './triggers.ts';
import { unwatched } from './unwatched.ts';

const GROUP = 'AWS::EC2::SecurityGroup';
const VPC = 'AWS::EC2::VPC';
const LIST = 'AWS::EC2::PrefixList';
/** Not a type of AWS's: a group of the default VPC by its name, in messages only. */
const NAMED = 'AWS::EC2::SecurityGroup::Name';
const list = cloudFormationTags(GROUP, 'GroupDescription');
const map = terraformTags('aws_security_group', 'description');
const texts = ', `Description` of its rules';

/** Where records hold what a call is about, by type, the likeliest first. */
const named: readonly (readonly [type: string, ...paths: readonly string[]])[] = [
  [
    GROUP,
    'responseElements.groupId',
    'responseElements.securityGroupRuleSet[].groupId',
    'requestParameters.groupId',
    'requestParameters.ModifySecurityGroupRulesRequest.GroupId',
    // [U] no record of these is public, so both styles of EC2's records are read
    'requestParameters.UpdateSecurityGroupRuleDescriptionsIngressRequest.GroupId',
    'requestParameters.UpdateSecurityGroupRuleDescriptionsEgressRequest.GroupId',
  ],
  [NAMED, 'requestParameters.groupName'],
  [
    LIST,
    'requestParameters.ModifyManagedPrefixListRequest.PrefixListId',
    'requestParameters.RestoreManagedPrefixListVersionRequest.PrefixListId',
    'requestParameters.prefixListId',
  ],
  [
    VPC,
    'responseElements.vpc.vpcId',
    'responseElements.CreateVpcResponse.vpc.vpcId',
    'responseElements.CreateDefaultVpcResponse.vpc.vpcId',
  ],
];

/** The filter by which the groups behind each of the other types are found. */
const behind: { readonly [type: string]: (ids: readonly string[]) => { Name: string; Values: string[] }[] } = {
  [NAMED]: (ids) => [{ Name: 'group-name', Values: [...ids] }],
  [LIST]: (ids) => [{ Name: 'ip-permission.prefix-list-id', Values: [...ids] }],
  [VPC]: (ids) => [
    { Name: 'vpc-id', Values: [...ids] },
    { Name: 'group-name', Values: ['default'] },
  ],
};

/** EC2 security groups, with their rules. */
export const securityGroups = ec2Kind({
  noun: 'security-group',
  plural: 'EC2 security groups',
  name: 'SecurityGroup',
  idPrefix: 'sg-',
  filter: 'group-id',
  page: 'SecurityGroup:groupId={id}',
  securityHub: 'AwsEc2SecurityGroup',
  created: { CreateSecurityGroup: 'responseElements.groupId' },
  unwatched,
  // who adds rules to a group need not have made it
  isByMaker: (record) => record.eventName === 'CreateSecurityGroup' || isTagCall(record),
  describe: (input) => new DescribeSecurityGroupsCommand(input),
  itemsOf: ({ SecurityGroups }) => SecurityGroups,
  idOf: ({ GroupId }) => GroupId,
  targets,
  find: groupsBehind,
  tags: {
    terraform: 'aws_security_group',
    written: [...described],
    reads: [{ action: 'ec2:DescribeSecurityGroupRules' }],
    fields: textsOf,
    fieldsAdvice:
      'The description of a rule can be changed where its group is edited. That of a group cannot: make another group without it.',
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
    code: {
      cloudFormation: { ...list, texts: `${list.texts}${texts}` },
      terraform: { ...map, texts: `${map.texts}, or of \`description\` of its rules` },
      cdk: { texts: '`description` of the ec2.SecurityGroup, or of its `addIngressRule` and `addEgressRule`' },
    },
  },
});

function targets(record: CloudTrailRecord): readonly Target<never>[] {
  for (const [type, ...paths] of named) {
    const found = paths.map((path) => valuesAt(record, path)).find((ids) => ids.length > 0);
    if (found) return [...new Set(found)].map((id) => ({ type, id }));
  }
  return [];
}

/** The groups behind a name, a prefix list or a VPC; that nobody uses a list is an answer too. */
async function groupsBehind<Found extends Target>(found: readonly Found[], read: Reader): Promise<ReadonlyMap<string, readonly Found[]>> {
  const byType = [...Map.groupBy(found, ({ type }) => type)].flatMap(([type, its]) => {
    const filters = behind[type];
    return filters ? [{ type, its, filters }] : [];
  });
  const all = await Promise.all(
    byType.flatMap(({ type, its, filters }) =>
      its.map(async (target): Promise<[string, Found[]][]> => {
        const groups = await groupsWhere(filters([target.id]), read);
        if (groups.length === 0 && type !== LIST) return [];
        return [[target.id, groups.flatMap(({ GroupId }) => (GroupId ? { ...target, type: GROUP, id: GroupId } : []))]];
      }),
    ),
  );
  return new Map(all.flat());
}

async function textsOf({ Description = '' }: SecurityGroup, id: string, read: Reader): Promise<{ name: string; value: string }[]> {
  const rules = (await read.many(rulesByGroup, [id])).get(id) ?? [];
  const ofRules = rules.flatMap((rule) =>
    rule.Description ? [{ name: `description of ${rule.SecurityGroupRuleId ?? 'a rule'}`, value: rule.Description }] : [],
  );
  return [{ name: 'description of the group', value: Description }, ...ofRules];
}
