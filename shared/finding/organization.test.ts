import { expect, test } from 'vitest';
import { hubOf, membersOf } from './organization.ts';

const id = 'o-a1b2c3d4e5';

test('the members of a hub have the Regions of the innermost OU that names any, else those of the organization', () => {
  const organization = {
    regions: ['us-east-1', 'us-east-1'],
    accounts: ['1'],
    ous: {
      europe: {
        regions: ['eu-west-1'],
        accounts: ['2'],
        ous: { inner: { accounts: ['3'] }, own: { regions: ['eu-central-1'], accounts: ['4'] } },
      },
      elsewhere: { accounts: ['5'] },
    },
  };
  expect(membersOf(organization).map(({ account, regions }) => `${account} ${regions}`)).toEqual([
    '1 us-east-1',
    '2 eu-west-1',
    '3 eu-west-1',
    '4 eu-central-1',
    '5 us-east-1',
  ]);
});

test('an account for which no Region is named is no member', () => {
  expect(membersOf({ accounts: ['1'], ous: { a: { accounts: ['2'], regions: [] } } })).toEqual([]);
});

test('an organization alone makes no hub', () => {
  expect(hubOf({})).toBeUndefined();
  expect(hubOf({ organization: { id } })).toBeUndefined();
  expect(hubOf({ organization: { id, hub: true } })).toBe(id);
});
