import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { scheduled } from '../../../test/fixtures/events.ts';
import { place } from '../../../test/support/harness.ts';
import { byService, vpcMade } from '../../../test/support/security-groups/events.ts';
import { type Account, group, groupsWorld, networkInterface, rule } from '../../../test/support/security-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './default-security-group-empty.ts';

const itself = rule('sgr-1', '-1 -1 sg-1');
const out = rule('sgr-2', '-1 -1 0.0.0.0/0', { IsEgress: true });
const standard = [itself, out];
const byDefault = (more = {}) => group('sg-1', { GroupName: 'default', ...more });
const world =
  (rules: readonly SecurityGroupRule[] = standard, account: Account = {}) =>
  () =>
    groupsWorld({ groups: [byDefault()], rules, ...account });
const empty = [
  new RevokeSecurityGroupIngressCommand({ GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] }),
  new RevokeSecurityGroupEgressCommand({ GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-2'] }),
];
const asked = { sends: [], status: 'awaiting-approval' } as const;
const tagged = (Key: string, Value: string) => ({ groups: [byDefault({ Tags: [{ Key, Value }] })] });
const filled = [
  new AuthorizeSecurityGroupIngressCommand({
    GroupId: 'sg-1',
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1', UserId: place.account }] }],
  }),
  new AuthorizeSecurityGroupEgressCommand({ GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }),
];

testControl(control, {
  valid: [
    { name: 'an empty default group', world: world([]), event: vpcMade('vpc-1') },
    { name: 'another group', world: () => groupsWorld({ groups: [group()], rules: standard }), event: scheduled() },
  ],
  invalid: [
    {
      name: 'the group of a new VPC',
      world: world(),
      event: vpcMade('vpc-1'),
      sends: empty,
      status: 'fixed',
      says: /The default group of vpc-1 has 2 rules\. No network interface uses the group\. Now: The default group has no rules/,
    },
    {
      name: 'the group of a VPC that a stack made, which the stack does not know',
      world: world(),
      event: vpcMade('vpc-1', byService('cloudformation.amazonaws.com')),
      sends: empty,
      status: 'fixed',
      says: /Now: The default group has no rules/,
    },
    {
      name: 'a group that something uses',
      world: world(standard, { interfaces: [networkInterface()] }),
      event: scheduled(),
      ...asked,
      says: /could no longer be reached\. 1 network interface uses the group\./,
      advice: /a group of its own first/,
    },
    {
      name: 'a group to which somebody added a rule',
      world: world([itself, rule('sgr-3', 'tcp 443 0.0.0.0/0')]),
      event: scheduled(),
      ...asked,
      says: /Somebody added rules: sgr-3 \(TCP 443 from 0\.0\.0\.0\/0\)/,
    },
    {
      name: 'a group with a single rule',
      world: world([out]),
      event: scheduled(),
      sends: empty.slice(1),
      status: 'fixed',
      says: /has 1 rule\./,
    },
    {
      name: 'a group whose tags claim Terraform',
      world: world(standard, tagged('ManagedBy', 'terraform')),
      event: scheduled(),
      ...asked,
      says: /claims to be managed by Terraform, so a person decides/,
    },
    {
      name: 'such a group, where claims count for nothing',
      world: world(standard, tagged('ManagedBy', 'terraform')),
      event: scheduled(),
      managers: { claims: 'fix' },
      sends: empty,
      status: 'fixed',
      says: /Now: The default group has no rules/,
    },
  ],
  skipped: [
    {
      name: 'a group that claims a tool, where claims are believed',
      world: world(standard, tagged('ManagedBy', 'terraform')),
      event: scheduled(),
      managers: { claims: 'skip' },
      says: /Terraform manages the default group/,
      advice: /aws_default_security_group/,
    },
    {
      name: 'a group that a service tags as its own',
      world: world(standard, tagged('aws:eks:cluster-name', 'shop')),
      event: scheduled(),
      says: /Amazon EKS manages the default group/,
    },
  ],
  undo: [
    { name: 'emptying a group', world: world(), event: vpcMade('vpc-1'), sends: filled },
    {
      name: 'emptying a group whose rule has tags',
      world: world([{ ...itself, Tags: [{ Key: 'team', Value: 'web' }] }]),
      event: vpcMade('vpc-1'),
      sends: [
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: 'sg-1',
          IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1', UserId: place.account }] }],
          TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'team', Value: 'web' }] }],
        }),
      ],
    },
  ],
});
