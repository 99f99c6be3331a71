import { expect, test } from 'vitest';
import { isByFunction } from './ours.ts';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
const member = { ...place, isMember: true } as const;
const session = (role: string) => `arn:aws:sts::111122223333:assumed-role/${role}/x`;

test.each([
  ['the function in its own place', session('redress-volumes-eu-west-1'), place, 'yes'],
  ['its role', 'arn:aws:iam::111122223333:role/redress-volumes-eu-west-1', place, 'yes'],
  ['the role of a member, in no member', session('redress-volumes'), place, 'no'],
  ['the role of a member, in one', session('redress-volumes'), member, 'yes'],
  ['the same by its own ARN', 'arn:aws:iam::111122223333:role/redress/redress-volumes', member, 'yes'],
  ['a role of that name elsewhere', 'arn:aws:iam::111122223333:role/redress-volumes', member, 'no'],
  ['a standalone function, in a member', session('redress-volumes-eu-west-1'), member, 'no'],
  ['another account', session('redress-volumes').replace('1111', '9999'), member, 'no'],
  ['a user', 'AIDAEXAMPLE', place, 'unknown'],
  ['nobody', undefined, place, 'unknown'],
])('%s', (_who, user, where, expected) => {
  expect(isByFunction(user, 'volumes', where)).toBe(expected);
});
