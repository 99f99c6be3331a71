import { describe, expect, test } from 'vitest';
import { fits, isMet, type Known, type Truth } from './key-conditions.ts';

const known: Known = new Map([
  ['kms:viaservice', ['ec2.eu-west-1.amazonaws.com']],
  ['kms:calleraccount', ['111122223333']],
  ['kms:grantisforawsresource', []],
  ['aws:securetransport', ['true']],
  ['aws:two', ['a', 'b']],
  ['aws:arn', ['arn:aws:s3:::a:b']],
]);

describe('a condition', () => {
  test.each<[string, Truth, unknown]>([
    ['that is absent is met', true, undefined],
    ['of the value that is known', true, { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } }],
    ['by one of several values', true, { StringEquals: { 'kms:ViaService': ['rds.amazonaws.com', 'ec2.eu-west-1.amazonaws.com'] } }],
    ['of another value', false, { StringEquals: { 'kms:ViaService': ['ec2.us-east-1.amazonaws.com'] } }],
    ['in another case', false, { StringEquals: { 'kms:ViaService': 'EC2.eu-west-1.amazonaws.com' } }],
    ['where case counts for nothing', true, { StringEqualsIgnoreCase: { 'KMS:viaservice': 'EC2.eu-west-1.amazonaws.com' } }],
    ['a pattern', true, { StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' } }],
    ['a pattern where none is taken', false, { StringEquals: { 'kms:ViaService': 'ec2.*.amazonaws.com' } }],
    ['an ARN part by part', true, { ArnLike: { 'aws:arn': 'arn:aws:s3:::a*' } }],
    ['an ARN whose pattern leaves parts out', false, { ArnLike: { 'aws:arn': 'arn:aws:s3:*' } }],
    ['an ARN whose star would have to stand for two parts', false, { ArnEquals: { 'aws:arn': 'arn:*:::a:b' } }],
    ['an ARN by pattern', true, { ArnEquals: { 'kms:CallerAccount': '1111*' } }],
    ['denied', false, { StringNotEquals: { 'kms:CallerAccount': ['111122223333'] } }],
    ['denied of another', true, { StringNotLike: { 'kms:CallerAccount': '4*' } }],
    ['a number given as one', true, { StringEquals: { 'kms:CallerAccount': 111122223333 } }],
    ['a boolean given as one', true, { Bool: { 'aws:SecureTransport': true } }],
    ['a boolean in another case', false, { Bool: { 'aws:SecureTransport': 'False' } }],
    ['of a key that is absent', false, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }],
    ['of a key that may be absent', true, { BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' } }],
    ['denied of a key that is absent', true, { StringNotEquals: { 'kms:GrantIsForAWSResource': 'true' } }],
    ['of all values, of which there are none', true, { 'ForAllValues:StringEquals': { 'kms:GrantIsForAWSResource': 'true' } }],
    ['of any value, of which there are none', false, { 'ForAnyValue:StringEquals': { 'kms:GrantIsForAWSResource': 'true' } }],
    ['that a key is absent', true, { Null: { 'kms:GrantIsForAWSResource': 'true' } }],
    ['that a key is absent which is there', false, { Null: { 'kms:ViaService': true } }],
    ['that a key is there', true, { Null: { 'kms:ViaService': 'false' } }],
    ['one of two values', true, { StringEquals: { 'aws:two': 'b' } }],
    ['of a key that only AWS knows', ['aws:PrincipalOrgID'], { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }],
    ['with a variable', ['kms:CallerAccount'], { StringEquals: { 'kms:CallerAccount': `\${aws:PrincipalAccount}` } }],
    ['by an operator that is not judged', ['kms:CallerAccount'], { NumericLessThan: { 'kms:CallerAccount': '9' } }],
    [
      'of which one part is not met, whatever the other is',
      false,
      { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'kms:CallerAccount': '444455556666' } },
    ],
    [
      'of which one part is not known, though the other is met',
      ['aws:PrincipalOrgID'],
      {
        StringEquals: { 'kms:CallerAccount': '111122223333' },
        StringLike: { 'aws:PrincipalOrgID': 'o-*' },
        Null: { 'aws:PrincipalOrgID': 'false' },
      },
    ],
  ])('%s: %j', (_, truth, condition) => {
    expect(isMet(condition, known)).toEqual(truth);
  });
});

test('a pattern is taken literally but for its wildcards', () => {
  expect(fits('kms:ReEncrypt*', 'kms:ReEncryptFrom')).toBe(true);
  expect(fits('kms:ReEncrypt?', 'kms:ReEncryptFrom')).toBe(false);
  expect(fits('kms.Decrypt', 'kms:Decrypt')).toBe(false);
  expect(fits('KMS:decrypt', 'kms:Decrypt')).toBe(false);
  expect(fits('KMS:decrypt', 'kms:Decrypt', true)).toBe(true);
});
