import { expect, test } from 'vitest';
import type { Json, Trigger } from '#shared/control/types.ts';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from './patterns.ts';

const roleOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const ours = roleOf('redress-parameters-eu-west-1');

test('our roles are left out where all triggers choose by who calls', () => {
  const of = (invokedBy: Json[]): Trigger => ({
    eventSource: 'ssm.amazonaws.com',
    eventNames: ['PutParameter'],
    where: { userIdentity: { type: ['AssumedRole'], invokedBy } },
  });
  const pattern = patternOf({ id: 'control', triggers: [of([{ exists: false }]), of(['signin.amazonaws.com'])] }, [ours]);
  const delivers = (arn: string, more = {}) =>
    matches(pattern, {
      source: 'aws.ssm',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: { eventName: 'PutParameter', userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn } }, ...more } },
    });
  expect(delivers(roleOf('admin'))).toBe(true);
  expect(delivers(roleOf('admin'), { invokedBy: 'signin.amazonaws.com' })).toBe(true);
  expect(delivers(roleOf('admin'), { invokedBy: 'ssm.amazonaws.com' })).toBe(false);
  expect(delivers(ours)).toBe(false);
});
