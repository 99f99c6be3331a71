import { expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import { createVolume, messageFor } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { controlsOfFunction } from '../../test/support/controls.ts';
import { ec2World, volume as taggedVolume } from '../../test/support/ec2-world.ts';
import { Harness, type World } from '../../test/support/harness.ts';
import { plain, versions } from '../../test/support/launch-templates/versions.ts';
import { createTemplate } from '../../test/support/launches/events.ts';
import { fixing, ofVolume, start, volume } from '../../test/support/setting.ts';

const templateControls = controlsOfFunction('launch-templates');
const volumeControls = controlsOfFunction('volumes');

const tagged = (team = 'shop') =>
  volume('vol-1', {
    Tags: [
      { Key: 'team', Value: team },
      { Key: 'note', Value: 'not for alerts' },
    ],
  });
const mail = 'anna.berg@example.com';

/** What one control finds, where the tag `team` names the owner. */
async function found(controls: readonly AnyControl[], id: string, world: World, event: object, settings?: object) {
  const config = { controls: { [id]: { mode: 'observe', ...settings } }, alerts: { ownerTag: 'team' } } as const;
  const harness = new Harness({ controls: controls.filter((one) => one.id === id), config, world });
  harness.put(messageFor(id, event));
  await harness.settle();
  world.restore?.();
  expect(harness.announced.length).toBeGreaterThan(0);
  return harness.announced;
}

test('a finding names the owner by the tag that the config names, and carries no other tag', async () => {
  const { harness } = start({ volumes: [tagged()] }, { ...fixing, alerts: { ownerTag: 'team' } });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.length).toBeGreaterThan(0);
  for (const finding of harness.announced) expect(finding.owner).toBe('shop');
  expect(JSON.stringify(harness.announced)).not.toContain('not for alerts');
});

test.each([
  ['volume-owner-tag', undefined],
  ['volume-required-tags', { tags: [{ key: 'cost-center' }] }],
  ['volume-sensitive-tags', undefined],
])('%s names the owner too', async (id, settings) => {
  const world = ec2World({ volumes: [taggedVolume('vol-1', { team: 'shop', note: mail })] });
  for (const finding of await found(volumeControls, id, world, createVolume('vol-1'), settings)) expect(finding.owner).toBe('shop');
});

test('so does a control of launch templates', async () => {
  const world = versions(plain)({ Tags: [{ Key: 'team', Value: 'shop' }] })();
  for (const finding of await found(templateControls, 'launch-template-encrypted', world, createTemplate('lt-1')))
    expect(finding.owner).toBe('shop');
});

test('what is sensitive in that tag is in no finding of the control that tells of it', async () => {
  const world = ec2World({ volumes: [taggedVolume('vol-1', { team: mail })] });
  const findings = await found(volumeControls, 'volume-sensitive-tags', world, createVolume('vol-1'));
  expect(JSON.stringify(findings)).not.toContain(mail);
});

test('a secret in that tag is in no finding', async () => {
  const { harness } = start({ volumes: [tagged(token)] }, { ...fixing, alerts: { ownerTag: 'team' } });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.length).toBeGreaterThan(0);
  for (const finding of harness.announced) expect(finding).not.toHaveProperty('owner');
});

test.each([undefined, 'owner'])('without such a tag in the config or on the resource (%s) there is no owner', async (ownerTag) => {
  const { harness } = start({ volumes: [tagged()] }, { ...fixing, alerts: { ownerTag } });
  harness.put(ofVolume('vol-1'));
  await harness.settle();
  expect(harness.announced.length).toBeGreaterThan(0);
  for (const finding of harness.announced) expect(finding).not.toHaveProperty('owner');
});
