import { partitionOf } from '#shared/aws/partition.ts';
import { type HttpAnswer, jsonAnswer } from '../../http.ts';
import { at, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Addition, Additions } from './addition.ts';

const usual = ['Enabled', 'Disabled'];
const deleting = ['PendingDeletion', 'PendingReplicaDeletion'];
/** In which states AWS takes a call: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const takes: { readonly [action: string]: readonly string[] } = {
  EnableKey: usual,
  DisableKey: usual,
  CancelKeyDeletion: deleting,
  ScheduleKeyDeletion: [...usual, 'PendingImport', 'Unavailable'],
};

/** The key of a call as moto has it. */
async function keyOf(call: AwsCall, forward: (call: AwsCall) => Promise<HttpAnswer>) {
  const headers = { ...call.request.headers, 'x-amz-target': 'TrentService.DescribeKey' };
  const body = Buffer.from(JSON.stringify({ KeyId: stringAt(call.json, 'KeyId') ?? '' }));
  const answer = await forward({ ...call, action: 'DescribeKey', request: { ...call.request, headers, body } });
  return { answer, key: at(parseJson(answer.body.toString('utf8')), 'KeyMetadata') };
}

/** Refuses a call in a state that AWS does not take it in; moto takes it in all. */
const inState: Addition = async (call, { forward, requestId }) => {
  const { key } = await keyOf(call, forward);
  const state = stringAt(key, 'KeyState');
  if (state === undefined || takes[call.action]?.includes(state)) return await forward(call);
  const is = deleting.includes(state) ? 'pending deletion' : state;
  return errorAnswer(call, { code: 'KMSInvalidStateException', message: `${stringAt(key, 'Arn')} is ${is}.` }, requestId);
};

/** What AWS refuses of keys and moto takes, and when a key was last used, which moto does not keep: never. */
export const keys: Additions = {
  ...Object.fromEntries(Object.keys(takes).map((action) => [`kms:${action}`, inState])),
  async 'kms:GetKeyLastUsage'(call, { forward }) {
    const { answer, key } = await keyOf(call, forward);
    if (answer.status >= 400) return answer;
    const arn = `arn:${partitionOf(call.region)}:kms:${call.region}:${call.account}:key/${stringAt(key, 'KeyId')}`;
    const made = at(key, 'CreationDate') ?? 0;
    return jsonAnswer({ KeyId: arn, KeyCreationDate: made, TrackingStartDate: made }, 200, 'application/x-amz-json-1.1');
  },
};
