import type { HttpAnswer } from '../../http.ts';
import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { type AwsCall, withQuery } from '../aws-call.ts';
import { errorAnswer, readError } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';

const BY_LIST = 'ip-permission.prefix-list-id';

/**
 * Security groups: moto answers the rules of the last permission only, asks for ports of protocols that have none, has another code for a
 * rule that is gone, and lacks a filter.
 */
export function securityGroups(): Additions {
  const authorize = authorizing();
  return {
    'ec2:AuthorizeSecurityGroupIngress': authorize,
    'ec2:AuthorizeSecurityGroupEgress': authorize,
    'ec2:RevokeSecurityGroupIngress': revoke,
    'ec2:RevokeSecurityGroupEgress': revoke,
    async 'ec2:DescribeSecurityGroups'(call, { forward, moto, requestId }) {
      const filters = listAt(nest(call.query), 'Filter');
      const wanted = filters.filter((one) => stringAt(one, 'Name') === BY_LIST).flatMap((one) => listAt(one, 'Value'));
      if (wanted.length === 0) return forward(call);
      const answer = await forward(withoutFilter(call, filters));
      const rules = await rulesIn(moto, { region: call.region, query: new Map() });
      const naming = rules.filter(
        (rule) => wanted.includes(stringAt(rule, 'prefixListId') ?? '') && stringAt(rule, 'isEgress') === 'false',
      );
      const ids = new Set(naming.map((rule) => stringAt(rule, 'groupId')));
      const items = listAt(parseAnswer(answer.body), 'securityGroupInfo', 'item').filter((one) => ids.has(stringAt(one, 'groupId')));
      return ec2Answer(call.action, { securityGroupInfo: items.length > 0 ? { item: items } : '' }, requestId);
    },
    async 'ec2:GetManagedPrefixListEntries'(call, { forward, requestId }) {
      const answer = await forward(call);
      const message = `The prefix list ID '${call.query.get('PrefixListId') ?? ''}' does not exist`;
      return answer.status < 500 ? answer : errorAnswer(call, { code: 'InvalidPrefixListID.NotFound', message }, requestId);
    },
  };
}

/** Rules that are new in a group are those of a call only where no other call adds some meanwhile: one at a time is let through. */
function authorizing(): Addition {
  let last: Promise<unknown> = Promise.resolve();
  return (call, around) => {
    const answer = last.then(() => authorize(call, around));
    last = answer.catch(() => undefined);
    return answer;
  };
}

const authorize: Addition = async (call, { forward, moto, requestId }) => {
  const before = new Set((await rulesIn(moto, call)).map(idOf));
  const answer = await forward(withPorts(call));
  if (answer.status >= 400) return answer;
  const added = (await rulesIn(moto, call)).filter((rule) => !before.has(idOf(rule)));
  return ec2Answer(call.action, { return: 'true', securityGroupRuleSet: { item: added } }, requestId);
};

// TCP, UDP, ICMP and ICMPv6 have ports, by name or number; for all protocols at once moto asks for none
const asksItself = ['tcp', '6', 'udp', '17', 'icmp', '1', 'icmpv6', '58', '-1'];

/** A call with the -1 that AWS shows for the ports of a protocol that has none. */
function withPorts(call: AwsCall): AwsCall {
  const { IpPermissions, ...single } = nest(call.query);
  const all: [string, Json][] =
    IpPermissions === undefined ? [['', single]] : listAt(IpPermissions).map((one, n) => [`IpPermissions.${n + 1}.`, one]);
  const lacking = all.filter(
    ([, one]) => !asksItself.includes(stringAt(one, 'IpProtocol') ?? '-1') && stringAt(one, 'FromPort') === undefined,
  );
  const ports = lacking.flatMap(([at]) => ['FromPort', 'ToPort'].map((name): [string, string] => [`${at}${name}`, '-1']));
  return ports.length === 0 ? call : withQuery(call, Object.fromEntries(ports));
}

const revoke: Addition = async (call, { forward, requestId }): Promise<HttpAnswer> => {
  const answer = await forward(call);
  const ids = listAt(nest(call.query), 'SecurityGroupRuleId');
  if (ids.length === 0 || readError(answer)?.code !== 'InvalidPermission.NotFound') return answer;
  const message = `The security group rule ID '${String(ids[0])}' does not exist`;
  return errorAnswer(call, { code: 'InvalidSecurityGroupRuleId.NotFound', message }, requestId);
};

/** The rules of the group that a call names by its id, or of all groups. */
async function rulesIn(moto: MotoClient, { region, query }: Pick<AwsCall, 'region' | 'query'>): Promise<JsonObject[]> {
  const id = query.get('GroupId');
  const asked = id === undefined ? {} : { 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': id };
  return listAt(await moto.readEc2('DescribeSecurityGroupRules', asked, region), 'securityGroupRuleSet', 'item').filter(isObject);
}

function idOf(rule: Json): string | undefined {
  return stringAt(rule, 'securityGroupRuleId');
}

/** The call without the filter that moto does not know; the others move up. */
function withoutFilter(call: AwsCall, filters: readonly Json[]): AwsCall {
  const old = [...call.query.keys()].filter((name) => name.startsWith('Filter.')).map((name): [string, undefined] => [name, undefined]);
  const others = filters.filter((one) => stringAt(one, 'Name') !== BY_LIST);
  const kept = others.flatMap((one, n): [string, string][] => [
    [`Filter.${n + 1}.Name`, stringAt(one, 'Name') ?? ''],
    ...listAt(one, 'Value').map((value, at): [string, string] => [`Filter.${n + 1}.Value.${at + 1}`, String(value)]),
  ]);
  return withQuery(call, Object.fromEntries<string | undefined>([...old, ...kept]));
}
