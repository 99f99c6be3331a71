import { expect, test } from 'vitest';
import { scopeKey, scopesAround, scopeText } from './pause.ts';

const place = { account: '444455556666', region: 'eu-west-1' };

test('a place is in everything, in its Region, in its account, in both, and in each OU around it', () => {
  const organization = { ous: { workloads: { ous: { shop: { accounts: [place.account] } } }, other: {} } };
  expect(scopesAround(place, { organization })).toEqual([
    '',
    'region#eu-west-1',
    'account#444455556666',
    'account#444455556666#region#eu-west-1',
    'ou#workloads',
    'ou#workloads/shop',
  ]);
  expect(scopesAround(place, {})).toHaveLength(4);
  // listed nowhere it may be in any OU, and listed at the root in none
  const unlisted = { ...place, account: '777788889999' };
  expect(scopesAround(unlisted, { organization }).slice(4)).toEqual(['ou#workloads', 'ou#workloads/shop', 'ou#other']);
  expect(scopesAround(place, { organization: { accounts: [place.account], ous: { other: {} } } })).toHaveLength(4);
});

test('each part has words for people, and everything needs none', () => {
  const parts = [{}, { region: 'eu-west-1' }, { account: place.account }, place, { ou: 'workloads/shop' }];
  expect(parts.map(scopeText)).toEqual([
    undefined,
    'eu-west-1',
    'account 444455556666',
    'account 444455556666 in eu-west-1',
    'OU workloads/shop',
  ]);
  expect(new Set(parts.map(scopeKey)).size).toBe(parts.length);
});
