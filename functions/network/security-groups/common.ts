import * as v from 'valibot';
import type { Permission } from '#shared/control/types.ts';

const anyGroup = 'arn:{partition}:ec2:{region}:{account}:security-group/*';
const anyRule = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*';

/** A call on groups and on the rules in them. */
function onRules(action: string): Permission[] {
  return [
    { action, resource: anyGroup },
    { action, resource: anyRule },
  ];
}

/** What adds rules with their tags again. */
function adding(...actions: readonly string[]): Permission[] {
  const conditions = { StringEquals: { 'ec2:CreateAction': actions.map((action) => action.replace('ec2:', '')) } };
  return [...actions.flatMap(onRules), { action: 'ec2:CreateTags', resource: anyRule, conditions }];
}

/** What closes and opens inbound rules. */
export const inboundWrites: readonly Permission[] = [
  ...onRules('ec2:RevokeSecurityGroupIngress'),
  ...onRules('ec2:ModifySecurityGroupRules'),
  ...adding('ec2:AuthorizeSecurityGroupIngress'),
];

/** What empties a group and fills it again. */
export const emptyingWrites: readonly Permission[] = [
  ...onRules('ec2:RevokeSecurityGroupIngress'),
  ...onRules('ec2:RevokeSecurityGroupEgress'),
  ...adding('ec2:AuthorizeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupEgress'),
];

/** What these permissions amount to: an undo needs what opens a rule again, and IAM knows no key for its ports. */
export const CAN_OPEN =
  'Where it may write, the role can open every port of every security group of the account: an undo adds a rule again, and no condition key names its ports.';

/** Terraform and the console add, tag and change a rule within seconds. */
export const settleSeconds = v.pipe(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 10),
  v.description('How long a group must have been as it is before a fix, in seconds: tools add a rule, tag it and change it.'),
);

/** How code lets fewer addresses in. */
export const narrowing = {
  about: 'sources',
  cloudFormation: 'narrow `CidrIp` or `CidrIpv6` under `SecurityGroupIngress` of the group, or of the AWS::EC2::SecurityGroupIngress.',
  terraform:
    'narrow `cidr_ipv4` or `cidr_ipv6` of the aws_vpc_security_group_ingress_rule, or `cidr_blocks` and `ipv6_cidr_blocks` of the `ingress` of the aws_security_group. What an inline `ingress` says comes back with the next apply.',
  cdk: "in `addIngressRule`, write `Peer.ipv4('CIDR')` in the place of `Peer.anyIpv4()`, and `Peer.ipv6('CIDR')` in the place of `Peer.anyIpv6()`.",
} as const;

/** Why no policy refuses such rules: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const NO_KEY_FOR_RULES =
  'No condition key of EC2 tells the ports or the blocks of a rule, so no policy refuses only such. A security group policy of AWS Firewall Manager audits rules, and VPC block public access keeps the internet out of a whole VPC.';

/** AWS's pages on rules. */
export const rulePages = {
  rules: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  authorize: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html',
  revoke: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html',
  modify: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html',
  // established connections are not cut
  tracking: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html',
} as const;
