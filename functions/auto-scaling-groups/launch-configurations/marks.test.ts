import type { LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import { expect, test } from 'vitest';
import { messageFor, orderFor, scheduled } from '../../../test/fixtures/events.ts';
import { Harness } from '../../../test/support/harness.ts';
import { createConfiguration } from '../../../test/support/launches/events.ts';
import { group, image, launchWorld, template } from '../../../test/support/launches/world.ts';
import control from './launch-configuration-encrypted.ts';

/*
 * A template takes a launch configuration's place only if AWS does not name somebody else as its maker: a tag is anybody's, and
 * volumes that are encrypted may be so under a key of theirs.
 */
const old: LaunchConfiguration = {
  LaunchConfigurationName: 'old',
  LaunchConfigurationARN: 'arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:u:launchConfigurationName/old',
  CreatedTime: new Date(0),
  ImageId: 'ami-1',
  InstanceType: 't3.micro',
  InstanceMonitoring: { Enabled: true },
};
const equal = {
  ImageId: 'ami-1',
  InstanceType: 't3.micro' as const,
  Monitoring: { Enabled: true },
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }],
};
const ours = 'arn:aws:sts::111122223333:assumed-role/redress-auto-scaling-groups-eu-west-1/redress-auto-scaling-groups';
const theirs = 'arn:aws:iam::111122223333:user/mallory';
const marked = (id: string, CreatedBy: string) => ({
  ...template(id, equal),
  CreatedBy,
  Tags: [{ Key: 'redress:made-from', Value: 'old' }],
});

function start(templates: ReturnType<typeof marked>[], groups = [group('web', { LaunchConfigurationName: 'old' })]) {
  const world = launchWorld({ images: [image('ami-1')], groups, configurations: [old], templates });
  const config = { controls: { [control.id]: { mode: 'approve' as const, allowGroupUpdates: true } } };
  return new Harness({ controls: [control], config, world });
}

test('a template that somebody else made is reported, and not given to a group', async () => {
  const harness = start([marked('lt-8', theirs)]);
  harness.put(messageFor(control.id, createConfiguration('old')));
  await harness.settle();
  const [finding] = await harness.findings();
  expect(finding).toMatchObject({ status: 'awaiting-approval' });
  expect(finding?.advice.map(({ says }) => says)).toEqual([
    'lt-8 is tagged as made by Redress, and AWS names somebody else: compare it before you use it.',
  ]);
  harness.put(orderFor(control.id, 'fix', finding?.id ?? ''));
  await harness.settle();
  expect(harness.writes.map(({ api }) => api)).toEqual(['ec2:CreateLaunchTemplate', 'autoscaling:UpdateAutoScalingGroup']);
  expect(JSON.stringify(harness.writes)).not.toContain('lt-8');
});

test('a template of our own is found behind that of somebody else', async () => {
  const harness = start([marked('lt-8', theirs), marked('lt-9', ours)], []);
  harness.put(messageFor(control.id, scheduled()));
  await harness.settle();
  expect(await harness.findings()).toEqual([]);
});
