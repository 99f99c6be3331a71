import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import groups from '../../functions/auto-scaling-groups/auto-scaling-group-encrypted.ts';
import templates from '../../functions/launch-templates/launch-template-encrypted.ts';
import parameterSecure from '../../functions/parameters/parameter-secure.ts';
import { volumes } from '../../functions/volumes/kind.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume, messageFor, scheduled } from '../fixtures/events.ts';
import { allowed, bad, by, defaulted, good, world as groupWorld, moved } from '../support/auto-scaling-groups/policies.ts';
import { tagControlsOf } from '../support/controls.ts';
import { ec2World, volume } from '../support/ec2-world.ts';
import { Harness, type World } from '../support/harness.ts';
import { createGroup, createVersion, modifyTemplate, updateGroup } from '../support/launches/events.ts';
import { image, launchWorld, template } from '../support/launches/world.ts';
import { name, world as parameterWorld } from '../support/parameters/cases/setting.ts';
import { putParameter } from '../support/parameters/events.ts';
import { volumesWorld } from '../support/volumes/world.ts';

const mail = 'anna.berg@example.com';
const plain = { VolumeId: 'vol-1', Encrypted: false, State: 'available', VolumeType: 'gp3', Size: 20, Attachments: [], Tags: [] } as const;

/** What each control that fixes would change, the event of its making, and what it needs to be told. */
const fixable: [string, AnyControl, () => World, object, object?][] = [
  [
    'a volume',
    volumeEncrypted,
    () => volumesWorld({ volumes: [structuredClone({ ...plain, Attachments: [], Tags: [] })] }),
    createVolume('vol-1'),
    { settleSeconds: 0 },
  ],
  [
    'a launch template',
    templates,
    () => launchWorld({ images: [image('ami-1')], templates: [template('lt-1', bad)] }),
    createVersion('lt-1'),
  ],
  ['a group that follows a number', groups, groupWorld(by('1'), [bad, good]), createGroup('web'), allowed],
  ['a group that follows the default', groups, groupWorld(by('$Default'), [bad, good]), createGroup('web')],
  ['a parameter', parameterSecure, parameterWorld(), putParameter(name)],
  [
    'a secret in a tag',
    tagControlsOf(volumes).sensitive,
    () => ec2World({ volumes: [volume('vol-1', { Name: mail })] }),
    createVolume('vol-1'),
  ],
  [
    'another spelling of a tag',
    tagControlsOf(volumes).required,
    () => ec2World({ volumes: [volume('vol-1', { Team: 'orders' })] }),
    createVolume('vol-1'),
    { tags: [{ key: 'team', aliases: ['Team'] }] },
  ],
];

async function ending(control: AnyControl, world: World, event: object, settings: object = {}) {
  const config = { controls: { [control.id]: { mode: 'fix', ...settings } } } as never;
  const harness = new Harness({ controls: [control], config, world });
  harness.put(messageFor(control.id, event));
  await harness.settle();
  world.restore?.();
  return { harness, findings: await harness.findings() };
}

// terraform-provider-aws#5909, #22032: its `latest_version` moves the group that another hand gave a version
describe('what only a sweep has seen, and whose tags say nothing, is changed by nobody unasked', () => {
  test.each(fixable)('%s', async (_, control, world, _made, settings) => {
    const { harness, findings } = await ending(control, world(), scheduled(), settings);
    expect(findings).toMatchObject([{ status: 'awaiting-approval' }]);
    expect(findings[0]?.reason?.says).toContain('Redress did not see who made it, so code may manage it.');
    expect(harness.writes).toEqual([]);
  });

  test.each(fixable)('%s is fixed once its making was seen', async (_, control, world, made, settings) => {
    const { harness } = await ending(control, world(), made, settings);
    expect(harness.writes.length).toBeGreaterThan(0);
  });
});

describe('a call beside the making tells nobody who made it', () => {
  test('moving the default of a template', async () => {
    const world = launchWorld({ images: [image('ami-1')], templates: [template('lt-1', bad)] });
    const { harness, findings } = await ending(templates, world, modifyTemplate('lt-1'));
    expect(findings).toMatchObject([{ status: 'awaiting-approval' }]);
    expect(harness.writes).toEqual([]);
  });

  test('scaling a group', async () => {
    const { harness, findings } = await ending(groups, groupWorld(by('1'), [bad, good])(), updateGroup('web'), allowed);
    expect(findings).toMatchObject([{ status: 'awaiting-approval' }]);
    expect(harness.writes).toEqual([]);
  });

  test('but giving a group what it launches says who did that', async () => {
    for (const said of ['launchTemplate', 'mixedInstancesPolicy', 'launchConfigurationName', 'instanceId']) {
      const event = updateGroup('web', { [said]: 'x' });
      const { harness } = await ending(groups, groupWorld(by('1'), [bad, good])(), event, allowed);
      expect(
        harness.writes.map(({ input }) => input),
        said,
      ).toEqual([moved('2').input]);
    }
    const { harness } = await ending(groups, groupWorld(by('$Default'), [bad, good])(), createGroup('web'));
    expect(harness.writes.map(({ input }) => input)).toMatchObject([defaulted('2').input]);
  });
});
