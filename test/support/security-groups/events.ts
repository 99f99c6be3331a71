import { randomUUID } from 'node:crypto';
import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { callEvent } from '../../fixtures/events.ts';
import { place } from '../harness.ts';

type Fields = { readonly [key: string]: unknown };

/** AuthorizeSecurityGroupIngress in the recorded shape: what was asked for, and the rules that AWS answers. */
export function authorized(rules: readonly SecurityGroupRule[], fields: Fields = {}, eventName = 'AuthorizeSecurityGroupIngress') {
  const groupId = rules[0]?.GroupId ?? 'sg-1';
  const permission = (rule: SecurityGroupRule) => ({
    ipProtocol: rule.IpProtocol,
    fromPort: rule.FromPort,
    toPort: rule.ToPort,
    groups: {},
    ipRanges: rule.CidrIpv4 ? { items: [{ cidrIp: rule.CidrIpv4 }] } : {},
    ipv6Ranges: rule.CidrIpv6 ? { items: [{ cidrIpv6: rule.CidrIpv6 }] } : {},
    prefixListIds: rule.PrefixListId ? { items: [{ prefixListId: rule.PrefixListId }] } : {},
  });
  return callEvent(eventName, {
    requestParameters: { groupId, ipPermissions: { items: rules.map(permission) } },
    responseElements: { requestId: randomUUID(), _return: true, securityGroupRuleSet: { items: rules.map(answered) } },
    ...fields,
  });
}

/** The same in the command line's short form, with ports as text, as one record has them. */
export function authorizedFlat(rule: SecurityGroupRule, fields: Fields = {}) {
  return authorized([rule], {
    requestParameters: {
      groupId: rule.GroupId,
      ipPermissions: {},
      ipProtocol: rule.IpProtocol,
      fromPort: String(rule.FromPort),
      toPort: String(rule.ToPort),
      cidrIp: rule.CidrIpv4,
    },
    ...fields,
  });
}

/** ModifySecurityGroupRules in EC2's wrapped style: a list of one is an object. */
export function modified(rule: SecurityGroupRule, fields: Fields = {}) {
  const { SecurityGroupRuleId, GroupId, CidrIpv4, CidrIpv6, PrefixListId, FromPort, ToPort, IpProtocol, Description } = rule;
  const wanted = { CidrIpv4, CidrIpv6, PrefixListId, FromPort, ToPort, IpProtocol, Description };
  return callEvent('ModifySecurityGroupRules', {
    requestParameters: {
      ModifySecurityGroupRulesRequest: {
        SecurityGroupRule: { SecurityGroupRuleId, tag: 1, SecurityGroupRule: JSON.parse(JSON.stringify(wanted)) },
        GroupId,
      },
    },
    responseElements: { ModifySecurityGroupRulesResponse: { requestId: randomUUID(), return: true } },
    ...fields,
  });
}

/** ModifyManagedPrefixList, inferred: EC2's wrapped style. */
export function listChanged(PrefixListId: string, eventName = 'ModifyManagedPrefixList') {
  return callEvent(eventName, {
    requestParameters: { [`${eventName}Request`]: { PrefixListId, CurrentVersion: 1, AddEntry: { Cidr: '0.0.0.0/0', tag: 1 } } },
    responseElements: { [`${eventName}Response`]: { requestId: randomUUID() } },
  });
}

/** CreateSecurityGroup in the recorded shape. */
export function created(groupId: string, groupDescription = 'a group') {
  return callEvent('CreateSecurityGroup', {
    requestParameters: { groupName: `name of ${groupId}`, groupDescription, vpcId: 'vpc-1' },
    responseElements: { requestId: randomUUID(), _return: true, groupId },
  });
}

/** CreateVpc in EC2's flat style. */
export function vpcMade(vpcId: string, fields: Fields = {}) {
  return callEvent('CreateVpc', {
    requestParameters: { cidrBlock: '10.0.0.0/16', instanceTenancy: 'default' },
    responseElements: { requestId: randomUUID(), vpc: { vpcId, state: 'pending', cidrBlock: '10.0.0.0/16' } },
    ...fields,
  });
}

/** A call that a service makes, as only AWS writes it. */
export function byService(host: string, role = 'service') {
  return {
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:x',
      arn: `arn:aws:sts::${place.account}:assumed-role/${role}/x`,
      accountId: place.account,
      sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${place.account}:role/${role}`, userName: role } },
      invokedBy: host,
    },
    sourceIPAddress: host,
    userAgent: host,
  };
}

function answered(rule: SecurityGroupRule) {
  return JSON.parse(
    JSON.stringify({
      groupOwnerId: place.account,
      groupId: rule.GroupId,
      securityGroupRuleId: rule.SecurityGroupRuleId,
      description: rule.Description,
      isEgress: rule.IsEgress,
      ipProtocol: rule.IpProtocol,
      fromPort: rule.FromPort,
      toPort: rule.ToPort,
      cidrIpv4: rule.CidrIpv4,
      cidrIpv6: rule.CidrIpv6,
      prefixListId: rule.PrefixListId,
    }),
  );
}
