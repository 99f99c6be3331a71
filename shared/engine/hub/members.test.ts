import { expect, test } from 'vitest';
import { parseMembers, servedBy } from './members.ts';

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
const account = '444455556666';
const regions = ['eu-west-1', 'us-east-1'];
const served = (...members: object[]) => servedBy(parseMembers(JSON.stringify(members)), own);

test('a hub serves its own place as itself, and each Region of a member as the member', () => {
  const placeOf = served({ account, regions });
  expect(placeOf(undefined)).toBe(own);
  expect(placeOf({ account: own.account, region: own.region })).toBe(own);
  expect(regions.map((region) => placeOf({ account, region }))).toEqual(
    regions.map((region) => ({ account, region, partition: 'aws', isMember: true })),
  );
});

test('its other Regions, too, are served only as a member’s', () => {
  const elsewhere = { account: own.account, region: 'us-east-1' };
  expect(served()(elsewhere)).toBeUndefined();
  expect(served({ account: own.account, regions })(elsewhere)).toMatchObject({ isMember: true });
  expect(served({ account: own.account, regions })(own)).toBe(own);
});

test('no other account and no other Region is served', () => {
  const placeOf = served({ account, regions });
  expect(placeOf({ account: '999988887777', region: 'eu-west-1' })).toBeUndefined();
  expect(placeOf({ account, region: 'ap-south-1' })).toBeUndefined();
});

test.each<[string, object[]]>([
  ['is not an account id', [{ account: '1', regions }]],
  ['is not a Region', [{ account, regions: ['everywhere'] }]],
  ['Invalid length', [{ account, regions: [] }]],
  ['Invalid key', [{ account, regions, role: 'x' }]],
  ['twice', [{ account, regions: ['eu-west-1', 'eu-west-1'] }]],
  [
    'twice',
    [
      { account, regions },
      { account, regions: ['us-east-1'] },
    ],
  ],
  ['not of the partition aws', [{ account, regions: ['us-gov-west-1'] }]],
])('a list that cannot be used serves nobody: %s', (why, members) => {
  expect(() => served(...members)).toThrow(why);
});

test('nor does what is no list', () => {
  for (const text of ['', '{}', 'members']) expect(() => parseMembers(text)).toThrow();
});
