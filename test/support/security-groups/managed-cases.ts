import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { byTerraform, roleSession, scheduled } from '../../fixtures/events.ts';
import { place } from '../harness.ts';
import type { SkippedCase } from '../tester.ts';
import { authorized, byService } from './events.ts';
import { type Account, group, groupsWorld, rule } from './world.ts';

const ssh = rule('sgr-1', 'tcp 22 0.0.0.0/0');
const world =
  (rules: readonly SecurityGroupRule[] = [ssh], account: Account = {}) =>
  () =>
    groupsWorld({ groups: [group()], rules, ...account });
const stack = [
  { Key: 'aws:cloudformation:stack-name', Value: 'shop' },
  { Key: 'aws:cloudformation:stack-id', Value: 'arn:stack/shop' },
];
const ofStack = { groups: [group('sg-1', { Tags: stack })] };
const byStack = byService('cloudformation.amazonaws.com');

/** Open rules that are left to what made them. */
export const managedCases: readonly SkippedCase[] = [
  {
    name: 'a rule of a CloudFormation stack',
    world: world(undefined, ofStack),
    event: authorized([ssh], byStack),
    says: /CloudFormation manages sgr-1, so it is left unchanged: fix it there/,
    advice: /CloudFormation: narrow `CidrIp`/,
  },
  {
    name: 'a rule that another stack made in a group of nobody',
    world: world(),
    event: authorized([ssh], byStack),
    says: /CloudFormation manages sgr-1/,
  },
  {
    name: 'a rule of a stack that the sweep finds',
    world: world(undefined, ofStack),
    event: scheduled(),
    says: /The CloudFormation stack shop manages sgr-1/,
  },
  {
    name: "a rule of Terraform's role, in a group of nobody",
    world: world(),
    event: authorized([ssh], { ...byTerraform, userIdentity: roleSession('deploy-web', 'ci') }),
    managers: { managedBy: { terraform: [`arn:aws:iam::${place.account}:role/deploy-*`] } },
    says: /Terraform manages sgr-1/,
    advice: /comes back with the next apply/,
  },
  {
    name: 'a rule that claims a tool, where claims are believed',
    world: world(),
    event: authorized([ssh], byTerraform),
    managers: { claims: 'skip' },
    says: /Terraform manages sgr-1/,
  },
  {
    name: 'a rule of a service that has no way of its own',
    world: world(),
    event: authorized([ssh], byService('rds.amazonaws.com')),
    says: /The service rds\.amazonaws\.com manages sgr-1/,
  },
  {
    name: 'a rule of Directory Service',
    world: world(),
    event: authorized([ssh], byService('ds.amazonaws.com')),
    says: /AWS Directory Service manages sgr-1/,
    advice: /AWS Directory Service: its controllers need the rules/,
  },
  {
    name: 'a rule of Firewall Manager',
    world: world(),
    event: authorized([ssh], byService('fms.amazonaws.com')),
    says: /AWS Firewall Manager manages sgr-1/,
  },
  {
    name: 'a prefix list that AWS does not show',
    world: world([rule('sgr-1', 'tcp 22 pl-gone')]),
    event: authorized([rule('sgr-1', 'tcp 22 pl-gone')]),
    says: /does not show Redress the entries of pl-gone/,
  },
];
