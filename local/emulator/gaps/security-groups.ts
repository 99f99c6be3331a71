import type { HttpAnswer } from '../../http.ts';
import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { type AwsCall, withQuery } from '../aws-call.ts';
import { errorAnswer, readError } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';

const BY_LIST = 'ip-permission.prefix-list-id';

/** Security groups: moto answers the rules of the last permission only, has another code for a rule that is gone, and lacks a filter. */
export function securityGroups(): Additions {
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
      const rules = await rulesIn(moto, call.region);
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

const authorize: Addition = async (call, { forward, moto, requestId }) => {
  const before = new Set((await rulesIn(moto, call.region)).map(idOf));
  const answer = await forward(call);
  if (answer.status >= 400) return answer;
  const added = (await rulesIn(moto, call.region)).filter((rule) => !before.has(idOf(rule)));
  return ec2Answer(call.action, { return: 'true', securityGroupRuleSet: { item: added } }, requestId);
};

const revoke: Addition = async (call, { forward, requestId }): Promise<HttpAnswer> => {
  const answer = await forward(call);
  const ids = listAt(nest(call.query), 'SecurityGroupRuleId');
  if (ids.length === 0 || readError(answer)?.code !== 'InvalidPermission.NotFound') return answer;
  const message = `The security group rule ID '${String(ids[0])}' does not exist`;
  return errorAnswer(call, { code: 'InvalidSecurityGroupRuleId.NotFound', message }, requestId);
};

async function rulesIn(moto: MotoClient, region: string): Promise<JsonObject[]> {
  return listAt(await moto.readEc2('DescribeSecurityGroupRules', {}, region), 'securityGroupRuleSet', 'item').filter(isObject);
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
