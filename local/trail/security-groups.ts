import type { AwsCall } from '../emulator/aws-call.ts';
import { at, compact, isObject, type Json, type JsonObject, listAt } from '../json.ts';
import type { Exchange } from './resources.ts';
import { flat, lowerFirst, nest } from './styles.ts';

// A flat record writes each list of a permission, also an empty one.
const lists = { Groups: 'groups', IpRanges: 'ipRanges', Ipv6Ranges: 'ipv6Ranges', PrefixListIds: 'prefixListIds' } as const;

/** What a record says of rules that are added or revoked: with permissions, in the short form, or by their ids. */
function rulesRequest({ query }: AwsCall): Json {
  const { IpPermissions, SecurityGroupRuleId, TagSpecification: _tags, ...others } = nest(query);
  const ids = listAt(SecurityGroupRuleId);
  const items = listAt(IpPermissions).map((one) => {
    const { Groups, IpRanges, Ipv6Ranges, PrefixListIds, ...rest } = isObject(one) ? one : {};
    const ranges = Object.entries({ Groups, IpRanges, Ipv6Ranges, PrefixListIds }).map(([name, list]): [string, Json] => [
      lists[name as keyof typeof lists],
      list === undefined ? {} : { items: listAt(list).map(lowerFirst) },
    ]);
    return { ...(flat(lowerFirst(rest)) as JsonObject), ...Object.fromEntries(ranges) };
  });
  return {
    ...(flat(lowerFirst(others)) as JsonObject),
    ...(ids.length > 0
      ? { securityGroupRuleIds: { items: ids.map((securityGroupRuleId) => ({ securityGroupRuleId })) } }
      : { ipPermissions: items.length > 0 ? { items } : {} }),
  };
}

function rulesResponse({ answer, requestId }: Exchange): Json {
  const items = listAt(answer, 'securityGroupRuleSet', 'item').map((one) => {
    const { tagSet: _tags, ...rule } = isObject(one) ? one : {};
    return flat(rule);
  });
  return { requestId, _return: true, ...(items.length > 0 && { securityGroupRuleSet: { items } }) };
}

/** Records of security groups and their rules, as EC2's flat style has them. */
export const securityGroupShapes = {
  'ec2:AuthorizeSecurityGroupIngress': { request: rulesRequest, response: rulesResponse },
  'ec2:AuthorizeSecurityGroupEgress': { request: rulesRequest, response: rulesResponse },
  'ec2:RevokeSecurityGroupIngress': { request: rulesRequest, response: ({ requestId }: Exchange): Json => ({ requestId, _return: true }) },
  'ec2:RevokeSecurityGroupEgress': { request: rulesRequest, response: ({ requestId }: Exchange): Json => ({ requestId, _return: true }) },
  'ec2:CreateSecurityGroup': {
    request: ({ query }: AwsCall): Json => {
      const { TagSpecification: _tags, ...others } = nest(query);
      return flat(lowerFirst(others));
    },
    response: ({ answer, requestId }: Exchange): Json => ({
      requestId,
      _return: true,
      ...compact({ groupId: at(answer, 'groupId'), tagSet: at(flat(answer), 'tagSet') }),
    }),
  },
  'ec2:CreateVpc': {
    request: ({ query }: AwsCall): Json => flat(lowerFirst(nest(query))),
    response: ({ answer, requestId }: Exchange): Json => ({ ...(flat(answer) as JsonObject), requestId }),
  },
} as const;
