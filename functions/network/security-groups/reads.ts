import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type Filter,
  GetManagedPrefixListEntriesCommand,
  type NetworkInterface,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { ifThere } from '#shared/aws/loaders.ts';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Permission, Reader } from '#shared/control/types.ts';

/** The rules of groups in both directions, by group id; a group without rules has none. */
export const rulesByGroup: Loader<readonly SecurityGroupRule[]> = {
  name: 'rules by security group',
  max: 200,
  load: async (ids, read) => {
    const command = (token: object) =>
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [...ids] }], MaxResults: 1000, ...token });
    const rules = await pages(read, command, ({ SecurityGroupRules }) => SecurityGroupRules);
    return Map.groupBy(rules, ({ GroupId }) => GroupId ?? '');
  },
};

/** The network interfaces that groups are attached to, by group id. */
export const interfacesByGroup: Loader<readonly NetworkInterface[]> = {
  name: 'network interfaces by security group',
  max: 200,
  load: async (ids, read) => {
    const command = (token: object) =>
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [...ids] }], MaxResults: 1000, ...token });
    const found = await pages(read, command, ({ NetworkInterfaces }) => NetworkInterfaces);
    const isOf = ({ Groups = [] }: NetworkInterface, id: string) => Groups.some(({ GroupId }) => GroupId === id);
    return new Map(ids.map((id) => [id, found.filter((one) => isOf(one, id))]));
  },
};

/** The blocks of prefix lists, by id; one that AWS does not show here is absent: whoever shared it may have stopped. */
export const blocksByList: Loader<readonly string[]> = {
  name: 'blocks by prefix list',
  // one call each, and a throttled one fails those beside it
  max: 10,
  load: async (ids, read) => {
    const command = (PrefixListId: string) => (token: object) =>
      new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 100, ...token });
    const found = ids.map(async (id): Promise<[string, readonly string[]][]> => {
      const entries = await ifThere(pages(read, command(id), ({ Entries }) => Entries));
      return entries ? [[id, entries.flatMap(({ Cidr }) => Cidr ?? [])]] : [];
    });
    return new Map((await Promise.all(found)).flat());
  },
};

/** What each control of rules reads. */
export const ruleReads: readonly Permission[] = [
  { action: 'ec2:DescribeSecurityGroupRules' },
  { action: 'ec2:DescribeNetworkInterfaces' },
  { action: 'ec2:GetManagedPrefixListEntries' },
];

/** Groups by a filter that takes one kind of value. */
export async function groupsWhere(filters: readonly Filter[], read: Reader): Promise<SecurityGroup[]> {
  return await pages(
    read,
    (token) => new DescribeSecurityGroupsCommand({ Filters: [...filters], ...token }),
    ({ SecurityGroups }) => SecurityGroups,
  );
}
