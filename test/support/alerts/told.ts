import type { Volume } from '@aws-sdk/client-ec2';
import type { AnyControl, Mode } from '#shared/control/control.ts';
import type { Finding } from '#shared/finding/finding.ts';
import trailLogging from '../../../functions/account/trails/trail-logging.ts';
import templateEncrypted from '../../../functions/launch-templates/launch-template-encrypted.ts';
import commandNoSecrets from '../../../functions/systems-manager/commands/command-no-secrets.ts';
import defaultEncryption from '../../../functions/volumes/default-encryption/ebs-default-encryption.ts';
import { volumes } from '../../../functions/volumes/kind.ts';
import volumeEncrypted from '../../../functions/volumes/volume-encrypted.ts';
import { createVolume, ebsSetting, messageFor, orderFor, scheduled } from '../../fixtures/events.ts';
import { token } from '../../fixtures/secrets.ts';
import { trailCall, trailsWorld } from '../account/trails.ts';
import { sendCommand } from '../commands/events.ts';
import { runsWorld } from '../commands/world.ts';
import { tagControlsOf } from '../controls.ts';
import { ec2World, volume } from '../ec2-world.ts';
import { Harness, type World } from '../harness.ts';
import { createTemplate } from '../launches/events.ts';
import { image, launchWorld, template } from '../launches/world.ts';
import { volumesWorld } from '../volumes/world.ts';

const { owner: volumeOwner, sensitive: volumeSensitive } = tagControlsOf(volumes);

const VOLUME = 'vol-0a1b2c3d4e5f60718';
const TEMPLATE = 'lt-0a1b2c3d4e5f60718';
const erin = 'arn:aws:iam::111122223333:user/erin';
const eventID = '0f1e2d3c-0000-4000-8000-000000000000';

/** A volume that is neither encrypted nor attached. */
const open: Volume = { VolumeId: VOLUME, Encrypted: false, State: 'available', VolumeType: 'gp3', Size: 8, Attachments: [], Tags: [] };

/** An e-mail address, made up here; no alert may hold it. */
export const address = 'anna.berg@example.com';

/** A launch template of an unencrypted AMI, of which Redress made an encrypted version. */
export function replacedTemplate(): Promise<Finding> {
  const data = { ImageId: 'ami-0f00', InstanceType: 't3.micro' as const };
  const world = launchWorld({ templates: [template(TEMPLATE, data)], images: [image('ami-0f00')] });
  return told(templateEncrypted, 'fix', world, createTemplate(TEMPLATE, { eventID }));
}

/** A volume whose name holds an address, under a control that only observes. */
export function sensitiveName(): Promise<Finding> {
  const world = ec2World({ volumes: [volume(VOLUME, { Name: `disk of ${address}` })] });
  return told(volumeSensitive, 'observe', world, createVolume(VOLUME, { eventID }));
}

/** A command that was given a token. */
export function leakingCommand(): Promise<Finding> {
  const id = '0a1b2c3d-0000-4000-8000-000000000001';
  const Parameters = { commands: ['set -e', `echo "LLM_AUTH_TOKEN=${token}" >> .env`] };
  const world = runsWorld({ commands: { [id]: { DocumentName: 'AWS-RunShellScript', Parameters } } });
  return told(commandNoSecrets, 'observe', world, sendCommand(id, {}, { eventID }));
}

/** A new volume that was tagged with its owner. */
export function ownedVolume(): Promise<Finding> {
  return told(volumeOwner, 'fix', ec2World({ volumes: [volume(VOLUME)] }), createVolume(VOLUME, { eventID }));
}

/** The only trail, which somebody stopped and Redress started again. */
export function restartedTrail(): Promise<Finding> {
  const world = trailsWorld({ trails: { 'management-events': { logs: false } } });
  return told(trailLogging, 'fix', world, trailCall('StopLogging', 'management-events', { eventID }));
}

/** A setting that Redress turned on, and that somebody turned off again by an order. */
export async function undoneSetting(): Promise<Finding> {
  return await orderedSetting('undo');
}

/** The same, and then a person had it fixed once more: the order opened a finding of its own. */
export async function ordered(): Promise<Finding> {
  return await orderedSetting('undo', 'fix');
}

/** An old volume that a sweep found, and that waits for approval. */
export async function swept(): Promise<Finding> {
  const event = { ...scheduled(), id: eventID };
  return await told(volumeEncrypted, 'approve', volumesWorld({ volumes: [open] }), event);
}

/** A new volume that is not encrypted, under a control that only observes. */
export async function called(): Promise<Finding> {
  return await told(volumeEncrypted, 'observe', volumesWorld({ volumes: [open] }), createVolume(VOLUME, { eventID }));
}

async function orderedSetting(...kinds: readonly ('fix' | 'undo')[]): Promise<Finding> {
  const world = volumesWorld();
  const harness = new Harness({ controls: [defaultEncryption], world });
  harness.put(messageFor(defaultEncryption.id, ebsSetting('DisableEbsEncryptionByDefault', {}, { eventID })));
  await harness.settle();
  const [fixed] = await harness.findings();
  for (const [n, kind] of kinds.entries()) {
    const at = new Date(Date.parse('2026-11-21T10:00:00Z') + n * 3_600_000);
    harness.put(orderFor(defaultEncryption.id, kind, fixed?.id ?? '', { id: `o-${n + 1}`, by: erin, at: at.toISOString() }));
    harness.now = new Date(at.getTime() + 2000);
    await harness.settle();
  }
  return lastOf(harness, world);
}

/** The last finding that the engine tells of an event under one control. */
async function told(control: AnyControl, mode: Mode, world: World, event: object): Promise<Finding> {
  const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode } } }, world });
  harness.put(messageFor(control.id, event));
  await harness.settle();
  return lastOf(harness, world);
}

function lastOf(harness: Harness, world: World): Finding {
  world.restore?.();
  const last = harness.announced.at(-1);
  if (!last) throw new Error('nothing was told');
  return last;
}
