import { DescribeVolumesCommand, EnableEbsEncryptionByDefaultCommand, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { type AnyControl, type Control, defineControl } from '#shared/control/control.ts';
import { accountSetting } from '#shared/control/setting.ts';
import { ebsSetting } from './fixtures/events.ts';
import { checkCoverage, checkInvalid, checkNames, checkObserved, checkValid } from './support/tester.ts';
import { volumesWorld } from './support/volumes/world.ts';

type Toy = Control<null, { readonly isOn: boolean }>;

const toys = accountSetting({
  noun: 'toy',
  plural: 'Toys',
  eventSource: 'ec2.amazonaws.com',
  console: '/ec2/home?region={region}#Settings:',
  changed: ['DisableEbsEncryptionByDefault'],
  reads: [{ action: 'ec2:GetEbsEncryptionByDefault' }],
  async read(read) {
    const { EbsEncryptionByDefault: isOn = false } = await read(new GetEbsEncryptionByDefaultCommand({}));
    return { state: { isOn } };
  },
  restore: () => [],
});

/** A control that is right in every way; each test breaks one thing. */
const good = defineControl(toys, {
  id: 'toy-on',
  title: 'The toy is on',
  why: 'To try the tester.',
  remediation: 'It is turned on.',
  severity: 'low',
  defaultMode: 'fix',
  triggers: toys.created,
  permissions: { writes: [{ action: 'ec2:EnableEbsEncryptionByDefault' }] },
  references: [],
  inspectOne: ({ state }) => state,
  judge: ({ isOn }) => (isOn ? { is: 'compliant', says: 'On.' } : { is: 'violation', says: 'Off.' }),
  plan: () => ({ changes: [{ command: new EnableEbsEncryptionByDefaultCommand({}), says: 'Turn it on.' }] }),
  before: ({ isOn }) => ({ isOn }),
});

const off = { name: 'off', world: () => volumesWorld(), event: ebsSetting('DisableEbsEncryptionByDefault') };
const invalid = { ...off, sends: [new EnableEbsEncryptionByDefaultCommand({})], status: 'fixed' as const, says: 'Found: Off. Now: On.' };
const broken = (change: Partial<AnyControl>): AnyControl => ({ ...good, ...change });

describe('the tester', () => {
  test('passes a control that is right', async () => {
    const { actions } = await checkInvalid(good, invalid);
    await checkObserved(good, invalid);
    checkCoverage(good, new Set(actions));
  });
  test('fails on two cases of one name', () => {
    expect(() => checkNames({ valid: [off], invalid: [invalid], skipped: [] })).toThrow(/name "off"/);
  });
  test('fails on a valid case that is found', async () => {
    await expect(checkValid(good, off)).rejects.toThrow(/findings of a valid case/);
  });
  test('fails on a write during inspect', async () => {
    const inspect: Toy['inspect'] = async (_targets, read) =>
      new Map([['x', { isOn: Boolean(await read(new EnableEbsEncryptionByDefaultCommand({}))) }]]);
    await expect(checkObserved(broken({ inspect }), invalid)).rejects.toThrow(/not a read/);
  });
  test('fails on a read that is not declared', async () => {
    const inspect: Toy['inspect'] = async (_targets, read) =>
      new Map([['x', { isOn: Boolean(await read(new DescribeVolumesCommand({}))) }]]);
    await expect(checkObserved(broken({ inspect }), invalid)).rejects.toThrow(/permissions\.reads/);
  });
  test('fails on a write that is not declared', async () => {
    await expect(checkInvalid(broken({ permissions: { ...good.permissions, writes: [] } }), invalid)).rejects.toThrow(
      /permissions\.writes/,
    );
  });
  test('fails on a declared action that no case uses, unless impliedBy says why', () => {
    const writes = [{ action: 'ec2:RunInstances' }];
    expect(() => checkCoverage(broken({ permissions: { reads: [], writes } }), new Set())).toThrow(/no case uses ec2:RunInstances/);
    expect(() =>
      checkCoverage(
        broken({ permissions: { reads: [], writes: [{ action: 'ec2:RunInstances', impliedBy: 'AWS checks it' }] } }),
        new Set(),
      ),
    ).not.toThrow();
  });
  test('fails on a plan that leaves the resource wrong', async () => {
    const judge: Toy['judge'] = () => ({ is: 'violation', says: 'Off.' });
    await expect(checkInvalid(broken({ judge }), { ...invalid, status: 'failed', says: /./ })).rejects.toThrow(
      /neither compliant nor superseded/,
    );
  });
  test('fails on an API that was not announced', async () => {
    let round = 0;
    const judge: Toy['judge'] = () => ({ is: 'violation', says: 'Off.' });
    const plan: Toy['plan'] = (facts, context) => {
      round += 1;
      return round === 1 ? good.plan(facts, context) : { changes: [{ command: new DescribeVolumesCommand({}), says: 'Look.' }] };
    };
    await expect(checkInvalid(broken({ plan, judge }), invalid)).rejects.toThrow(
      /dead-letter queue.*ec2:DescribeVolumes, which was not announced/,
    );
  });
  test('fails on a sensitive value in any output', async () => {
    const judge: Toy['judge'] = ({ isOn }) =>
      isOn ? { is: 'compliant', says: 'On.' } : { is: 'violation', says: 'Off, and the key is AKIASECRET.' };
    await expect(checkObserved(broken({ judge }), { ...invalid, secret: 'AKIASECRET' })).rejects.toThrow(/sensitive value/);
  });
  test('fails on commands other than the case says', async () => {
    await expect(checkInvalid(good, { ...invalid, sends: [] })).rejects.toThrow();
  });
});
