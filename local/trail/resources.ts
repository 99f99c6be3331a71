import type { AwsCall } from '../emulator/aws-call.ts';
import { type JsonObject, listAt, stringAt } from '../json.ts';

/** A call and its answer, parsed: XML into strings, JSON as it is. */
export interface Exchange {
  readonly call: AwsCall;
  readonly answer: JsonObject;
  readonly requestId: string;
}

/** The parameters that a call names, by their ARNs without a version or label. */
export function parameters({ call: { account, json, region } }: Exchange): JsonObject[] {
  const bare = [stringAt(json, 'Name') ?? [], ...listAt(json, 'Names')]
    .flat()
    .map((name) => String(name).replace(/^arn:[^/]*\/|^\/|:[^:/]*$/g, ''));
  return bare.map((name) => ({ accountId: account, ARN: `arn:aws:ssm:${region}:${account}:parameter/${name}` }));
}

/** The key that a call names or made. */
export function kmsKey({ call, answer }: Exchange): JsonObject[] {
  const id = stringAt(answer, 'KeyMetadata', 'KeyId') ?? stringAt(call.json, 'KeyId') ?? '';
  const arn = id.startsWith('arn:') ? id : `arn:aws:kms:${call.region}:${call.account}:key/${id}`;
  return [{ accountId: call.account, type: 'AWS::KMS::Key', ARN: arn }];
}
