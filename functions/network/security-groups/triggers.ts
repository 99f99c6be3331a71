import type { Json, Trigger } from '#shared/control/types.ts';

/*
 * The calls after which a group may stand open. Each filter is on what AWS answers, where CIDRs are in their one form, and else on
 * the request. A pattern has no room for all: blocks of rare lengths, and those that are the world only together with others, begin no
 * look, and the sweep finds them.
 */

const eventSource = 'ec2.amazonaws.com';
const ofLength = (...lengths: readonly number[]): Json[] => lengths.map((length) => ({ suffix: `/${length}` }));
/** Blocks larger than a /8; of those of IPv6 that are larger than a /16 the likely ones: `2000::/3` is all that is routed. */
const world = { ipv4: ofLength(0, 1, 2, 3, 4, 5, 6, 7), ipv6: ofLength(0, 1, 3) };
const exists: Json[] = [{ exists: true }];
const missing: Json[] = [{ exists: false }];

/** What a call of this name lets in, by the rules that AWS answers; old records have none, and are looked at whatever they are about. */
function authorized(eventName: string): Trigger[] {
  const where = (rule: { readonly [member: string]: Json }): Trigger => ({
    eventSource,
    eventNames: [eventName],
    where: { responseElements: { securityGroupRuleSet: { items: rule } } },
  });
  return [
    where({ cidrIpv4: world.ipv4 }),
    where({ cidrIpv6: world.ipv6 }),
    where({ prefixListId: exists }),
    where({ securityGroupRuleId: missing }),
  ];
}

/** A change of rules answers none: what it asks for is compared as it was typed. */
const modified: Trigger[] = [{ CidrIpv4: ofLength(0, 1) }, { CidrIpv6: ofLength(0) }, { PrefixListId: exists }].map((rule) => ({
  eventSource,
  eventNames: ['ModifySecurityGroupRules'],
  where: { requestParameters: { ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRule: rule } } } },
}));
/** A list of prefixes is named by groups that were sound before it changed. */
const listed: Trigger = { eventSource, eventNames: ['ModifyManagedPrefixList', 'RestoreManagedPrefixListVersion'] };

/** After these calls the world may reach more. */
export const opened: readonly Trigger[] = [...authorized('AuthorizeSecurityGroupIngress'), ...modified, listed];

/** After these calls a group may reach more of the world; a new one reaches all of it. */
export const outbound: readonly Trigger[] = [
  { eventSource, eventNames: ['CreateSecurityGroup'] },
  ...authorized('AuthorizeSecurityGroupEgress'),
  ...modified,
];

/** The calls that make a VPC, and with it its default group. */
export const vpcMade: Trigger = { eventSource, eventNames: ['CreateVpc', 'CreateDefaultVpc'] };

/** Calls that can bring text into the description of a group or rule; what AWS answers shows whether they do. */
export const described: readonly Trigger[] = [
  { eventSource, eventNames: ['CreateSecurityGroup'] },
  {
    eventSource,
    eventNames: ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'],
    where: { responseElements: { securityGroupRuleSet: { items: { description: exists } } } },
  },
  {
    eventSource,
    eventNames: ['ModifySecurityGroupRules'],
    where: {
      requestParameters: { ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRule: { Description: exists } } } },
    },
  },
  { eventSource, eventNames: ['UpdateSecurityGroupRuleDescriptionsIngress', 'UpdateSecurityGroupRuleDescriptionsEgress'] },
];
