import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  CreateVpcEncryptionControlCommand,
  DeleteVpcEncryptionControlCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEncryptionControlsCommand,
  EC2Client,
  GetVpcResourcesBlockingEncryptionEnforcementCommand,
  ModifyManagedPrefixListCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { at, listAt } from '../../local/json.ts';
import { World, type WorldOptions } from './world.ts';

class GroupsWorld extends World {
  readonly ec2 = new EC2Client(this.user);

  static async start(options: WorldOptions): Promise<GroupsWorld> {
    return new GroupsWorld(await World.make('network', options));
  }

  async rules(group: string): Promise<SecurityGroupRule[]> {
    const found = await this.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }));
    return (found.SecurityGroupRules ?? []).filter(({ IsEgress }) => !IsEgress);
  }
}

// the tests run in order
const control = 'security-group-admin-closed';
let world: GroupsWorld;
let group: string;
let first: Finding;

beforeAll(async () => {
  const config = { controls: { [control]: { mode: 'fix', settleSeconds: 0 }, 'security-group-owner-tag': { mode: 'off' } } } as const;
  world = await GroupsWorld.start({ config });
  const made = await world.ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web servers' }));
  group = made.GroupId ?? expect.fail('no group');
});
afterAll(() => world?.stop());

const sources = (rules: readonly SecurityGroupRule[]) => rules.map(({ FromPort, CidrIpv4 }) => `${FromPort} ${CidrIpv4}`).sort();
const opened = { Description: 'for the build', CidrIp: '0.0.0.0/0' };
const tag = { Key: 'team', Value: 'web' };

describe('three rules in one call, made by a client that knows nothing of Redress', () => {
  test('of which only the open login is revoked', async () => {
    const { SecurityGroupRules: added = [] } = await world.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [opened] },
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        ],
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [tag] }],
      }),
    );
    expect(sources(added)).toEqual(['22 0.0.0.0/0', '22 10.0.0.0/8', '443 0.0.0.0/0']);
    first = await world.finding(control, group, 'fixed');
    expect(sources(await world.rules(group))).toEqual(['22 10.0.0.0/8', '443 0.0.0.0/0']);
    expect(first).toMatchObject({ severity: 'medium', actor: { name: 'dana' }, changes: [{ api: 'ec2:RevokeSecurityGroupIngress' }] });
    const record = world.cloud.records().find(({ eventName }) => eventName === 'AuthorizeSecurityGroupIngress');
    expect(listAt(at(record, 'responseElements'), 'securityGroupRuleSet', 'items')).toHaveLength(3);
    expect(at(record, 'requestParameters')).toMatchObject({
      groupId: group,
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            groups: {},
            ipRanges: { items: [{ cidrIp: '0.0.0.0/0', description: 'for the build' }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
          {},
          {},
        ],
      },
    });
  });

  test('comes back with its description and tags when that is undone', async () => {
    expect((await world.redress('undo', first.id)).code).toBe(0);
    await world.finding(control, group, 'undone');
    const back = (await world.rules(group)).find(({ CidrIpv4, FromPort }) => FromPort === 22 && CidrIpv4 === '0.0.0.0/0');
    expect(back).toMatchObject({ Description: 'for the build', ToPort: 22, IpProtocol: 'tcp', Tags: [tag] });
  });
});

test('the short form of the command line is recorded as such, and closed too', async () => {
  const { GroupId = '' } = await world.ec2.send(new CreateSecurityGroupCommand({ GroupName: 'short', Description: 'short form' }));
  const flat = { GroupId, IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, CidrIp: '0.0.0.0/0' };
  await world.ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));
  await world.finding(control, GroupId, 'fixed');
  expect(await world.rules(GroupId)).toEqual([]);
  const record = world.cloud.records().findLast(({ eventName }) => eventName === 'AuthorizeSecurityGroupIngress');
  expect(at(record, 'requestParameters')).toMatchObject({ groupId: GroupId, ipPermissions: {}, ipProtocol: 'tcp', cidrIp: '0.0.0.0/0' });
});

test('a prefix list that comes to hold the world opens the group that names it, and a person is asked', async () => {
  const { PrefixList } = await world.ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      MaxEntries: 5,
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '203.0.113.0/24' }],
    }),
  );
  const list = PrefixList?.PrefixListId ?? expect.fail('no list');
  const { GroupId = '' } = await world.ec2.send(new CreateSecurityGroupCommand({ GroupName: 'listed', Description: 'by a list' }));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: list }] }];
  await world.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  await world.quiet();
  expect(world.told(control, GroupId)).toEqual([]);
  await world.ec2.send(
    new ModifyManagedPrefixListCommand({
      PrefixListId: list,
      PrefixListName: 'offices',
      CurrentVersion: 1,
      AddEntries: [{ Cidr: '0.0.0.0/0' }],
    }),
  );
  const found = await world.finding(control, GroupId, 'awaiting-approval');
  expect(found.says).toContain(`TCP 22 from ${list}`);
  const filter = { Name: 'ip-permission.prefix-list-id', Values: [list] };
  const { SecurityGroups = [] } = await world.ec2.send(new DescribeSecurityGroupsCommand({ Filters: [filter] }));
  expect(SecurityGroups.map((one) => one.GroupId)).toEqual([GroupId]);
});

test('a rule that is gone is an error by its id, as AWS has it', async () => {
  const gone = new RevokeSecurityGroupIngressCommand({ GroupId: group, SecurityGroupRuleIds: ['sgr-0123456789abcdef0'] });
  await expect(world.ec2.send(gone)).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' });
});

test('a VPC gets its owner, and an encryption control as AWS makes one', async () => {
  const { Vpc } = await world.ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? expect.fail('no VPC');
  const { VpcEncryptionControl: made } = await world.ec2.send(new CreateVpcEncryptionControlCommand({ VpcId }));
  expect(made).toMatchObject({ VpcId, Mode: 'monitor', State: 'creating' });
  const { VpcEncryptionControls } = await world.ec2.send(new DescribeVpcEncryptionControlsCommand({}));
  expect(VpcEncryptionControls).toMatchObject([{ VpcId, VpcEncryptionControlId: made?.VpcEncryptionControlId }]);
  const blocking = await world.ec2.send(new GetVpcResourcesBlockingEncryptionEnforcementCommand({ VpcId }));
  expect(blocking.NonCompliantResources).toEqual([]);
  await world.ec2.send(new DeleteVpcEncryptionControlCommand({ VpcEncryptionControlId: made?.VpcEncryptionControlId }));
  const record = world.cloud.records().findLast(({ eventName }) => eventName === 'DeleteVpcEncryptionControl');
  expect(record).toMatchObject({
    requestParameters: { DeleteVpcEncryptionControlRequest: { VpcEncryptionControlId: made?.VpcEncryptionControlId } },
    responseElements: { DeleteVpcEncryptionControlResponse: { vpcEncryptionControl: { vpcId: VpcId, state: 'deleting' } } },
  });
  await world.finding('vpc-owner-tag', VpcId, 'fixed');
});
