import { afterEach, expect, test } from 'vitest';
import { messageFor, scheduled } from '../../test/fixtures/events.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { createGroup } from '../../test/support/launches/events.ts';
import { follow, group, image, launchWorld, template } from '../../test/support/launches/world.ts';
import control from './auto-scaling-group-encrypted.ts';

let restore: (() => void) | undefined;
afterEach(() => restore?.());

// https://github.com/hashicorp/terraform-provider-aws/issues/29830
test('an update that AWS refuses during an instance refresh says when Redress tries again, and the sweep does', async () => {
  const refuses: { [operation: string]: Error } = {
    UpdateAutoScalingGroup: awsError('ValidationError', 'An active instance refresh with a desired configuration exists.'),
  };
  const encrypted = { ImageId: 'ami-1', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] };
  const world = launchWorld({
    images: [image('ami-1')],
    templates: [template('lt-1', { ImageId: 'ami-1' }, encrypted)],
    groups: [group('web', { LaunchTemplate: follow('lt-1', '1') })],
    refuses,
  });
  restore = world.restore;
  const config = { controls: { [control.id]: { mode: 'fix' as const, allowGroupUpdates: true } } };
  const harness = new Harness({ controls: [control], config, world });
  harness.put(messageFor(control.id, createGroup('web')));
  await harness.settle();
  const told = harness.announced.filter(({ status }) => status === 'failed');
  expect(told.map(({ says }) => says)).toEqual([
    expect.stringMatching(
      /AWS refused the fix: ValidationError: An active instance refresh with a desired configuration exists\. Redress tries again within minutes, at most \d more times\. The next sweep, within an hour, tries again\.$/,
    ),
  ]);
  const [last] = await harness.findings();
  expect(last?.says).toMatch(
    /Its message goes to the dead-letter queue now; `redress redrive` has it tried again\. The next sweep, within an hour, tries again\.$/,
  );
  delete refuses['UpdateAutoScalingGroup'];
  harness.now = new Date(harness.now.getTime() + 3_600_000);
  harness.put(messageFor(control.id, scheduled()));
  await harness.settle();
  expect((await harness.findings()).map(({ status }) => status)).toEqual(['fixed']);
});
