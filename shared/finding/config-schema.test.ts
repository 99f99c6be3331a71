import { describe, expect, test } from 'vitest';
import { withAccountsOfOus } from './alerts-config.ts';
import { ConfigError, parseConfig } from './config-schema.ts';
import { regionsToJoin } from './organization.ts';

const one = '111122223333';
const id = 'ou-ab12-11112222';

describe('an organization is refused', () => {
  test.each<[string, object, string]>([
    [
      'with one account in two OUs, named by their paths',
      { ous: { workloads: { ous: { production: { accounts: [one] } } }, sandbox: { accounts: [one] } } },
      `organization: is not possible: account ${one} is listed in OU workloads/production and OU sandbox; an account is in one place, so remove the other`,
    ],
    [
      'with an account in an OU and in the one around it',
      { ous: { workloads: { accounts: [one], ous: { production: { accounts: [one] } } } } },
      `account ${one} is listed in OU workloads and OU workloads/production`,
    ],
    ['with an account in an OU and in none', { accounts: [one], ous: { a: { accounts: [one] } } }, 'in the root and OU a;'],
    ['with an account twice in one OU', { ous: { a: { accounts: [one, one] } } }, 'in OU a and OU a;'],
    ['with one id of two OUs', { ous: { a: { id }, b: { ous: { [id]: {} } } } }, `${id} is the id of OU a and OU b/${id}`],
    ['with an OU of two ids', { ous: { [id]: { id: `${id}3` } } }, `OU ${id} has two ids, ${id}3 and ${id}`],
    ['with an id of another form', { ous: { a: { id: 'ou-1' } } }, 'organization.ous.a.id: is not the id of an OU such as'],
    ['with a path as a name', { ous: { 'a/b': {} } }, 'organization.ous.a/b: is not a name for an OU'],
    [
      'with a name that would be lost',
      { ous: { a: { ous: { prototype: {} } } } },
      'organization.ous.a.ous: is not possible: no OU can have the name',
    ],
    ['with a list in the place of OUs', { ous: 'a' }, 'organization.ous: must be Object, is "a"'],
    ['with a wrong account', { ous: { a: { accounts: ['123'] } } }, 'organization.ous.a.accounts.0: is not an account id of 12 digits'],
    ['with a wrong Region', { ous: { a: { regions: ['eu'] } } }, 'organization.ous.a.regions.0: is not a Region such as eu-west-1'],
    [
      'with a wrong key deep inside',
      { ous: { a: { ous: { b: { control: {} } } } } },
      'organization.ous.a.ous.b.control: there is no such key here',
    ],
    ['with an id of another form', { id: 'o-1' }, 'organization.id: is not the id of an organization such as'],
    [
      'as a hub without its id',
      { hub: true, accounts: [one], regions: ['eu-west-1'] },
      'organization: is not possible: a hub needs the `id` of its organization',
    ],
    ['as a hub of nobody', { hub: true, id: 'o-a1b2c3d4e5', accounts: [one] }, 'a hub needs members: list `accounts`, and the `regions`'],
    [
      'as a hub of two partitions',
      { hub: true, id: 'o-a1b2c3d4e5', accounts: [one], regions: ['eu-west-1', 'us-gov-west-1'] },
      'a hub serves one partition, and its Regions are of aws and aws-us-gov',
    ],
    [
      'as one that accounts join, and that is no hub',
      { join: 'automatic', id: 'o-a1b2c3d4e5', accounts: [one] },
      'accounts `join` a hub alone: set `hub: true` too, or leave `join` out',
    ],
    ['with another way to join', { join: true }, 'organization.join: must be "automatic"'],
    [
      'as a hub that accounts of another partition may join',
      {
        hub: true,
        join: 'automatic',
        id: 'o-a1b2c3d4e5',
        accounts: [one],
        regions: ['eu-west-1'],
        ous: { a: { regions: ['cn-north-1'] } },
      },
      'a hub serves one partition, and its Regions are of aws and aws-cn',
    ],
    ['with modes that stand at the root', { controls: {} }, 'organization.controls: there is no such key here'],
  ])('%s', (_name, organization, message) => {
    expect(() => parseConfig({ organization }, [])).toThrow(ConfigError);
    expect(() => parseConfig({ organization }, [])).toThrow(message);
  });
});

test('accounts may join a hub that lists none yet, in the Regions of all its OUs', () => {
  const head = { id: 'o-a1b2c3d4e5', hub: true, join: 'automatic', regions: ['eu-west-1'] } as const;
  const organization = { ...head, ous: { a: { id, regions: ['us-east-1', 'eu-west-1'] } } };
  expect(regionsToJoin(parseConfig({ organization }, []))).toEqual(['eu-west-1', 'us-east-1']);
  expect(regionsToJoin({ organization: { ...organization, join: undefined } })).toEqual([]);
  expect(regionsToJoin({})).toEqual([]);
});

test('a route may name an OU, which must be there, and stands for its accounts', () => {
  const organization = { ous: { workloads: { ous: { shop: { id, accounts: [one] } } }, other: { accounts: ['444455556666'] } } };
  const alerts = (...ous: string[]) => ({ routes: [{ ous, accounts: ['777788889999'], to: ['topic'] }] });
  expect(() => parseConfig({ organization, alerts: alerts('shop', 'sales') }, [])).toThrow(
    'alerts.routes.0.ous: the organization has no OU sales',
  );
  for (const ou of ['shop', 'workloads', 'workloads/shop', id]) {
    const config = parseConfig({ organization, alerts: alerts(ou) }, []);
    expect(withAccountsOfOus(config.alerts ?? {}, config.organization)).toEqual({
      routes: [{ accounts: ['777788889999', one], to: ['topic'] }],
    });
  }
});

test('an OU has a name or an id, and may say where its accounts become members', () => {
  const organization = { accounts: [], ous: { [id]: { id, regions: ['eu-west-1'], accounts: [one] }, 'Team A': { ous: {} } } };
  expect(parseConfig({ organization }, [])).toEqual({ organization });
});
