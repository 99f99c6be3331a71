import {
  AuthorizeSecurityGroupIngressCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { authorized, authorizedFlat, listChanged, modified } from '../../../test/support/security-groups/events.ts';
import { managedCases } from '../../../test/support/security-groups/managed-cases.ts';
import { type Account, group, groupsWorld, networkInterface, rule } from '../../../test/support/security-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './security-group-admin-closed.ts';

const ssh = rule('sgr-1', 'tcp 22 0.0.0.0/0', { Description: 'for the build', Tags: [{ Key: 'team', Value: 'web' }] });
const ssh6 = rule('sgr-6', 'tcp 22 ::/0');
const https = rule('sgr-2', 'tcp 443 0.0.0.0/0');
const office = rule('sgr-3', 'tcp 22 10.0.0.0/8');
const world =
  (rules = [ssh, https, office], account: Account = {}) =>
  () =>
    groupsWorld({ groups: [group()], rules, ...account });
const revoke = (...ids: string[]) => new RevokeSecurityGroupIngressCommand({ GroupId: 'sg-1', SecurityGroupRuleIds: ids });
const stack = [
  { Key: 'aws:cloudformation:stack-name', Value: 'shop' },
  { Key: 'aws:cloudformation:stack-id', Value: 'arn:stack/shop' },
];
const ofStack = { groups: [group('sg-1', { Tags: stack })] };
const fixed = { status: 'fixed', says: /Now: The world cannot reach these ports/ } as const;
const asked = { sends: [], status: 'awaiting-approval' } as const;
const used = { interfaces: [networkInterface()] };
const narrowed = { replaceBy: ['10.0.0.0/8', 'fd00::/8'] };
const narrow = (more: object) =>
  new ModifySecurityGroupRulesCommand({
    GroupId: 'sg-1',
    SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...more } }],
  });
const again = (more: object = {}) =>
  new AuthorizeSecurityGroupIngressCommand({
    GroupId: 'sg-1',
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'for the build' }] }],
    TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'team', Value: 'web' }] }],
    ...more,
  });

testControl(control, {
  valid: [
    { name: 'HTTPS from the world', world: world([https]), event: authorized([https]) },
    { name: 'SSH from a private block', world: world([office]), event: authorized([office]) },
    { name: 'SSH from itself', world: world([rule('sgr-1', '-1 -1 sg-1')]), event: authorized([https]) },
    { name: 'an outbound rule to everywhere', world: world([rule('sgr-1', '-1 -1 0.0.0.0/0', { IsEgress: true })]), event: scheduled() },
    { name: 'a group that is gone', world: () => groupsWorld(), event: scheduled() },
    {
      name: 'a prefix list of offices',
      world: world([rule('sgr-1', 'tcp 22 pl-1')], { lists: { 'pl-1': ['203.0.113.0/24'] } }),
      event: scheduled(),
    },
    { name: 'a prefix list that no group names', world: world([https]), event: listChanged('pl-9') },
    { name: 'a port that the settings leave out', world: world([ssh]), event: authorized([ssh]), settings: { ports: ['3389'] } },
    {
      name: 'HTTPS of load balancers alone, where that is watched',
      world: world([https], { interfaces: [networkInterface({ RequesterManaged: true, Description: 'ELB app/web/1' })] }),
      event: authorized([https]),
      settings: { ports: ['443'] },
    },
  ],
  invalid: [
    {
      name: 'SSH from the world beside sound rules',
      world: world(),
      event: authorized([ssh, https, office]),
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    { name: 'SSH in the short form of the command line', world: world(), event: authorizedFlat(ssh), sends: [revoke('sgr-1')], ...fixed },
    { name: 'both families', world: world([ssh, ssh6]), event: authorized([ssh, ssh6]), sends: [revoke('sgr-1', 'sgr-6')], ...fixed },
    { name: 'a rule that was changed to the world', world: world(), event: modified(ssh), sends: [revoke('sgr-1')], ...fixed },
    {
      name: 'a group of the default VPC, named by its name in an old record',
      world: world(),
      event: authorized([ssh], { requestParameters: { groupName: 'name of sg-1' }, responseElements: { _return: true } }),
      ...asked,
      says: /did not see who made it/,
    },
    {
      name: 'one that uses a public address',
      world: world([ssh], { interfaces: [networkInterface({ Association: { PublicIp: '192.0.2.1' } })] }),
      event: authorized([ssh]),
      sends: [revoke('sgr-1')],
      status: 'fixed',
      says: /SSH \(22\) through sgr-1 \(TCP 22 from 0\.0\.0\.0\/0\)\. 1 network interface uses the group, 1 with a public address/,
    },
    {
      name: 'all traffic, where something uses the group',
      world: world([rule('sgr-1', '-1 -1 0.0.0.0/0')], used),
      event: authorized([rule('sgr-1', '-1 -1 0.0.0.0/0')]),
      ...asked,
      says: /opens other ports too/,
    },
    {
      name: 'all traffic, where nothing does',
      world: world([rule('sgr-1', '-1 -1 0.0.0.0/0')]),
      event: authorized([rule('sgr-1', '-1 -1 0.0.0.0/0')]),
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    {
      name: 'a protocol for which AWS opens all ports',
      world: world([rule('sgr-1', '50 -1 0.0.0.0/0')]),
      event: authorized([rule('sgr-1', '50 -1 0.0.0.0/0')]),
      ...asked,
      says: /a VPN may need it/,
    },
    {
      name: 'two blocks that add up',
      world: world([rule('sgr-1', 'tcp 22 2.0.0.0/8'), rule('sgr-2', 'tcp 22 3.0.0.0/8')]),
      event: authorized([rule('sgr-1', 'tcp 22 2.0.0.0/8'), rule('sgr-2', 'tcp 22 3.0.0.0/8')]),
      ...asked,
      says: /Only together are the rules open/,
      advice: /decide which of them/,
    },
    {
      name: 'a prefix list that came to hold the world',
      world: world([rule('sgr-1', 'tcp 22 pl-1')], { lists: { 'pl-1': ['203.0.113.0/24', '0.0.0.0/0'] } }),
      event: listChanged('pl-1'),
      ...asked,
      says: /TCP 22 from pl-1/,
      advice: /The prefix list pl-1 holds the world/,
    },
    {
      name: 'a prefix list that came to hold the world, once a person says yes',
      world: world([rule('sgr-1', 'tcp 22 pl-1')], { lists: { 'pl-1': ['0.0.0.0/0'] } }),
      event: listChanged('pl-1', 'RestoreManagedPrefixListVersion'),
      isApproved: true,
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    { name: 'one that the sweep finds', world: world(), event: scheduled(), ...asked, says: /did not see who made it/ },
    {
      name: 'a rule to be narrowed in place',
      world: world([ssh, https]),
      event: authorized([ssh]),
      settings: narrowed,
      sends: [narrow({ CidrIpv4: '10.0.0.0/8', Description: 'for the build' })],
      ...fixed,
    },
    {
      name: 'a rule of IPv6 to be narrowed to a block of IPv6',
      world: world([{ ...ssh6, SecurityGroupRuleId: 'sgr-1' }]),
      event: authorized([{ ...ssh6, SecurityGroupRuleId: 'sgr-1' }]),
      settings: narrowed,
      sends: [narrow({ CidrIpv6: 'fd00::/8' })],
      ...fixed,
    },
    {
      name: 'a rule to be narrowed to what is there already',
      world: world(),
      event: authorized([ssh]),
      settings: narrowed,
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    {
      name: 'a rule of IPv6 without a block of IPv6 to narrow it to',
      world: world([ssh6]),
      event: authorized([ssh6]),
      settings: { replaceBy: ['10.0.0.0/8'] },
      sends: [revoke('sgr-6')],
      ...fixed,
    },
    {
      name: 'a rule that a person added beside those of a stack',
      world: world(undefined, ofStack),
      event: authorized([ssh]),
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    {
      name: 'a rule that a person added through a stack of tags that claim Terraform',
      world: world(undefined, { groups: [group('sg-1', { Tags: [{ Key: 'ManagedBy', Value: 'terraform' }] })] }),
      event: authorized([ssh]),
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    {
      name: 'a rule whose caller says that it is Terraform',
      world: world(),
      event: authorized([ssh], byTerraform),
      ...asked,
      says: /claims to be managed by Terraform, so a person decides/,
      advice: /Terraform: narrow `cidr_ipv4`[\s\S]*name the role that it works with in `managedBy\.terraform`/,
    },
    {
      name: 'such a rule, where claims count for nothing',
      world: world(),
      event: authorized([ssh], byTerraform),
      managers: { claims: 'fix' },
      sends: [revoke('sgr-1')],
      ...fixed,
    },
    {
      name: 'a rule whose own tags claim a tool',
      world: world([{ ...ssh, Tags: [{ Key: 'ManagedBy', Value: 'terraform' }] }]),
      event: scheduled(),
      ...asked,
      says: /claims to be managed by Terraform/,
    },
  ],
  skipped: managedCases,
  undo: [
    { name: 'revoking a rule with its description and tags', world: world(), event: authorized([ssh]), sends: [again()] },
    {
      name: 'revoking a rule that a person added beside those of a stack',
      world: world(undefined, ofStack),
      event: authorized([ssh]),
      sends: [again()],
    },
    {
      name: 'revoking all traffic of IPv6',
      world: world([rule('sgr-1', '-1 -1 ::/0')]),
      event: authorized([rule('sgr-1', '-1 -1 ::/0')]),
      sends: [
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: 'sg-1',
          IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
        }),
      ],
    },
    {
      name: 'revoking a prefix list',
      world: world([rule('sgr-1', 'tcp 22 pl-1', { Description: 'offices' })], { lists: { 'pl-1': ['0.0.0.0/0'] } }),
      event: listChanged('pl-1'),
      isApproved: true,
      sends: [
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: 'sg-1',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: 'pl-1', Description: 'offices' }] },
          ],
        }),
      ],
    },
    {
      name: 'narrowing a rule, which keeps its id',
      world: world([ssh, https]),
      event: authorized([ssh]),
      settings: narrowed,
      sends: [narrow({ CidrIpv4: '0.0.0.0/0', Description: 'for the build' })],
    },
  ],
});
