import { describe, expect, test } from 'vitest';
import { place } from '../../test/support/harness.ts';
import { type Access, accessOf, actionsOf, OPERATIONS, type Operation } from './key-policy.ts';

const root = `arn:aws:iam::${place.account}:root`;
const slr = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const caller = `arn:aws:iam::${place.account}:role/karpenter`;
const key = `arn:aws:kms:${place.region}:${place.account}:key/k1`;
const uses = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Principal: { AWS: slr }, Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ ...allow(Action, more), Effect: 'Deny' });
const forAws = { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } };
/** As AWS writes the policy of `aws/ebs`. */
const likeAwsOwn = {
  Principal: { AWS: '*' },
  Condition: { StringEquals: { 'kms:CallerAccount': place.account, 'kms:ViaService': `ec2.${place.region}.amazonaws.com` } },
};
const everything = [...uses, 'kms:CreateGrant'];
const all = [...OPERATIONS];
const pairs: Operation[] = ['ReEncryptFrom', 'ReEncryptTo'];

function access(statements: unknown, grants: object[] = [], user = { arn: slr, hasOwnPolicies: false }): Access {
  return accessOf(JSON.stringify({ Version: '2012-10-17', Statement: statements }), grants, key, user, place);
}
const none: Access = { missing: [], denied: [], byIam: [], unsure: [], on: [] };

describe("what a service-linked role may do by a key's policy", () => {
  test.each<[string, Partial<Access>, ...unknown[]]>([
    ["AWS's two statements", {}, allow(uses), allow('kms:CreateGrant', forAws)],
    ['everything', {}, allow('kms:*')],
    ['everything, in another case', {}, allow('KMS:*')],
    ['nothing, of no statement', { missing: all }],
    ["nothing, by the account's own policies, which it has none of", { missing: all }, allow('kms:*', { Principal: { AWS: root } })],
    ['nothing, where another role is named', { missing: all }, allow('kms:*', { Principal: { AWS: `${slr}_blue` } })],
    ['nothing, where a service is named', { missing: all }, allow('kms:*', { Principal: { Service: 'autoscaling.amazonaws.com' } })],
    ['all that everybody may', {}, allow('kms:*', { Principal: '*' })],
    // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html: the policy of AWS's own key has both conditions
    ["what AWS's own key allows", {}, allow(everything, likeAwsOwn)],
    [
      'nothing through EC2 of another Region',
      { missing: all },
      allow(everything, { Condition: { StringEquals: { 'kms:ViaService': 'ec2.us-east-1.amazonaws.com' } } }),
    ],
    [
      'nothing for callers of another account',
      { missing: all },
      allow(everything, { Condition: { StringEquals: { 'kms:CallerAccount': '444455556666' } } }),
    ],
    // aws-secure-environment-accelerator#685
    [
      'two of them, with the others missing',
      { missing: all.filter((one) => one !== 'GenerateDataKeyWithoutPlaintext' && one !== 'CreateGrant') },
      allow(['kms:GenerateDataKeyWithoutPlaintext', 'kms:CreateGrant']),
    ],
    ['no re-encryption', { missing: pairs }, allow(everything.filter((one) => one !== 'kms:ReEncrypt*'))],
    [
      'one half of a pair',
      { missing: ['ReEncryptTo'] },
      allow([...everything.filter((one) => one !== 'kms:ReEncrypt*'), 'kms:ReEncryptFrom']),
    ],
    ['grants only, by a condition that nothing else can meet', { missing: all.slice(0, -1) }, allow('kms:*', forAws)],
    ['all but what is excepted', { missing: ['CreateGrant'] }, allow(undefined, { NotAction: ['kms:CreateGrant', 'kms:Put*'] })],
    ['all of its own key, named', {}, allow('kms:*', { Resource: key })],
    ['nothing of another key', { missing: all }, allow('kms:*', { Resource: `${key}2` })],
    ['all but another key', {}, allow('kms:*', { Resource: undefined, NotResource: `${key}2` })],
    ['nothing but another key', { missing: all }, allow('kms:*', { Resource: undefined, NotResource: key })],
    ['all that everybody but another may', {}, allow('kms:*', { Principal: undefined, NotPrincipal: { AWS: caller } })],
    ['nothing that everybody but itself may', { missing: all }, allow('kms:*', { Principal: undefined, NotPrincipal: { AWS: slr } })],
    ['all, whatever administration is denied', {}, allow('kms:*'), deny(['kms:ScheduleKeyDeletion', 'kms:Put*'], { Principal: '*' })],
    ['all but what is denied it', { denied: ['Decrypt'] }, allow('kms:*'), deny('kms:Decrypt')],
    ['all but what is denied everybody', { denied: pairs }, allow('kms:*'), deny('kms:ReEncrypt*', { Principal: '*' })],
    [
      'all but what is denied its account',
      { denied: ['Encrypt'] },
      allow('kms:*'),
      deny('kms:Encrypt', { Principal: { AWS: place.account } }),
    ],
    [
      'all but what is denied its account by root',
      { denied: ['Encrypt'] },
      allow('kms:*'),
      deny('kms:Encrypt', { Principal: { AWS: root } }),
    ],
    ['all, where another is denied', {}, allow('kms:*'), deny('kms:*', { Principal: { AWS: `${slr}_blue` } })],
    [
      'nothing, where all but others are denied',
      { denied: all },
      allow('kms:*'),
      deny('kms:*', { Principal: undefined, NotPrincipal: { AWS: [caller, root] } }),
    ],
    [
      'all, where all but it and its account are denied',
      {},
      allow('kms:*'),
      deny('kms:*', { Principal: undefined, NotPrincipal: { AWS: [slr, root] } }),
    ],
    [
      'perhaps all, where it is excepted and its account is not',
      { unsure: all, on: ['NotPrincipal'] },
      allow('kms:*'),
      deny('kms:*', { Principal: undefined, NotPrincipal: { AWS: slr } }),
    ],
    [
      'all but Decrypt, which depends on the organization',
      { unsure: ['Decrypt'], on: ['aws:PrincipalOrgID'] },
      allow('kms:*'),
      deny('kms:Decrypt', { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ],
    [
      'all, where callers without TLS are denied',
      {},
      allow('kms:*'),
      deny('kms:*', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ],
    [
      'all, where whatever does not come through EC2 is denied',
      {},
      allow('kms:*'),
      deny('kms:*', { Principal: '*', Condition: { StringNotEquals: { 'kms:ViaService': `ec2.${place.region}.amazonaws.com` } } }),
    ],
    [
      'all, where grants for no service are denied',
      {},
      allow('kms:*'),
      deny('kms:CreateGrant', { Principal: '*', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } }),
    ],
    [
      'perhaps all, by its organization',
      { unsure: all, on: ['aws:PrincipalOrgID'] },
      allow('kms:*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ],
    [
      'all that is allowed twice, once without a condition',
      {},
      allow('kms:*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      allow(everything),
    ],
    [
      'all by its own ARN',
      {},
      allow('kms:*', { Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': '*/AWSServiceRoleForAutoScaling' } } }),
    ],
  ])('%s', (_, expected, ...statements) => {
    expect(access(statements)).toEqual({ ...none, ...expected });
  });
  test('a policy of one statement, not in a list', () => {
    expect(access(allow('kms:*'))).toEqual(none);
    expect(access(undefined).missing).toEqual(all);
  });
});

describe('what a role may do by grants', () => {
  test('is what they name, all together', () => {
    expect(access([], [{ Operations: all.slice(0, 3) }, { Operations: all.slice(3) }])).toEqual(none);
    expect(access([], [{ Operations: all.slice(1) }])).toEqual({ ...none, missing: ['Encrypt'] });
    expect(access([], [{}])).toEqual({ ...none, missing: all });
  });
  test('is nothing where a grant is for one encryption context, which is one volume', () => {
    expect(access([], [{ Operations: all, Constraints: { EncryptionContextSubset: { 'aws:ebs:id': 'vol-1' } } }])).toEqual({
      ...none,
      missing: all,
    });
  });
  test('completes what the policy allows, and is overridden by what it denies', () => {
    expect(access([allow(uses)], [{ Operations: ['CreateGrant'] }])).toEqual(none);
    expect(access([deny('kms:CreateGrant')], [{ Operations: all }])).toEqual({ ...none, denied: ['CreateGrant'] });
  });
});

describe("what a role of the account's own may do", () => {
  const mine = { arn: caller, hasOwnPolicies: true };
  test.each<[string, Partial<Access>, ...unknown[]]>([
    ['only its IAM policies tell, where the account is allowed', { byIam: all }, allow('kms:*', { Principal: { AWS: root } })],
    ['the same by number', { byIam: all }, allow('kms:*', { Principal: { AWS: place.account } })],
    ['nothing, where another account is', { missing: all }, allow('kms:*', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } })],
    [
      'what it is named for, and the rest by IAM',
      { byIam: ['CreateGrant'] },
      allow('kms:*', { Principal: { AWS: root } }),
      allow(uses, { Principal: { AWS: caller } }),
    ],
    [
      'nothing by IAM, where the account is allowed through another service',
      { missing: all },
      allow('kms:*', { Principal: { AWS: root }, Condition: { StringEquals: { 'kms:ViaService': 'rds.eu-west-1.amazonaws.com' } } }),
    ],
    ["what AWS's own key allows", {}, allow(everything, likeAwsOwn)],
  ])('%s', (_, expected, ...statements) => {
    expect(access(statements, [], mine)).toEqual({ ...none, ...expected });
  });
});

test('operations are named as a policy names them, a pair by its pattern', () => {
  expect(actionsOf(all)).toEqual(everything);
  expect(actionsOf(['ReEncryptTo', 'GenerateDataKey', 'DescribeKey'])).toEqual([
    'kms:ReEncryptTo',
    'kms:GenerateDataKey',
    'kms:DescribeKey',
  ]);
});

test('in China EC2 goes by either name', () => {
  const china = { partition: 'aws-cn', region: 'cn-north-1', account: place.account };
  const via = (name: string) => [allow('kms:*', { Condition: { StringEquals: { 'kms:ViaService': name } } })];
  const missing = (name: string, where: typeof china) =>
    accessOf(JSON.stringify({ Statement: via(name) }), [], key, { arn: slr, hasOwnPolicies: false }, where).missing.length;
  expect(missing('ec2.cn-north-1.amazonaws.com.cn', china)).toBe(0);
  expect(missing('ec2.cn-north-1.amazonaws.com', china)).toBe(0);
  expect(missing('ec2.cn-north-1.amazonaws.com.cn', { ...china, partition: 'aws' })).toBe(all.length);
});
