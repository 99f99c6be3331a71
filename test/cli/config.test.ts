import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepingTerminal, redress } from './world.ts';

const account = '111122223333';
const value = {
  controls: { 'volume-encrypted': { mode: 'approve' } },
  organization: {
    accounts: ['444455556666'],
    ous: {
      workloads: {
        common: { ownerTags: { prefix: 'made:' } },
        controls: { 'volume-encrypted': { kmsKey: 'alias/ebs' } },
        ous: { production: { accounts: [account], controls: { 'volume-encrypted': { mode: 'observe' } } } },
      },
    },
  },
  accounts: {
    [account]: {
      controls: { 'volume-encrypted': { settleSeconds: 60 } },
      regions: { 'eu-west-1': { controls: { 'volume-encrypted': { mode: 'fix' } } } },
    },
  },
};

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-config-'));
  file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(value));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shown = (args: readonly string[], on = keepingTerminal()) => redress(['config', '--config', file, ...args], on);
const there = ['--account', account, '--region', 'eu-west-1'];

describe('for a person', () => {
  test('is what the config sets for a place, each with its level', async () => {
    const { code, out, err } = await shown([...there, '--set'], keepingTerminal({ width: 80 }));
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      '111122223333 in eu-west-1, in the OU workloads/production',
      '',
      'CONTROL           VALUE                                     FROM',
      'common',
      "  ownerTags       { prefix: 'made:', owner: 'owner', date:  OU workloads",
      "                  'date', via: 'via', pseudonyms: false,",
      '                  people: [] }',
      'volume-encrypted  fix                                       Region eu-west-1',
      '  settleSeconds   60                                        account 111122223333',
      '  kmsKey          alias/ebs                                 OU workloads',
    ]);
    expect(err).toBe('This is by the config on this machine; what is deployed may be older.');
  });

  test('names defaults too, of the controls that are asked for', async () => {
    const { out } = await shown(['--account', '444455556666', '--control', 'volume-encrypted,ebs-default-encryption']);
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['444455556666, in Regions without an entry of their own'],
      [''],
      ['CONTROL', 'VALUE', 'FROM'],
      ['ebs-default-encryption', 'fix', 'default'],
      ['volume-encrypted', 'approve', 'top of the config'],
      ['settleSeconds', '900', 'default'],
    ]);
  });

  test('says so where the config sets nothing', async () => {
    const { out } = await shown(['--account', account, '--control', 'ebs-default-encryption', '--set']);
    expect(out).toMatch(/\n\nThe config sets nothing here: each value is the default of its control\.$/);
  });

  test('says why an account that no OU lists is handled with care, and what to do', async () => {
    const { code, out, err } = await shown(['--account', '222222222222', '--set', '--control', 'volume-encrypted']);
    expect(code).toBe(0);
    expect(out).toMatch(/^volume-encrypted +observe +most careful OU, workloads\/production$/m);
    expect(err).toContain('The config lists 222222222222 in no OU.');
    expect(err).toContain('add it to the `accounts` of its OU');
  });
});

describe('for machines', () => {
  const rows = async (...args: string[]) => {
    const { out } = await shown([...args, '--json']);
    return out.split('\n').map((line): unknown => JSON.parse(line));
  };

  test('is a line for the place, one for what controls share, and one for each control', async () => {
    expect(await rows(...there, '--control', 'volume-encrypted,volume-owner-tag')).toEqual([
      { type: 'place', account, region: 'eu-west-1', ou: 'workloads/production', isUnlisted: false },
      {
        type: 'common',
        settings: { ownerTags: { value: expect.objectContaining({ prefix: 'made:' }), from: 'ou', name: 'workloads' } },
      },
      {
        type: 'control',
        id: 'volume-encrypted',
        mode: { value: 'fix', from: 'region', name: 'eu-west-1' },
        settings: {
          settleSeconds: { value: 60, from: 'account', name: account },
          kmsKey: { value: 'alias/ebs', from: 'ou', name: 'workloads' },
        },
      },
      {
        type: 'control',
        id: 'volume-owner-tag',
        mode: { value: 'fix', from: 'default', name: null },
        settings: {
          ignoredByTerraform: { value: false, from: 'default', name: null },
          tellUnseen: { value: false, from: 'default', name: null },
        },
      },
    ]);
  });

  test('tells an account that no OU lists from one that is in none on purpose', async () => {
    const [unlisted, , control] = await rows('--account', '222222222222', '--control', 'volume-encrypted');
    expect(unlisted).toEqual({ type: 'place', account: '222222222222', region: null, ou: null, isUnlisted: true });
    expect(control).toMatchObject({ mode: { value: 'observe', from: 'unlisted', name: 'workloads/production' } });
    const [inRoot] = await rows('--account', '444455556666', '--control', 'volume-encrypted');
    expect(inRoot).toMatchObject({ ou: null, isUnlisted: false });
  });
});

test.each([
  [['--account', '12'], '--account 12 is not an account id of 12 digits.'],
  [['--account', account, '--region', 'Ireland'], '--region Ireland is not a Region such as eu-west-1.'],
  [['--account', account, '--control', 'volume-encrpyted'], 'There is no control volume-encrpyted.'],
  [['--region', 'eu-west-1'], "required option '--account <id>' not specified"],
])('%j is wrong usage', async (args, message) => {
  const { code, out, err } = await shown(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});
