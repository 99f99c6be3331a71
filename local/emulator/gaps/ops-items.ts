import { randomBytes } from 'node:crypto';
import { partitionOf } from '#shared/aws/partition.ts';
import { at, isObject, type JsonObject, listAt, stringAt } from '../../json.ts';
import { callerArn } from '../../trail/identity.ts';
import type { AwsCall } from '../aws-call.ts';
import type { Additions } from './addition.ts';
import { Kept, ssmAnswer, ssmRefusal } from './ssm-kept.ts';

/** Keys that nobody writes: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateOpsItem.html */
const ofAws = /^\/?(amazon|aws|amzn|ssm)/i;
const allowed = ['/aws/resources', '/aws/automations', '/aws/dedup'];

/** OpsItems, which moto does not know. */
export function opsItems(now: () => number = Date.now): Additions {
  const kept = new Kept();
  const named = (call: AwsCall, member = 'OpsItemId') => kept.of(call).get(stringAt(call.json, member) ?? '');
  const missing = (call: AwsCall, requestId: string) =>
    ssmRefusal(call, 'OpsItemNotFoundException', "The specified OpsItem ID doesn't exist. Verify the ID and try again.", requestId);
  const invalid = (call: AwsCall, what: string, requestId: string) =>
    ssmRefusal(call, 'OpsItemInvalidParameterException', `${what} is not valid.`, requestId);
  const wrongKey = ({ json }: AwsCall) =>
    Object.keys(at(json, 'OperationalData') ?? {}).find((key) => ofAws.test(key) && !allowed.includes(key));

  return {
    async 'ssm:CreateOpsItem'(call, { requestId, caller }) {
      const lacks = ['Title', 'Description', 'Source'].find((name) => !stringAt(call.json, name)?.trim());
      const wrong = lacks ?? wrongKey(call);
      if (wrong !== undefined) return invalid(call, wrong, requestId);
      const OpsItemId = `oi-${randomBytes(6).toString('hex')}`;
      const OpsItemArn = `arn:${partitionOf(call.region)}:ssm:${call.region}:${call.account}:opsitem/${OpsItemId}`;
      const [time, by] = [now() / 1000, callerArn(caller)];
      const made = { CreatedBy: by, CreatedTime: time, LastModifiedBy: by, LastModifiedTime: time, Status: 'Open', Version: '1' };
      kept.of(call).set(OpsItemId, { ...call.json, ...made, OpsItemId, OpsItemArn });
      return ssmAnswer({ OpsItemId, OpsItemArn });
    },
    async 'ssm:UpdateOpsItem'(call, { requestId, caller }) {
      const before = named(call);
      if (!before) return missing(call, requestId);
      const wrong = ['Title', 'Description'].find((name) => stringAt(call.json, name)?.trim() === '') ?? wrongKey(call);
      if (wrong !== undefined) return invalid(call, wrong, requestId);
      const { OperationalData, OperationalDataToDelete: _, ...given } = call.json;
      const gone = listAt(call.json, 'OperationalDataToDelete');
      const data = { ...objectOf(before['OperationalData']), ...objectOf(OperationalData) };
      kept.of(call).set(stringAt(call.json, 'OpsItemId') ?? '', {
        ...before,
        ...given,
        OperationalData: Object.fromEntries(Object.entries(data).filter(([key]) => !gone.includes(key))),
        LastModifiedBy: callerArn(caller),
        LastModifiedTime: now() / 1000,
        Version: String(Number(before['Version']) + 1),
      });
      return ssmAnswer({});
    },
    async 'ssm:GetOpsItem'(call, { requestId }) {
      const found = named(call);
      return found ? ssmAnswer({ OpsItem: withoutTags(found) }) : missing(call, requestId);
    },
    async 'ssm:DescribeOpsItems'(call) {
      const wanted = listAt(call.json, 'OpsItemFilters').find((one) => stringAt(one, 'Key') === 'Status');
      const statuses = listAt(wanted, 'Values');
      const shown = [...kept.of(call).values()].filter(({ Status }) => statuses.length === 0 || statuses.includes(Status ?? ''));
      return ssmAnswer({ OpsItemSummaries: shown.map(withoutTags).map(({ Description: _, ...one }) => one) });
    },
    async 'ssm:DeleteOpsItem'(call) {
      // AWS answers so too where there is none
      kept.of(call).delete(stringAt(call.json, 'OpsItemId') ?? '');
      return ssmAnswer({});
    },
    // moto knows tags of other resources
    async 'ssm:ListTagsForResource'(call, { forward, requestId }) {
      if (stringAt(call.json, 'ResourceType') !== 'OpsItem') return await forward(call);
      const found = named(call, 'ResourceId');
      if (!found) return ssmRefusal(call, 'InvalidResourceId', 'The resource ID is not valid.', requestId);
      return ssmAnswer({ TagList: found['Tags'] ?? [] });
    },
  };
}

function withoutTags({ Tags: _, ...one }: JsonObject): JsonObject {
  return one;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
