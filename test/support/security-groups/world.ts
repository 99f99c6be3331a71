import type {
  AuthorizeSecurityGroupIngressCommandInput,
  Filter,
  IpPermission,
  ModifySecurityGroupRulesCommandInput,
  NetworkInterface,
  SecurityGroup,
  SecurityGroupRule,
  Tag,
} from '@aws-sdk/client-ec2';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { awsError, place, type World } from '../harness.ts';

/** What there is in the account. */
export interface Account {
  readonly groups?: readonly SecurityGroup[];
  readonly rules?: readonly SecurityGroupRule[];
  readonly interfaces?: readonly NetworkInterface[];
  /** The blocks of prefix lists, by id. */
  readonly lists?: { readonly [id: string]: readonly string[] };
  /** The tags of stacks, by id. */
  readonly stacks?: { readonly [id: string]: readonly Tag[] };
  /** Errors that a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
}

/** The same, as it stands, and every answer to a read of rules. */
export interface GroupsWorld extends World {
  readonly rules: SecurityGroupRule[];
  readonly lists: { [id: string]: readonly string[] };
  /** Adds rules as AWS does, and answers them. */
  authorize(input: AuthorizeSecurityGroupIngressCommandInput, isEgress?: boolean): SecurityGroupRule[];
}

/** An EC2 that remembers the rules of security groups. */
export function groupsWorld(account: Account = {}): GroupsWorld {
  const groups = structuredClone([...(account.groups ?? [])]);
  const rules = structuredClone([...(account.rules ?? [])]);
  const lists = { ...account.lists };
  let made = 0;
  const isLike = (one: SecurityGroupRule, other: SecurityGroupRule) => keyOf(one) === keyOf(other);
  const refuseTwice = (rule: SecurityGroupRule) => {
    if (rules.some((one) => one !== rule && isLike(one, rule)))
      throw awsError('InvalidPermission.Duplicate', 'the specified rule already exists');
  };
  const authorize = ({ GroupId, IpPermissions = [], TagSpecifications }: AuthorizeSecurityGroupIngressCommandInput, IsEgress = false) => {
    const Tags = TagSpecifications?.flatMap((one) => one.Tags ?? []) ?? [];
    const added = IpPermissions.flatMap(sourcesOf).map((one): SecurityGroupRule => {
      made += 1;
      return { SecurityGroupRuleId: `sgr-new${made}`, GroupId, IsEgress, ...one, Tags };
    });
    for (const rule of added) refuseTwice(rule);
    rules.push(...added);
    return structuredClone(added);
  };
  const revoke = (isEgress: boolean) => (input: { GroupId?: string; SecurityGroupRuleIds?: string[] }) => {
    for (const id of input.SecurityGroupRuleIds ?? []) {
      const at = rules.findIndex((one) => one.SecurityGroupRuleId === id && one.GroupId === input.GroupId && one.IsEgress === isEgress);
      if (at < 0) throw awsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
      rules.splice(at, 1);
    }
    return { Return: true };
  };
  const answers: Answers = {
    'ec2:DescribeSecurityGroups': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      SecurityGroups: groups.filter((group) => Filters.every((filter) => fits(group, filter, rules))),
    }),
    'ec2:DescribeSecurityGroupRules': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      SecurityGroupRules: rules.filter(({ GroupId = '' }) => Filters.every(({ Values = [] }) => Values.includes(GroupId))),
    }),
    'ec2:DescribeNetworkInterfaces': ({ Filters = [] }: { Filters?: Filter[] }) => ({
      NetworkInterfaces: (account.interfaces ?? []).filter(({ Groups = [] }) =>
        Filters.every(({ Values = [] }) => Groups.some(({ GroupId = '' }) => Values.includes(GroupId))),
      ),
    }),
    'ec2:GetManagedPrefixListEntries': ({ PrefixListId = '' }: { PrefixListId?: string }) => {
      const blocks = lists[PrefixListId];
      if (!blocks) throw awsError('InvalidPrefixListID.NotFound', `The prefix list ID '${PrefixListId}' does not exist`);
      return { Entries: blocks.map((Cidr) => ({ Cidr })) };
    },
    'ec2:RevokeSecurityGroupIngress': revoke(false),
    'ec2:RevokeSecurityGroupEgress': revoke(true),
    'ec2:AuthorizeSecurityGroupIngress': (input: AuthorizeSecurityGroupIngressCommandInput) => ({ SecurityGroupRules: authorize(input) }),
    'ec2:AuthorizeSecurityGroupEgress': (input: AuthorizeSecurityGroupIngressCommandInput) => ({
      SecurityGroupRules: authorize(input, true),
    }),
    'ec2:ModifySecurityGroupRules': ({ SecurityGroupRules = [] }: ModifySecurityGroupRulesCommandInput) => {
      for (const { SecurityGroupRuleId, SecurityGroupRule: wanted = {} } of SecurityGroupRules) {
        const rule = rules.find((one) => one.SecurityGroupRuleId === SecurityGroupRuleId);
        if (!rule)
          throw awsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${SecurityGroupRuleId}' does not exist`);
        const isOther = (['CidrIpv4', 'CidrIpv6', 'PrefixListId'] as const).some((key) => key in wanted !== (rule[key] !== undefined));
        if (isOther) throw awsError('InvalidParameterValue', `Invalid rule type for security group rule '${SecurityGroupRuleId}'`);
        refuseTwice({ ...rule, ...wanted, SecurityGroupRuleId });
        const { ReferencedGroupId: _none, ...changed } = wanted;
        Object.assign(rule, { Description: undefined, ...changed });
      }
      return { Return: true };
    },
    'cloudformation:DescribeStacks': ({ StackName = '' }: { StackName?: string }) => {
      const Tags = account.stacks?.[StackName];
      if (!Tags) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
      return { Stacks: [{ StackName, Tags }] };
    },
    'ec2:CreateTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const group of groups.filter(({ GroupId = '' }) => Resources.includes(GroupId)))
        group.Tags = [...(group.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ec2:DeleteTags': ({ Resources = [], Tags = [] }: { Resources: string[]; Tags: Tag[] }) => {
      for (const group of groups.filter(({ GroupId = '' }) => Resources.includes(GroupId)))
        group.Tags = (group.Tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    },
  };
  return {
    rules,
    lists,
    authorize,
    async send(command) {
      return answerTo(command, answers, account.refuses);
    },
  };
}

function keyOf({ SecurityGroupRuleId: _id, Description: _text, Tags: _tags, ...rule }: SecurityGroupRule): string {
  return JSON.stringify(
    Object.entries(rule)
      .filter(([, value]) => value !== undefined)
      .sort(),
  );
}

function sourcesOf({ IpProtocol, FromPort = -1, ToPort = -1, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: IpPermission) {
  const text = ({ Description }: { Description?: string | undefined }) => (Description === undefined ? {} : { Description });
  const ports = { IpProtocol, FromPort, ToPort };
  return [
    ...(IpRanges ?? []).map((one) => ({ ...ports, CidrIpv4: one.CidrIp, ...text(one) })),
    ...(Ipv6Ranges ?? []).map((one) => ({ ...ports, CidrIpv6: one.CidrIpv6, ...text(one) })),
    ...(PrefixListIds ?? []).map((one) => ({ ...ports, PrefixListId: one.PrefixListId, ...text(one) })),
    ...(UserIdGroupPairs ?? []).map((one) => ({
      ...ports,
      ReferencedGroupInfo: { GroupId: one.GroupId, UserId: one.UserId ?? place.account },
      ...text(one),
    })),
  ];
}

function fits(
  { GroupId = '', GroupName = '', VpcId = '' }: SecurityGroup,
  { Name, Values = [] }: Filter,
  rules: readonly SecurityGroupRule[],
) {
  if (Name === 'group-id') return Values.includes(GroupId);
  if (Name === 'group-name') return Values.includes(GroupName);
  if (Name === 'vpc-id') return Values.includes(VpcId);
  if (Name === 'ip-permission.prefix-list-id')
    return rules.some((rule) => rule.GroupId === GroupId && !rule.IsEgress && Values.includes(rule.PrefixListId ?? ''));
  throw new Error(`this world knows no filter ${Name}`);
}

/** A group of a VPC. */
export function group(GroupId = 'sg-1', more: SecurityGroup = {}): SecurityGroup {
  return { GroupId, GroupName: `name of ${GroupId}`, Description: 'a group', OwnerId: place.account, VpcId: 'vpc-1', Tags: [], ...more };
}

/** An inbound rule: `tcp 22 0.0.0.0/0`, or with a range, another family, a prefix list or a group. */
export function rule(SecurityGroupRuleId: string, text: string, more: SecurityGroupRule = {}): SecurityGroupRule {
  const [IpProtocol = '-1', ports = '', source = ''] = text.split(' ');
  const [, first = '-1', last = first] = /^(-?\d+)(?:-(\d+))?$/.exec(ports) ?? [];
  return {
    SecurityGroupRuleId,
    GroupId: 'sg-1',
    IsEgress: false,
    IpProtocol,
    FromPort: Number(first),
    ToPort: Number(last),
    ...(source.startsWith('pl-')
      ? { PrefixListId: source }
      : source.startsWith('sg-')
        ? { ReferencedGroupInfo: { GroupId: source, UserId: place.account } }
        : source.includes(':')
          ? { CidrIpv6: source }
          : { CidrIpv4: source }),
    Tags: [],
    ...more,
  };
}

/** A network interface with a group, perhaps with a public address. */
export function networkInterface(more: NetworkInterface = {}, groupId = 'sg-1'): NetworkInterface {
  return { NetworkInterfaceId: 'eni-1', InterfaceType: 'interface', Groups: [{ GroupId: groupId }], PrivateIpAddresses: [], ...more };
}
