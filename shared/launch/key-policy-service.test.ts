import { describe, expect, test } from 'vitest';
import { place } from '../../test/support/harness.ts';
import { forLogs, groupArn, ofAccount, service } from '../../test/support/log-groups/world.ts';
import { type Access, accessOf, OPERATIONS } from './key-policy.ts';

const name = '/shop/orders';
const arn = groupArn(name);
const key = `arn:aws:kms:${place.region}:${place.account}:key/k1`;
const needed = OPERATIONS.filter((one) => one !== 'CreateGrant');
const none: Access = { missing: [], denied: [], byIam: [], unsure: [], on: [] };
const logs = { names: [service], context: { 'aws:logs:arn': arn } };
const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';
const allow = (more: object = {}) => ({ ...forLogs(arn), Condition: undefined, ...more });
const deny = (more: object = {}) => ({ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', ...more });
const access = (...statements: object[]) => accessOf(JSON.stringify({ Statement: statements }), [], key, logs, place, needed);

describe("what a service may do by a key's policy", () => {
  test.each<[string, Partial<Access>, ...object[]]>([
    ["all, by AWS's own example", {}, ofAccount, forLogs(arn)],
    ['nothing, by the policy that AWS gives each key', { missing: needed }, ofAccount],
    ...['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike', 'ForAnyValue:ArnLike', 'StringEqualsIgnoreCase', 'ArnLikeIfExists'].map(
      (operator): [string, Partial<Access>, object] => [`all, by ${operator}`, {}, forLogs(arn, operator)],
    ),
    ...['ArnEquals', 'ArnLike', 'StringLike'].map((operator): [string, Partial<Access>, object] => [
      `all for log groups that begin so, by ${operator}`,
      {},
      forLogs([groupArn('/other'), groupArn('/shop/*')], operator),
    ]),
    ['nothing by a star where none is taken', { missing: needed }, forLogs(groupArn('*'), 'StringEquals')],
    ['nothing for another log group', { missing: needed }, forLogs(groupArn('/shop/orders-old'))],
    ['nothing for the ARN with a star at its end, which the context does not have', { missing: needed }, forLogs(`${arn}:*`)],
    ['all of the account', {}, forLogs(`arn:aws:logs:${place.region}:${place.account}:*`, 'ArnLike')],
    ['nothing by an ARN that leaves parts out', { missing: needed }, forLogs('arn:aws:logs:*', 'ArnLike')],
    ['nothing of another account', { missing: needed }, forLogs(`arn:aws:logs:*:444455556666:*`, 'ArnLike')],
    ['nothing by another condition on it', { missing: needed }, allow({ Condition: { Null: { [CONTEXT]: 'true' } } })],
    [
      'all, where the name of the context alone is asked for',
      {},
      allow({ Condition: { StringEquals: { 'kms:EncryptionContextKeys': 'aws:logs:arn' } } }),
    ],
    ['all, without a condition', {}, allow()],
    ['nothing in another Region', { missing: needed }, allow({ Principal: { Service: 'logs.us-east-1.amazonaws.com' } })],
    ['nothing by the name without a Region', { missing: needed }, allow({ Principal: { Service: 'logs.amazonaws.com' } })],
    ['all as one of several services', {}, allow({ Principal: { Service: ['sns.amazonaws.com', service] } })],
    ['nothing by a service of any name, which AWS does not take', { missing: needed }, allow({ Principal: { Service: '*' } })],
    ['all that everybody may', {}, allow({ Principal: { AWS: '*' } })],
    [
      'perhaps all, by the service that calls',
      { unsure: needed, on: ['kms:ViaService'] },
      allow({ Principal: '*', Condition: { StringEquals: { 'kms:ViaService': service } } }),
    ],
    [
      'perhaps all, by the account that it acts for',
      { unsure: needed, on: ['aws:SourceAccount'] },
      allow({ Condition: { StringEquals: { 'aws:SourceAccount': place.account } } }),
    ],
    [
      'what is missing of it',
      { missing: ['ReEncryptFrom', 'ReEncryptTo', 'DescribeKey'] },
      allow({ Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'] }),
    ],
    [
      'all in two statements, as a look at a key has no context',
      {},
      { ...forLogs(arn), Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'] },
      allow({ Action: 'kms:DescribeKey' }),
    ],
    ['all but what is denied everybody', { denied: ['Decrypt'] }, allow(), deny({ Action: 'kms:Decrypt' })],
    [
      'all, where its account is denied, to which no service belongs',
      {},
      allow(),
      deny({ Principal: { AWS: `arn:aws:iam::${place.account}:root` } }),
    ],
    [
      'nothing, where all but some roles are denied',
      { denied: needed },
      allow(),
      deny({ Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${place.account}:root` } }),
    ],
    ['all, where all but it are denied', {}, allow(), deny({ Principal: undefined, NotPrincipal: { Service: service } })],
    ['all, where whoever is no service is denied', {}, allow(), deny({ Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } })],
    [
      'all, where strangers to the organization are denied that are no service',
      {},
      allow(),
      deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }),
    ],
    [
      'nothing, where another context is all that is not denied',
      { denied: needed },
      allow(),
      deny({ Condition: { ArnNotLike: { [CONTEXT]: groupArn('/audit/*') } } }),
    ],
  ])('%s', (_, expected, ...statements) => {
    expect(access(...statements)).toEqual({ ...none, ...expected });
  });
});

test('a role is none of the services, whatever a statement names there', () => {
  const role = `arn:aws:iam::${place.account}:role/reader`;
  const user = { arn: role, hasOwnPolicies: false };
  const by = (statement: object) => accessOf(JSON.stringify({ Statement: [statement] }), [], key, user, place, needed).missing;
  expect(by(allow({ Principal: { Service: '*' } }))).toEqual(needed);
  expect(by(allow({ Principal: { Service: service } }))).toEqual(needed);
  expect(by(allow({ Principal: { Service: service, AWS: role } }))).toEqual([]);
});
