import type { Volume } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import groupEncrypted from '../../functions/auto-scaling-groups/auto-scaling-group-encrypted.ts';
import templateEncrypted from '../../functions/launch-templates/launch-template-encrypted.ts';
import parameterSecure from '../../functions/parameters/parameter-secure.ts';
import { volumes } from '../../functions/volumes/kind.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { messageFor, scheduled } from '../fixtures/events.ts';
import { token } from '../fixtures/secrets.ts';
import { tagControlsOf } from '../support/controls.ts';
import { ec2World, volume as tagged } from '../support/ec2-world.ts';
import { Harness, type World } from '../support/harness.ts';
import { follow, group, image, launchWorld, template } from '../support/launches/world.ts';
import { readBy } from '../support/parameters/events.ts';
import { parametersWorld } from '../support/parameters/world.ts';
import { volume } from '../support/setting.ts';
import { volumesWorld } from '../support/volumes/world.ts';

let restore: (() => void) | undefined;
afterEach(() => restore?.());

/** What is announced at each look of a sweep, between which something changes. */
async function told(control: AnyControl, world: World, ...changes: readonly (() => void)[]) {
  restore = world.restore;
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'observe' } } }, world });
  const looks: unknown[] = [];
  for (const [n, change] of [() => undefined, ...changes].entries()) {
    change();
    harness.put(messageFor(control.id, { ...scheduled(), id: `sweep-${n}` }));
    await harness.settle();
    looks.push(harness.announced.splice(0).map(({ changed }) => changed ?? 'new'));
  }
  return looks;
}

const in1 = (InstanceId: string) => ({ State: 'in-use' as const, Attachments: [{ InstanceId, State: 'attached' as const }] });
const ami = (id: string) => image(id);
const bad = (ImageId: string, ...devices: string[]) => ({
  ImageId,
  ...(devices.length > 0 && { BlockDeviceMappings: devices.map((DeviceName) => ({ DeviceName, Ebs: { VolumeSize: 8 } })) }),
});

describe('it is the same finding, and quiet', () => {
  test('while a volume in use moves from instance to instance; another mark on a free one is reported', async () => {
    const used = volumesWorld({ volumes: [volume('vol-1', in1('i-1'))] });
    expect(await told(volumeEncrypted, used, () => Object.assign(used.volumes[0] ?? {}, in1('i-2')))).toEqual([['new'], []]);
    restore?.();
    const free = volumesWorld({ volumes: [volume('vol-1')] });
    const mark = () => Object.assign(free.volumes[0] ?? {}, { Tags: [{ Key: 'redress:superseded-by', Value: 'vol-9' }] });
    expect(await told(volumeEncrypted, free, mark)).toEqual([['new'], [['risk']]]);
  });

  test('while releases make versions of a template; another device is reported', async () => {
    const world = launchWorld({ images: [ami('ami-1'), ami('ami-2')], templates: [template('lt-1', bad('ami-1'))] });
    const push = (data: ReturnType<typeof bad>) => () => void world.templates[0]?.versions.push({ data });
    expect(await told(templateEncrypted, world, push(bad('ami-2')), push(bad('ami-1')), push(bad('ami-1', '/dev/sdf')))).toEqual([
      ['new'],
      [],
      [],
      [['risk']],
    ]);
  });

  test('while a group follows them', async () => {
    const world = launchWorld({
      images: [ami('ami-1'), ami('ami-2')],
      templates: [template('lt-1', bad('ami-1'))],
      groups: [group('web', { LaunchTemplate: follow('lt-1', '$Latest') })],
    });
    const push = (data: ReturnType<typeof bad>) => () => void world.templates[0]?.versions.push({ data });
    expect(await told(groupEncrypted, world, push(bad('ami-2')), push(bad('ami-1', '/dev/sdf')))).toEqual([['new'], [], [['risk']]]);
  });

  test('while readers of a parameter come and go', async () => {
    const name = '/shop/key';
    const reads: object[] = [];
    const world = parametersWorld({ parameters: { [name]: { Value: token } }, reads });
    world.put({ Name: name, Value: token, Type: 'String', Overwrite: true });
    expect(await told(parameterSecure, world, () => void reads.push(readBy('app', 'GetParameter', { name })))).toEqual([['new'], []]);
  });

  test('in whatever order AWS shows tags', async () => {
    const { sensitive } = tagControlsOf(volumes);
    const inner = ec2World({ volumes: [tagged('vol-1', { a: 'anna.berg@example.com', b: token })] });
    let isTurned = false;
    const world: World = {
      async send(command) {
        const answer = await inner.send(command);
        if (isTurned) for (const { Tags } of (answer as { Volumes?: Volume[] }).Volumes ?? []) Tags?.reverse();
        return answer;
      },
    };
    const turn = () => {
      isTurned = true;
    };
    expect(await told(sensitive, world, turn)).toEqual([['new'], []]);
  });
});
