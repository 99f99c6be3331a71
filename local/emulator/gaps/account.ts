import { jsonAnswer } from '../../http.ts';
import { isObject, listAt, parseJson, stringAt } from '../../json.ts';
import { callerArn, principalId } from '../../trail/identity.ts';
import { queryAnswer } from '../ec2-xml.ts';
import type { Addition, Additions } from './addition.ts';

/**
 * A key that nothing is said of is symmetric, and moto shows none of that; it also makes the key of alias/aws/ebs as a customer's,
 * and controls tell the two apart.
 */
const asAwsShowsKeys: Addition = async (call, { forward }) => {
  const answer = await forward(call);
  const json = parseJson(answer.body.toString('utf8'));
  const metadata = isObject(json) ? json['KeyMetadata'] : undefined;
  if (!isObject(metadata)) return answer;
  const isOfAws = /^Default .* key that protects my /.test(stringAt(metadata, 'Description') ?? '');
  const [usage, spec] = [stringAt(metadata, 'KeyUsage') ?? 'ENCRYPT_DECRYPT', stringAt(metadata, 'KeySpec') ?? 'SYMMETRIC_DEFAULT'];
  const shown = { ...metadata, KeyUsage: usage, KeySpec: spec, ...(isOfAws && { KeyManager: 'AWS' }) };
  return jsonAnswer({ KeyMetadata: shown }, answer.status, 'application/x-amz-json-1.1');
};

/** The event history, who calls, and keys with their grants. */
export const accountAdditions: Additions = {
  async 'cloudtrail:LookupEvents'(call, { trail }) {
    return jsonAnswer(trail.lookup(call), 200, 'application/x-amz-json-1.1');
  },
  async 'sts:GetCallerIdentity'(call, { caller, requestId }) {
    const result = { Arn: callerArn(caller), UserId: principalId(caller), Account: call.account };
    return queryAnswer('https://sts.amazonaws.com/doc/2011-06-15/', call.action, result, requestId);
  },
  // moto shows all grants of a key, whoever is asked about
  async 'kms:ListGrants'(call, { forward }) {
    const answer = await forward(call);
    const [json, grantee] = [parseJson(answer.body.toString('utf8')), stringAt(call.json, 'GranteePrincipal')];
    if (grantee === undefined || !isObject(json)) return answer;
    const Grants = listAt(json, 'Grants').filter((one) => stringAt(one, 'GranteePrincipal') === grantee);
    return jsonAnswer({ ...json, Grants }, answer.status, 'application/x-amz-json-1.1');
  },
  'kms:CreateKey': asAwsShowsKeys,
  'kms:DescribeKey': asAwsShowsKeys,
};
