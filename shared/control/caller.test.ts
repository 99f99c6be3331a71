import { expect, test } from 'vitest';
import { callerOf, callerOfArn } from './caller.ts';

const arn = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/dana@example.com';
const sessionOf = (issuer: string) =>
  callerOf({
    type: 'AssumedRole',
    arn,
    sessionContext: { sessionIssuer: { arn: issuer, userName: 'AWSReservedSSO_Dev_0123456789abcdef' } },
  });

test.each([
  [
    'a role of IAM Identity Center',
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef',
    'person',
  ],
  [
    'one of a Region’s',
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef',
    'person',
  ],
  ['a role below such a name', 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev/own', 'workload'],
  ['a role that somebody named so', 'arn:aws:iam::111122223333:role/AWSReservedSSO_Dev_0123456789abcdef', 'workload'],
  ['a role in a path that only looks so', 'arn:aws:iam::111122223333:role/x/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev', 'workload'],
])('who has a session of %s', (_name, issuer, is) => expect(sessionOf(issuer).is).toBe(is));

test.each([
  ['arn:aws:iam::111122223333:root', { is: 'person', name: 'root' }],
  ['arn:aws:iam::111122223333:user/dana', { is: 'person', name: 'dana' }],
  ['arn:aws:iam::111122223333:user/teams/shop/dana', { is: 'person', name: 'dana' }],
  ['arn:aws:iam::111122223333:user/teams/', { is: 'unknown' }],
  ['arn:aws:iam::111122223333:group/ops', { is: 'unknown' }],
])('%s names whom it names', (named, caller) => expect(callerOfArn(named)).toMatchObject(caller));
