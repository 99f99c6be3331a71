import { describe, expect, test } from 'vitest';
import { tagControls } from '#shared/tags/index.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import {
  commonIn,
  exemptionFor,
  isSetSomewhere,
  modeIn,
  modesOf,
  type RedressConfig,
  resolveControl,
  settingsEverywhere,
  withDefaultModes,
} from './config.ts';
import { parseConfig } from './config-schema.ts';

const account = '111122223333';
const region = 'eu-west-1';
const [ownerTag = expect.fail('volumes have no owner tag')] = tagControls(volumeEncrypted.kind);
const controls = [volumeEncrypted, ownerTag];

type Scope = Pick<RedressConfig, 'controls' | 'common'>;
const levels = ['config', 'outer', 'inner', 'account', 'region'] as const;
type Scopes = { readonly [level in (typeof levels)[number]]?: Scope };

/** A config that sets something at each level around one account and Region, and something else in those beside it. */
function configOf(at: Scopes, beside: Scope = {}): RedressConfig {
  const inner = { ...at.inner, accounts: [account] };
  const value = {
    ...at.config,
    organization: { ous: { outer: { ...at.outer, ous: { inner, cousin: beside } }, sibling: beside } },
    accounts: { [account]: { ...at.account, regions: { [region]: at.region ?? {}, 'us-east-1': beside } }, '999999999999': beside },
  };
  return parseConfig(value, controls);
}

const mode = (one: 'off' | 'observe' | 'approve' | 'fix'): Scope => ({ controls: { 'volume-encrypted': { mode: one } } });
const settle = (settleSeconds: number): Scope => ({ controls: { 'volume-encrypted': { settleSeconds } } });
const prefix = (one: string): Scope => ({ common: { ownerTags: { prefix: one } } });

const origins = [
  { from: 'config', name: '' },
  { from: 'ou', name: 'outer' },
  { from: 'ou', name: 'outer/inner' },
  { from: 'account', name: account },
  { from: 'region', name: region },
];
/** What each level sets; what the one before says differs. */
const modes = levels.map((_, at) => (at % 2 === 0 ? 'fix' : 'approve'));
const upTo = (last: number, scopeOf: (at: number) => Scope): Scopes =>
  Object.fromEntries(levels.slice(0, last + 1).map((level, at) => [level, scopeOf(at)]));
const only = (at: number, scope: Scope): Scopes => ({ [levels[at] ?? '']: scope });

describe.each(levels.map((level, at) => [level, at] as const))('what the level %s sets', (_level, at) => {
  const beside: Scope = { ...settle(7), ...prefix('beside:') };

  test('a mode, wins over those before it, and alone over the default', () => {
    const all = configOf(upTo(at, (one) => mode(modes[one] ?? 'off')));
    for (const [config, expected] of [
      [all, modes[at]],
      [configOf(only(at, mode('off'))), 'off'],
    ] as const) {
      const found = resolveControl(config, volumeEncrypted, account, region);
      expect([found.mode, found.origins.get('mode')]).toEqual([expected, origins[at]]);
      expect(modeIn(withDefaultModes(config, controls), volumeEncrypted.id, account, region)).toBe(expected);
    }
  });

  test('a setting, wins over those before it, and alone over the default', () => {
    for (const scopes of [upTo(at, (one) => settle(one + 1)), only(at, settle(at + 1))]) {
      const { settings, origins: from } = resolveControl(configOf(scopes, beside), volumeEncrypted, account, region);
      expect([settings['settleSeconds'], from.get('settleSeconds')]).toEqual([at + 1, origins[at]]);
    }
  });

  test('a shared setting, wins over those before it, and alone over the default', () => {
    for (const scopes of [upTo(at, (one) => prefix(`${levels[one]}:`)), only(at, prefix(`${levels[at]}:`))]) {
      const config = configOf(scopes, beside);
      const { settings, origins: from } = resolveControl(config, ownerTag, account, region);
      expect([settings['ownerTags'], from.get('ownerTags')]).toMatchObject([{ prefix: `${levels[at]}:` }, origins[at]]);
      expect(commonIn(config, account, region)).toMatchObject({ ownerTags: { prefix: `${levels[at]}:` } });
    }
  });

  test('leaves the other keys to the levels around it', () => {
    const other = at === 0 ? {} : { config: settle(60) };
    const { settings } = resolveControl(configOf({ ...other, ...only(at, mode('fix')) }), volumeEncrypted, account, region);
    expect(settings['settleSeconds']).toBe(at === 0 ? 900 : 60);
  });

  test('counts among all that may hold somewhere', () => {
    const config = configOf(only(at, { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 5 } } }));
    expect(modesOf(config, volumeEncrypted)).toContain('fix');
    expect(settingsEverywhere(config, volumeEncrypted)).toContainEqual(expect.objectContaining({ settleSeconds: 5 }));
    const telling = configOf(only(at, { controls: { 'volume-owner-tag': { tellUnseen: true } } }));
    expect(isSetSomewhere(telling, ownerTag, 'tellUnseen')).toBe(true);
  });
});

test('an OU without accounts counts too: some may be added to it', () => {
  const config = parseConfig({ organization: { ous: { outer: { ...settle(60), ous: { empty: mode('fix') } } } } }, controls);
  expect(modesOf(config, volumeEncrypted)).toContain('fix');
  expect(settingsEverywhere(config, volumeEncrypted).map(({ settleSeconds }) => settleSeconds)).toEqual([900, 60, 60]);
});

test('what nothing sets has the default, and no origin', () => {
  const { mode: found, settings, origins: from } = resolveControl(configOf({}), volumeEncrypted, account, region);
  expect([found, settings['settleSeconds'], from.size]).toEqual([volumeEncrypted.defaultMode, 900, 0]);
});

describe('without an organization, a config', () => {
  const config = parseConfig(
    { ...mode('fix'), accounts: { [account]: { ...settle(60), regions: { [region]: mode('observe') } } } },
    controls,
  );

  test.each([
    [account, region, 'observe', 60],
    [account, 'us-east-1', 'fix', 60],
    ['999999999999', region, 'fix', 900],
  ] as const)('holds in %s, %s by its account and Region alone', (one, there, expected, seconds) => {
    const { mode: found, settings } = resolveControl(config, volumeEncrypted, one, there);
    expect([found, settings['settleSeconds']]).toEqual([expected, seconds]);
    expect(modeIn(config, volumeEncrypted.id, one, there)).toBe(expected);
  });
});

describe('the mode of an account that no OU lists', () => {
  const modeOf = (top: Scope, ...ous: Scope[]) => {
    const organization = { accounts: ['444455556666'], ous: Object.fromEntries(ous.map((ou, at) => [`ou${at}`, ou])) };
    const config = parseConfig({ ...top, organization, accounts: { '777788889999': mode('fix') } }, controls);
    return (one: string) => {
      const { mode: found, origins: from } = resolveControl(config, volumeEncrypted, one, region);
      expect(modeIn(withDefaultModes(config, controls), volumeEncrypted.id, one, region)).toBe(found);
      return [found, from.get('mode')?.from ?? 'default', from.get('mode')?.name ?? ''];
    };
  };

  test.each<[string, Scope, Scope[], string[]]>([
    ['what the top has, where no OU has less', mode('approve'), [mode('fix'), settle(60)], ['approve', 'config', '']],
    ['the least that an OU has', mode('fix'), [mode('approve'), mode('observe'), mode('approve')], ['observe', 'unlisted', 'ou1']],
    ['observe, where an OU is off', mode('fix'), [mode('off')], ['observe', 'unlisted', 'ou0']],
    ['off, where the top is', mode('off'), [mode('observe')], ['off', 'config', '']],
    ['the default, where that is the least', {}, [mode('fix')], ['observe', 'default', '']],
  ])('is %s', (_name, top, ous, expected) => {
    expect(modeOf(top, ...ous)(account)).toEqual(expected);
  });

  test('is its own where it has one, and the top holds for an account that is in no OU on purpose', () => {
    const of = modeOf(mode('fix'), mode('observe'));
    expect(of('777788889999')).toEqual(['fix', 'account', '777788889999']);
    expect(of('444455556666')).toEqual(['fix', 'config', '']);
  });
});

test('an exemption of one account holds in no other, where a resource may have the same name', () => {
  const one = { control: 'a', resource: '/shop/*', owner: 'dana', reason: 'being moved', until: '2027-01-31' };
  const here = { ...one, account: '444455556666' };
  const now = new Date('2027-01-01T00:00:00Z');
  const holds = (exemption: typeof one, account: string) =>
    exemptionFor({ exemptions: [exemption] }, 'a', { account, id: '/shop/key' }, now) !== undefined;
  expect([holds(here, '444455556666'), holds(here, '777788889999'), holds(one, '777788889999')]).toEqual([true, false, true]);
});
