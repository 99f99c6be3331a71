import { jsonAnswer } from '../../http.ts';
import { isObject, parseJson, stringAt } from '../../json.ts';
import { account, callerArn, principalId } from '../../trail/identity.ts';
import { queryAnswer } from '../ec2-xml.ts';
import type { Additions } from './addition.ts';

/** The event history, who calls, and the owner of the key that moto makes for EBS. */
export const accountAdditions: Additions = {
  async 'cloudtrail:LookupEvents'(call, { trail }) {
    return jsonAnswer(trail.lookup(call), 200, 'application/x-amz-json-1.1');
  },
  async 'sts:GetCallerIdentity'(call, { caller, requestId }) {
    const result = { Arn: callerArn(caller), UserId: principalId(caller), Account: account };
    return queryAnswer('https://sts.amazonaws.com/doc/2011-06-15/', call.action, result, requestId);
  },
  // moto makes the key of alias/aws/ebs as a customer's; controls tell the two apart.
  async 'kms:DescribeKey'(call, { forward }) {
    const answer = await forward(call);
    const json = parseJson(answer.body.toString('utf8'));
    const metadata = isObject(json) ? json['KeyMetadata'] : undefined;
    if (!isObject(metadata) || !/^Default .* key that protects my /.test(stringAt(metadata, 'Description') ?? '')) return answer;
    return jsonAnswer({ KeyMetadata: { ...metadata, KeyManager: 'AWS' } }, answer.status, 'application/x-amz-json-1.1');
  },
};
