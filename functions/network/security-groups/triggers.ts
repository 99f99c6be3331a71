import type { Json, Trigger } from '#shared/control/types.ts';

/*
 * The calls after which a group may stand open. Each filter is on what AWS answers, where CIDRs are in their one form, and else on
 * the request. Blocks that are the world only together with others begin no look: the sweep finds them.
 */

const eventSource = 'ec2.amazonaws.com';
const suffixes = (most: number): Json[] => Array.from({ length: most + 1 }, (_, n) => ({ suffix: `/${n}` }));
/** Blocks larger than a /8, and of IPv6 than a /16. */
const world = { ipv4: suffixes(7), ipv6: suffixes(15) };
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
const modified: Trigger[] = [{ CidrIpv4: world.ipv4 }, { CidrIpv6: world.ipv6 }, { PrefixListId: exists }].map((rule) => ({
  eventSource,
  eventNames: ['ModifySecurityGroupRules'],
  where: { requestParameters: { ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRule: rule } } } },
}));
const modifiedOtherwise: Trigger = {
  eventSource,
  eventNames: ['ModifySecurityGroupRules'],
  where: { requestParameters: { ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRuleId: missing } } } },
};

/** A list of prefixes is named by groups that were sound before it changed. */
const listed: Trigger = { eventSource, eventNames: ['ModifyManagedPrefixList', 'RestoreManagedPrefixListVersion'] };

/** After these calls the world may reach more. */
export const opened: readonly Trigger[] = [...authorized('AuthorizeSecurityGroupIngress'), ...modified, modifiedOtherwise, listed];

/** After these calls a group may reach more of the world; a new one reaches all of it. */
export const outbound: readonly Trigger[] = [
  { eventSource, eventNames: ['CreateSecurityGroup'] },
  ...authorized('AuthorizeSecurityGroupEgress'),
  ...modified,
  modifiedOtherwise,
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
