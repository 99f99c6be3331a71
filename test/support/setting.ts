import type { Volume } from '@aws-sdk/client-ec2';
import { afterEach } from 'vitest';
import type { AwsCommand } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { createVolume, ebsSetting, messageFor } from '../fixtures/events.ts';
import { controlsOfFunction } from './controls.ts';
import { Harness, type HarnessOptions, type World } from './harness.ts';
import { type Account, volumesWorld } from './volumes/world.ts';

const controls = controlsOfFunction('volumes');

/** An unencrypted, unattached volume. */
export const volume = (id: string, more: Partial<Volume> = {}): Volume => ({
  VolumeId: id,
  Encrypted: false,
  State: 'available',
  VolumeType: 'gp3',
  Size: 8,
  Iops: 3000,
  Throughput: 125,
  AvailabilityZone: 'eu-west-1a',
  Attachments: [],
  Tags: [],
  ...more,
});

/** What `Object.assign` makes of a volume that is attached to `i-1`. */
export const attached: Partial<Volume> = { State: 'in-use', Attachments: [{ InstanceId: 'i-1', State: 'attached' }] };
export const detached: Partial<Volume> = { State: 'available', Attachments: [] };

/** Volumes are fixed at once. */
export const fixing: RedressConfig = { controls: { 'volume-encrypted': { mode: 'fix', settleSeconds: 0 } } };
export const ofVolume = (id: string) => messageFor('volume-encrypted', createVolume(id, { eventID: `event-${id}` }));
export const turnedOff = () => messageFor('ebs-default-encryption', ebsSetting('DisableEbsEncryptionByDefault'));
export const pause = { by: 'arn:aws:iam::111122223333:user/dana', at: '2026-11-21T09:00:00.000Z', reason: 'a migration' };

let worlds: World[] = [];
afterEach(() => {
  for (const world of worlds) world.restore?.();
  worlds = [];
});

/** A harness over both volume controls; `around` sees every command before the world does. */
export function start(
  account: Account,
  config: RedressConfig = fixing,
  around?: (command: AwsCommand, next: () => Promise<unknown>) => Promise<unknown>,
  more: Partial<HarnessOptions> = {},
) {
  const world = volumesWorld(account);
  worlds.push(world);
  const send: World['send'] = (command) => (around ? around(command, () => world.send(command)) : world.send(command));
  return { harness: new Harness({ controls, config, world: { send }, ...more }), volumes: world.volumes, world };
}

export const copiesOf = (volumes: readonly Volume[], id: string) => volumes.filter(({ SourceVolumeId }) => SourceVolumeId === id);
export const statuses = async (harness: Harness) =>
  (await harness.findings()).map(({ status, resource }) => `${resource.id} ${status}`).sort();

/** Moves the clock on. */
export function pass(harness: Harness, seconds: number): void {
  harness.now = new Date(harness.now.getTime() + seconds * 1000);
}
