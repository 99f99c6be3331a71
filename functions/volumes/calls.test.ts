import { EnableEbsEncryptionByDefaultCommand, type Volume } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import type { AnyControl, Json } from '#shared/control/control.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { patternOf } from '../../infra/patterns.ts';
import { attachVolume, ebsSetting, messageFor, scheduled } from '../../test/fixtures/events.ts';
import { copyVolumes, copyVolumesFlat, replaceRoot, restoreVolume } from '../../test/fixtures/volume-events.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { ec2World, instance, volume } from '../../test/support/ec2-world.ts';
import { Harness, place } from '../../test/support/harness.ts';
import { volumesWorld } from '../../test/support/volumes/world.ts';
import defaultEncryption from './default-encryption/ebs-default-encryption.ts';
import { volumes } from './kind.ts';
import encrypted from './volume-encrypted.ts';

const { owner } = tagControlsOf(volumes);
const all = controlsOf(await discoverFunctions());
const roles = [`arn:aws:iam::${place.account}:role/redress-volumes-eu-west-1`];

/** The ids of the controls of volumes whose rules an event matches. */
function seenBy(event: object): string[] {
  const seen: { readonly [key: string]: Json } = JSON.parse(JSON.stringify(event));
  return all
    .filter((control) => control.kind === volumes)
    .filter((control) => matches(patternOf(control, roles), seen))
    .map(({ id }) => id)
    .sort();
}

const everyone = ['volume-encrypted', 'volume-owner-tag', 'volume-required-tags', 'volume-sensitive-tags'];
const butOwner = everyone.filter((id) => id !== 'volume-owner-tag');
const butEncrypted = everyone.filter((id) => id !== 'volume-encrypted');

/** What comes of events that one control sees. */
async function outcomeOf(control: AnyControl, world: ConstructorParameters<typeof Harness>[0]['world'], ...events: object[]) {
  const config = { controls: { [control.id]: { mode: control.defaultMode } } };
  const harness = new Harness({ controls: [control], config, world });
  for (const event of events) {
    harness.put(messageFor(control.id, event));
    await harness.settle();
  }
  world.restore?.();
  return { harness, findings: await harness.findings() };
}

const plain = (VolumeId: string, more: Partial<Volume> = {}): Volume => ({
  VolumeId,
  Encrypted: false,
  State: 'available',
  VolumeType: 'gp3',
  Attachments: [],
  Tags: [],
  ...more,
});

describe('every call that makes a volume is seen', () => {
  // terraform-provider-aws#44740, aws-ebs-csi-driver#2716: a clone without `Encrypted`
  test.each([
    ['a copy', copyVolumes('vol-0', 'vol-1'), everyone],
    ['a copy, in the other style of records', copyVolumesFlat('vol-0', 'vol-1'), everyone],
    ['an encrypted copy, but for its encryption', copyVolumes('vol-0', 'vol-1', { encrypted: true }), butEncrypted],
    ['a new root', replaceRoot('i-1'), everyone],
    ['a volume that is brought back, but for its owner', restoreVolume('vol-1'), butOwner],
  ])('%s', (_, event, ids) => {
    expect(seenBy(event)).toEqual(ids);
  });

  test.each([
    ['wrapped', copyVolumes('vol-0', 'vol-1')],
    ['flat', copyVolumesFlat('vol-0', 'vol-1')],
  ])('a copy has a finding and an owner by its maker, from a record that is %s', async (_, event) => {
    const { findings } = await outcomeOf(encrypted, volumesWorld({ volumes: [plain('vol-0'), plain('vol-1')] }), event);
    expect(findings).toMatchObject([{ resource: { id: 'vol-1' }, status: 'would-fix', actor: { name: 'dana' } }]);
    const { harness } = await outcomeOf(owner, ec2World({ volumes: [volume('vol-0'), volume('vol-1')] }), event);
    expect(harness.writes.map(({ input }) => input)).toMatchObject([
      { Resources: ['vol-1'], Tags: [{ Key: 'created:owner', Value: 'dana' }, {}, {}] },
    ]);
  });

  test('a volume that is brought back has a finding, and its owner is not whoever did that', async () => {
    const { findings } = await outcomeOf(encrypted, volumesWorld({ volumes: [plain('vol-1')] }), restoreVolume('vol-1'));
    expect(findings).toMatchObject([{ resource: { id: 'vol-1' }, status: 'would-fix' }]);
    const { harness } = await outcomeOf(owner, ec2World({ volumes: [volume('vol-1')] }), restoreVolume('vol-1'));
    expect(harness.writes).toEqual([]);
  });
});

describe('a new root of an instance', () => {
  const made = (time: string) => ({ ...volume('vol-new', {}, 'i-1'), CreateTime: new Date(time) });
  const world = (time: string) => ec2World({ instances: [instance('i-1')], volumes: [volume('vol-old', {}, 'i-1'), made(time)] });
  const tagged = (harness: Harness) => harness.writes.map(({ input }) => Reflect.get(input, 'Resources'));

  test('is tagged, and the volumes that were there before are not', async () => {
    const { harness } = await outcomeOf(owner, world('2026-11-21T09:00:03Z'), replaceRoot('i-1'));
    expect(tagged(harness)).toEqual([['vol-new']]);
  });

  test.each([
    ['so long before the record that clocks may differ', '2026-11-21T08:59:55Z', [['vol-new']]],
    ['before that', '2026-11-21T08:59:54Z', []],
  ])('made %s', async (_, time, expected) => {
    expect(tagged((await outcomeOf(owner, world(time), replaceRoot('i-1'))).harness)).toEqual(expected);
  });

  test('is waited for, as it is attached only when the instance has restarted', async () => {
    const late = { ...made('2026-11-21T09:00:03Z') };
    const open: Volume[] = [volume('vol-old', {}, 'i-1')];
    const now = ec2World({ instances: [instance('i-1')], volumes: [...open, late] });
    const before = ec2World({ instances: [instance('i-1')], volumes: open });
    let looks = 0;
    const send: typeof now.send = async (command) => {
      if (command.constructor.name === 'DescribeVolumesCommand') looks += 1;
      return await (looks > 2 ? now : before).send(command);
    };
    const { harness } = await outcomeOf(owner, { send }, replaceRoot('i-1'));
    expect(tagged(harness)).toEqual([['vol-new']]);
    expect(looks).toBeGreaterThan(2);
  });

  test('that was there before is looked at, and was not made by whoever gave it', async () => {
    const attached = plain('vol-1', { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] });
    const { findings } = await outcomeOf(encrypted, volumesWorld({ volumes: [attached] }), replaceRoot('i-1', 'vol-1'));
    expect(findings).toMatchObject([{ resource: { id: 'vol-1' }, status: 'open' }]);
    const { harness } = await outcomeOf(owner, ec2World({ volumes: [volume('vol-1', {}, 'i-1')] }), replaceRoot('i-1', 'vol-1'));
    expect(harness.writes).toEqual([]);
  });

  test('is not refused for its tags by a policy: the tags of the call are those of the task', () => {
    const actions = ['ec2:CreateVolume', 'ec2:RunInstances', 'ec2:CopyVolumes'];
    expect(owner.prevention).toMatchObject({ scp: [{ actions }] });
  });
});

test('whoever attaches, brings back or gives a volume that was there did not make it, so a person decides', async () => {
  for (const event of [attachVolume('vol-1', 'i-1'), restoreVolume('vol-1'), replaceRoot('i-1', 'vol-1')]) {
    const harness = new Harness({
      controls: [encrypted],
      config: { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } },
      world: volumesWorld({ volumes: [plain('vol-1')] }),
    });
    harness.put(messageFor('volume-encrypted', event));
    await harness.settle();
    expect(await harness.findings(), event.detail.eventName).toMatchObject([{ status: 'awaiting-approval' }]);
    expect(harness.writes).toEqual([]);
  }
});

test('a finding about default encryption ends when a person turns it on', async () => {
  const account = { encryptionByDefault: false };
  const world = volumesWorld(account);
  const turnedOn = ebsSetting('EnableEbsEncryptionByDefault', { ebsEncryptionByDefault: true });
  expect(matches(patternOf(defaultEncryption, roles), JSON.parse(JSON.stringify(turnedOn)))).toBe(true);
  const config = { controls: { 'ebs-default-encryption': { mode: 'observe' as const } } };
  const harness = new Harness({ controls: [defaultEncryption], config, world });
  harness.put(messageFor('ebs-default-encryption', scheduled()));
  await harness.settle();
  expect(await harness.findings()).toMatchObject([{ status: 'would-fix' }]);
  await world.send(new EnableEbsEncryptionByDefaultCommand({}));
  harness.put(messageFor('ebs-default-encryption', turnedOn));
  await harness.settle();
  expect(await harness.findings()).toMatchObject([{ status: 'fixed' }]);
  expect(harness.writes).toEqual([]);
  world.restore?.();
});
