import { type HttpAnswer, jsonAnswer } from '../../http.ts';
import { at, isObject, type Json, listAt, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';

type Around = Parameters<Addition>[1];

const unknownGroup = { code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
const invalid = (message: string) => ({ code: 'InvalidParameterException', message });

/** Keys of log groups, which moto knows from their creation alone, and the ARNs that tags of theirs take. */
export function logGroups(): Additions {
  /** By Region and name; an empty text where a key was taken. */
  const keys = new Map<string, string>();
  const ofGroup = (change: (call: AwsCall, arn: string, around: Around) => Promise<HttpAnswer | string>): Addition => {
    return async (call, around) => {
      const name = nameIn(call);
      if (name === undefined) {
        const message = 'Either logGroupName or resourceIdentifier must be specified.';
        return errorAnswer(call, invalid(message), around.requestId);
      }
      const found = await around.moto.json('logs', 'DescribeLogGroups', { logGroupNamePrefix: name }, call.region);
      const group = listAt(found, 'logGroups').find((one) => stringAt(one, 'logGroupName') === name);
      if (group === undefined) return errorAnswer(call, unknownGroup, around.requestId);
      const key = await change(call, (stringAt(group, 'arn') ?? '').replace(/:\*$/, ''), around);
      if (typeof key !== 'string') return key;
      keys.set(`${call.region} ${name}`, key);
      return jsonAnswer({}, 200, 'application/x-amz-json-1.1');
    };
  };
  const forget: Addition = (call, { forward }) => {
    keys.delete(`${call.region} ${stringAt(call.json, 'logGroupName')}`);
    return forward(call);
  };
  return {
    'logs:AssociateKmsKey': ofGroup(async (call, arn, { moto, requestId }) => {
      const key = stringAt(call.json, 'kmsKeyId') ?? '';
      const refused = await refusalOf(key, arn, call, moto);
      return refused ? errorAnswer(call, refused, requestId) : key;
    }),
    'logs:DisassociateKmsKey': ofGroup(async () => ''),
    'logs:CreateLogGroup': forget,
    'logs:DeleteLogGroup': forget,
    async 'logs:DescribeLogGroups'(call, { forward }) {
      const answer = await forward(call);
      const body = parseJson(answer.body.toString('utf8'));
      if (answer.status >= 400 || !isObject(body)) return answer;
      const shown = listAt(body, 'logGroups').map((one) => withKey(one, keys.get(`${call.region} ${stringAt(one, 'logGroupName')}`)));
      return jsonAnswer({ ...body, logGroups: shown }, 200, 'application/x-amz-json-1.1');
    },
    'logs:TagResource': withoutStar,
    'logs:UntagResource': withoutStar,
    'logs:ListTagsForResource': withoutStar,
  };
}

/** The ARN that other permissions have, with `:*` at its end, is none of these calls'. */
const withoutStar: Addition = async (call, { forward, requestId }) => {
  if (!stringAt(call.json, 'resourceArn')?.endsWith(':*')) return forward(call);
  return errorAnswer(call, invalid('The resource ARN must not end with :*.'), requestId);
};

/** The log group that a call names, by one of two members. */
function nameIn({ json }: AwsCall): string | undefined {
  const [name, identifier] = [stringAt(json, 'logGroupName'), stringAt(json, 'resourceIdentifier')];
  if ((name === undefined) === (identifier === undefined)) return undefined;
  return name ?? /:log-group:([^:]+)$/.exec(identifier ?? '')?.[1];
}

function withKey(group: Json, key: string | undefined): Json {
  if (key === undefined || !isObject(group)) return group;
  const { kmsKeyId: _, ...rest } = group;
  return key === '' ? rest : { ...rest, kmsKeyId: key };
}

/**
 * Why CloudWatch Logs takes no key: it takes ARNs of keys that are enabled and whose policy names it.
 * https://github.com/hashicorp/terraform/issues/24194 and https://github.com/hashicorp/terraform-provider-aws/issues/29282
 */
async function refusalOf(key: string, arn: string, { region }: AwsCall, moto: MotoClient) {
  if (!key.startsWith(`arn:`)) return invalid(`Invalid KMS key ARN: ${key}`);
  const found = await moto.json('kms', 'DescribeKey', { KeyId: key }, region).catch(() => ({}));
  if (stringAt(found, 'KeyMetadata', 'KeyState') !== 'Enabled') return invalid(`The specified KMS Key Id could not be found.`);
  const answer = await moto.json('kms', 'GetKeyPolicy', { KeyId: key, PolicyName: 'default' }, region);
  const policy = parseJson(stringAt(answer, 'Policy') ?? '{}') ?? {};
  const service = `logs.${region}.amazonaws.com`;
  const isAllowed = listAt(policy, 'Statement').some(
    (one) =>
      stringAt(one, 'Effect') === 'Allow' &&
      textsAt(one, 'Principal', 'Service').includes(service) &&
      ['kms:*', 'kms:GenerateDataKey*'].some((action) => textsAt(one, 'Action').includes(action)) &&
      isOfContext(at(one, 'Condition'), arn),
  );
  const message = `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`;
  return isAllowed ? undefined : { code: 'AccessDeniedException', message };
}

/** Whether a condition on the encryption context names a log group; one on anything else is met. */
function isOfContext(condition: Json | undefined, arn: string): boolean {
  const wanted = Object.values(isObject(condition ?? null) ? Object(condition) : {}).flatMap((keys) =>
    textsAt(keys as Json, 'kms:EncryptionContext:aws:logs:arn'),
  );
  const like = (pattern: string) => new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(arn);
  return wanted.length === 0 || wanted.some(like);
}

function textsAt(value: Json, ...path: string[]): string[] {
  return [at(value, ...path) ?? []].flat().filter((one) => typeof one === 'string');
}
