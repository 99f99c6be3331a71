import type { SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { inSentence, type Manager, managerOf, proving } from '#shared/control/manager.ts';
import { type Attachment, attachmentOf, attachmentText } from './attachment.ts';
import { type KeptRule, keptRule, restore, revoke, ruleText } from './changes.ts';
import { CAN_OPEN, emptyingWrites, rulePages, settleSeconds } from './common.ts';
import { securityGroups } from './kind.ts';
import { interfacesByGroup, rulesByGroup } from './reads.ts';
import { vpcMade } from './triggers.ts';

interface Facts {
  readonly group: SecurityGroup;
  readonly rules: readonly SecurityGroupRule[];
  readonly attachment: Attachment;
  readonly manager: Manager | undefined;
}

const iac = {
  about: 'sources',
  cloudFormation: 'no type of CloudFormation changes the default group of a VPC: give each resource a group of its own.',
  terraform: 'have an aws_default_security_group without `ingress` and `egress` for the VPC.',
  cdk: 'set `restrictDefaultSecurityGroup: true` on the ec2.Vpc.',
} as const;

export default defineControl(securityGroups, {
  id: 'default-security-group-empty',
  title: 'Default security groups have no rules',
  why: 'What is launched without a group of its own gets the default one. All that has it may talk to each other on every port.',
  remediation:
    'Revokes all rules of the default group. Asks first where something uses the group, or where it has rules besides those of AWS.',
  severity: 'medium',
  amountsTo: CAN_OPEN,
  defaultMode: 'approve',
  triggers: [vpcMade],
  permissions: {
    reads: [{ action: 'ec2:DescribeSecurityGroupRules' }, { action: 'ec2:DescribeNetworkInterfaces' }],
    writes: emptyingWrites,
  },
  settings: { settleSeconds },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html', rulePages.revoke, rulePages.tracking],
  iac,
  prevention: { none: 'AWS makes the default group with its rules for each VPC, and no policy keeps it from that.' },
  // AWS makes the group, whatever makes the VPC: what adopts it says so by tags
  fixesManaged: true,

  async inspectOne(group, read, context, { id }): Promise<Facts> {
    const isDefault = group.GroupName === 'default';
    const rules = isDefault ? ((await read.many(rulesByGroup, [id])).get(id) ?? []) : [];
    const interfaces = rules.length > 0 ? ((await read.many(interfacesByGroup, [id])).get(id) ?? []) : [];
    return { group, rules, attachment: attachmentOf(interfaces, []), manager: managerOf(group.Tags, undefined, context) };
  },

  judge({ group, rules, attachment, manager }, { claims = 'ask' }): Verdict {
    if (group.GroupName !== 'default') return { is: 'compliant', says: 'It is not the default group of a VPC.' };
    if (rules.length === 0) return { is: 'compliant', says: 'The default group has no rules.' };
    if (manager && (manager.isProven || claims === 'skip')) {
      return {
        is: 'skip',
        says: `${manager.name} manages the default group, so it is left unchanged: fix it there.`,
        advice: manager.fix(iac),
      };
    }
    return {
      is: 'violation',
      says: `The default group of ${group.VpcId ?? 'a VPC'} has ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}. ${usedBy(attachment)}`,
      risk: rules
        .map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)
        .sort()
        .join(' '),
      advice: [
        ...(manager ? proving(manager) : []),
        ...(attachment.count > 0 ? ['Give each of these interfaces a group of its own first.'] : []),
      ],
    };
  },

  plan(facts, { settings, claims = 'ask' }): Plan {
    const { group, rules, attachment, manager } = facts;
    if (!group.GroupId || group.GroupName !== 'default' || rules.length === 0) return { changes: [] };
    const others = rules.filter((rule) => !isOfAws(rule, group));
    const approval =
      (manager && claims === 'ask' && `It claims to be managed by ${inSentence(manager)}, so a person decides.`) ||
      (attachment.count > 0 && `What uses the group could no longer be reached. ${usedBy(attachment)}`) ||
      (others.length > 0 && `Somebody added rules: ${others.map(ruleText).join(', ')}.`);
    return { changes: revoke(group.GroupId, rules), settleSeconds: settings.settleSeconds, ...(approval && { needsApproval: approval }) };
  },

  before: (facts) => keptRules(facts),
  undo(before: readonly KeptRule[], { group, rules }): Plan {
    const now = rules.map((rule) => JSON.stringify(keptRule(rule)));
    const gone = before.filter((rule) => !now.includes(JSON.stringify(rule)));
    return { changes: gone.map((rule) => restore(group.GroupId ?? '', rule, rules)) };
  },
});

function keptRules({ rules }: Facts): readonly KeptRule[] {
  return rules.map((rule) => keptRule(rule)).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** The two or three rules with which AWS makes a default group: everything from itself, and to everywhere. */
function isOfAws(
  { IsEgress, IpProtocol, CidrIpv4, CidrIpv6, ReferencedGroupInfo, Description }: SecurityGroupRule,
  { GroupId }: SecurityGroup,
): boolean {
  if (IpProtocol !== '-1' || Description) return false;
  return IsEgress ? CidrIpv4 === '0.0.0.0/0' || CidrIpv6 === '::/0' : ReferencedGroupInfo?.GroupId === GroupId;
}

function usedBy({ count }: Attachment): string {
  return attachmentText({ count, public: 0, isOfLoadBalancers: false }).replace(', none with a public address', '');
}
