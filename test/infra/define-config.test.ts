import { describe, expect, test } from 'vitest';
import { parseConfig } from '#shared/finding/config-schema.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { type Config, defineConfig } from '../../infra/define-config.ts';

const controls = controlsOf(await discoverFunctions());

const exemption = { resource: 'vol-*', owner: 'data team', reason: 'being migrated', until: '2027-01-31' } as const;

/** One config a line: what the compiler refuses is marked, so that `npm run check` fails where it no longer does. */
const wrong: readonly [string, () => Config][] = [
  // @ts-expect-error no control has this id
  ['the id of a control', () => defineConfig({ controls: { 'volume-encrpyted': { mode: 'fix' } } })],
  // @ts-expect-error the setting is settleSeconds
  ['the name of a setting', () => defineConfig({ controls: { 'volume-encrypted': { settelSeconds: 900 } } })],
  // @ts-expect-error seconds are a number
  ['the value of a setting', () => defineConfig({ controls: { 'volume-encrypted': { settleSeconds: 'soon' } } })],
  // @ts-expect-error there is no such mode
  ['a mode', () => defineConfig({ controls: { 'volume-encrypted': { mode: 'repair' } } })],
  // @ts-expect-error this control goes no further than approve
  ['a mode that the control does not have', () => defineConfig({ controls: { 'launch-configuration-encrypted': { mode: 'fix' } } })],
  // @ts-expect-error a Region's controls are checked too
  ['a control in one Region', () => defineConfig({ accounts: { '123456789012': { regions: { 'eu-west-1': { controls: { x: {} } } } } } })],
  // @ts-expect-error an OU's controls are checked too
  ['a control in an OU', () => defineConfig({ organization: { ous: { workloads: { controls: { x: {} } } } } })],
  // @ts-expect-error an inner OU's too
  ['a control in an inner OU', () => defineConfig({ organization: { ous: { a: { ous: { b: { controls: { x: {} } } } } } } })],
  // @ts-expect-error OUs within one stand under its ous
  ['a part of an OU', () => defineConfig({ organization: { ous: { workloads: { units: {} } } } })],
  // @ts-expect-error the accounts of an OU are a list of ids
  ['accounts with settings in an OU', () => defineConfig({ organization: { ous: { workloads: { accounts: { '123456789012': {} } } } } })],
  // @ts-expect-error what holds for all stands at the config's top
  ['modes of the organization', () => defineConfig({ organization: { controls: {} } })],
  // @ts-expect-error the shared setting is ownerTags
  ['a shared setting', () => defineConfig({ common: { ownerTag: { prefix: 'x:' } } })],
  // @ts-expect-error an exemption names a control, or *
  ['the control of an exemption', () => defineConfig({ exemptions: [{ ...exemption, control: 'x' }] })],
  // @ts-expect-error there is no such part of the config
  ['a part of the config', () => defineConfig({ alert: {} })],
];

describe('what the compiler refuses, JSON is refused for', () => {
  test.each(wrong)('%s', (_, config) => {
    expect(() => parseConfig(config(), controls)).toThrow(/^The config cannot be used:\n {2}- \S/);
  });
});

test('what the compiler takes, JSON may say too', () => {
  const config = defineConfig({
    controls: {
      'volume-encrypted': { mode: 'fix', settleSeconds: 60, kmsKey: 'alias/ebs' },
      'volume-required-tags': { tags: [{ key: 'team', inheritFrom: ['instance'], map: { x: 'y' } }], remove: ['old'] },
    },
    common: { ownerTags: { prefix: 'made:', pseudonyms: true } },
    accounts: { '123456789012': { regions: { 'eu-west-1': { controls: { 'ebs-default-encryption': { kmsKey: 'alias/ebs' } } } } } },
    organization: {
      accounts: ['444455556666'],
      ous: {
        workloads: {
          common: { ownerTags: { prefix: 'work:' } },
          ous: {
            production: {
              id: 'ou-ab12-11112222',
              regions: ['eu-west-1'],
              accounts: ['123456789012'],
              controls: { 'volume-encrypted': { mode: 'observe' } },
            },
          },
        },
      },
    },
    exemptions: [{ ...exemption, control: '*' }],
  });
  expect(parseConfig(config, controls)).toMatchObject(config);
});
