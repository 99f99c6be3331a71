import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { ruleText } from './changes.ts';
import { openingOf } from './closing.ts';
import { NO_KEY_FOR_RULES, rulePages } from './common.ts';
import { securityGroups } from './kind.ts';
import { listOfPorts, portsOfSetting, portsText } from './ports.ts';
import { opensMore, openToWorld } from './reach.ts';
import { blocksByList, rulesByGroup } from './reads.ts';
import { outbound } from './triggers.ts';

/** Every port there is: a rule that reaches none of them over the world carries neither TCP nor UDP there. */
const EVERY = (['tcp', 'udp'] as const).map((protocol) => ({ protocol, from: 0, to: 65_535 }));

export default defineControl(securityGroups, {
  id: 'security-group-egress-encrypted',
  title: 'Security groups let only encrypted protocols out to the world',
  why: 'What leaves over a plaintext protocol can be read on its way, and a stolen secret leaves by any open port.',
  remediation: 'Reports only; changes nothing.',
  severity: 'medium',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: outbound,
  permissions: { reads: [{ action: 'ec2:DescribeSecurityGroupRules' }, { action: 'ec2:GetManagedPrefixListEntries' }] },
  settings: {
    ports: listOfPorts(
      'The ports of encrypted protocols, the only ones that may be reached in the world, such as `443`, `443/udp` or `587`. As long as there is none, the control finds nothing.',
    ),
  },
  isIdle: ({ ports }) => ports.length === 0,
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html', rulePages.rules],
  iac: {
    about: 'sources',
    cloudFormation: 'list only such ports under `SecurityGroupEgress` of the group: without it AWS lets everything out.',
    terraform: 'have an aws_vpc_security_group_egress_rule for each such port, or an `egress` of the aws_security_group.',
    cdk: 'set `allowAllOutbound: false` on the ec2.SecurityGroup, and call `addEgressRule` for each such port.',
  },
  prevention: { none: NO_KEY_FOR_RULES },

  async inspectOne(_group, read, { settings }, { id }) {
    const rules = ((await read.many(rulesByGroup, [id])).get(id) ?? []).filter(({ IsEgress }) => IsEgress);
    const lists = [...new Set(rules.flatMap(({ PrefixListId }) => PrefixListId ?? []))];
    const blocks = lists.length > 0 ? await read.many(blocksByList, lists) : new Map<string, readonly string[]>();
    const openings = rules.map((rule) => openingOf(rule, blocks));
    const allowed = portsOfSetting(settings.ports);
    const open = new Set(openToWorld(openings, EVERY).map((hit) => hit.id));
    const wide = openings.filter((one) => open.has(one.id) && opensMore(one, allowed)).map((one) => one.id);
    return { rules: rules.filter(({ SecurityGroupRuleId = '' }) => wide.includes(SecurityGroupRuleId)), allowed };
  },

  judge({ rules, allowed }): Verdict {
    if (allowed.length === 0 || rules.length === 0) return { is: 'compliant', says: 'Only the allowed ports can be reached in the world.' };
    return {
      is: 'violation',
      says: `It lets more than ${portsText(allowed)} out to the world: ${rules.map(ruleText).join(', ')}.`,
      risk: idsOf(rules).join(' '),
      advice: ['Add rules for what is needed, look in the flow logs of the VPC for what else goes out, and revoke these rules.'],
    };
  },

  before: ({ rules }) => ({ rules: idsOf(rules) }),
});

function idsOf(rules: readonly SecurityGroupRule[]): string[] {
  return rules.flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []).sort();
}
