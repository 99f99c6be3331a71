import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { Change } from '#shared/control/control.ts';
import { listAt, stringAt } from '#shared/control/record.ts';
import { Secret } from '#shared/control/secret.ts';
import { isSecret } from '#shared/detect/index.ts';
import { isOfAllPorts } from './reach.ts';

/** A rule as it is kept and made again. */
export type KeptRule = {
  /** Where the fix keeps the rule and changes its source. */
  readonly id?: string;
  readonly isEgress: boolean;
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  /** The one source or destination. */
  readonly cidrIpv4: string | null;
  readonly cidrIpv6: string | null;
  readonly prefixListId: string | null;
  readonly group: { readonly id: string; readonly owner: string | null } | null;
  /** Absent where it looks like a secret, which is kept nowhere. */
  readonly description: string | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

/** A rule as the ledger may keep it. */
export function keptRule(rule: SecurityGroupRule, keepsId = false): KeptRule {
  const { ReferencedGroupInfo: group, Description = '', Tags = [] } = rule;
  const tags = Tags.flatMap(({ Key = '', Value = '' }) =>
    Key === '' || /^aws:/i.test(Key) || isSecret(Key) || isSecret(Value) ? [] : [{ key: Key, value: Value }],
  );
  return {
    ...(keepsId && rule.SecurityGroupRuleId && { id: rule.SecurityGroupRuleId }),
    isEgress: rule.IsEgress ?? false,
    protocol: rule.IpProtocol ?? '-1',
    fromPort: rule.FromPort ?? null,
    toPort: rule.ToPort ?? null,
    cidrIpv4: rule.CidrIpv4 ?? null,
    cidrIpv6: rule.CidrIpv6 ?? null,
    prefixListId: rule.PrefixListId ?? null,
    group: group?.GroupId ? { id: group.GroupId, owner: group.UserId ?? null } : null,
    description: Description === '' || isSecret(Description) ? null : Description,
    tags: tags.toSorted((a, b) => a.key.localeCompare(b.key)),
  };
}

/** Revokes exactly these rules of a group; by their properties AWS would pass over what it does not find in a default VPC. */
export function revoke(GroupId: string, rules: readonly SecurityGroupRule[]): Change[] {
  return [false, true].flatMap((isEgress): Change[] => {
    const its = rules.filter((rule) => (rule.IsEgress ?? false) === isEgress);
    if (its.length === 0) return [];
    const input = { GroupId, SecurityGroupRuleIds: its.flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []) };
    const command = isEgress ? new RevokeSecurityGroupEgressCommand(input) : new RevokeSecurityGroupIngressCommand(input);
    return [{ command, says: `Revoke ${its.map(ruleText).join(', ')} of ${GroupId}. ${OPEN_CONNECTIONS}` }];
  });
}

/** Gives a rule another block, and leaves its id, ports, description and tags. */
export function narrow(GroupId: string, rule: SecurityGroupRule, block: string): Change {
  const { Description = '' } = rule;
  const description = isSecret(Description)
    ? new Secret(Description, `description of ${rule.SecurityGroupRuleId}`).reference()
    : Description;
  const command = modification(GroupId, rule.SecurityGroupRuleId ?? '', keptRule(rule), block, description);
  return { command, says: `Narrow ${ruleText(rule)} of ${GroupId} to ${block}; it keeps its id. ${OPEN_CONNECTIONS}` };
}

/** Puts a rule back as it was: the same where it is still there, and else one with another id. */
export function restore(GroupId: string, rule: KeptRule, now: readonly SecurityGroupRule[]): Change {
  const there = now.find(({ SecurityGroupRuleId }) => rule.id !== undefined && SecurityGroupRuleId === rule.id);
  if (there && rule.id !== undefined) {
    const block = rule.cidrIpv4 ?? rule.cidrIpv6 ?? '';
    const description = rule.description ?? there.Description ?? '';
    const kept = isSecret(description) ? new Secret(description, `description of ${rule.id}`).reference() : description;
    return {
      command: modification(GroupId, rule.id, rule, block, kept),
      says: `Give ${rule.id} of ${GroupId} its previous source ${block} again.`,
      step: `restore ${rule.id}`,
    };
  }
  const input = {
    GroupId,
    IpPermissions: [permissionOf(rule)],
    ...(rule.tags.length > 0 && {
      TagSpecifications: [
        { ResourceType: 'security-group-rule' as const, Tags: rule.tags.map(({ key, value }) => ({ Key: key, Value: value })) },
      ],
    }),
  };
  const command = rule.isEgress ? new AuthorizeSecurityGroupEgressCommand(input) : new AuthorizeSecurityGroupIngressCommand(input);
  // the id says that Redress made it, where a tool manages the group
  return { command, says: `Add the rule ${keptText(rule)} to ${GroupId} again, with another id.`, made: addedIn };
}

/** The ids of the rules that an answer shows as added. */
function addedIn(answer: unknown): string[] {
  return listAt(answer, 'SecurityGroupRules').flatMap((rule) => stringAt(rule, 'SecurityGroupRuleId') ?? []);
}

/** A rule as a sentence names it. */
export function ruleText(rule: SecurityGroupRule): string {
  return `${rule.SecurityGroupRuleId ?? 'a rule'} (${keptText(keptRule(rule))})`;
}

const OPEN_CONNECTIONS = 'Connections that are open stay open.';

function modification(GroupId: string, SecurityGroupRuleId: string, rule: KeptRule, block: string, Description: string) {
  return new ModifySecurityGroupRulesCommand({
    GroupId,
    SecurityGroupRules: [
      {
        SecurityGroupRuleId,
        SecurityGroupRule: {
          IpProtocol: rule.protocol,
          // of all protocols AWS shows -1
          FromPort: rule.fromPort ?? -1,
          ToPort: rule.toPort ?? -1,
          ...(block.includes(':') ? { CidrIpv6: block } : { CidrIpv4: block }),
          // [U] whether a change without it keeps the description is not documented
          ...(Description !== '' && { Description }),
        },
      },
    ],
  });
}

function permissionOf({ protocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId, group, description }: KeptRule): IpPermission {
  const Description = description === null ? {} : { Description: description };
  return {
    IpProtocol: protocol,
    ...(!isOfAllPorts({ protocol }) && fromPort !== null && toPort !== null && { FromPort: fromPort, ToPort: toPort }),
    ...(cidrIpv4 !== null && { IpRanges: [{ CidrIp: cidrIpv4, ...Description }] }),
    ...(cidrIpv6 !== null && { Ipv6Ranges: [{ CidrIpv6: cidrIpv6, ...Description }] }),
    ...(prefixListId !== null && { PrefixListIds: [{ PrefixListId: prefixListId, ...Description }] }),
    ...(group !== null && {
      UserIdGroupPairs: [{ GroupId: group.id, ...(group.owner !== null && { UserId: group.owner }), ...Description }],
    }),
  };
}

function keptText({ protocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId, group, isEgress }: KeptRule): string {
  const isRange = fromPort !== null && toPort !== null && fromPort >= 0 && fromPort !== toPort;
  const ports = fromPort === null || fromPort < 0 ? '' : isRange ? ` ${fromPort}-${toPort}` : ` ${fromPort}`;
  const what = protocol === '-1' ? 'all traffic' : `${/^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol.toUpperCase()}${ports}`;
  return `${what} ${isEgress ? 'to' : 'from'} ${cidrIpv4 ?? cidrIpv6 ?? prefixListId ?? group?.id ?? 'nowhere'}`;
}
