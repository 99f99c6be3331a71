import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
  type LaunchConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { creationOf, scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import type { World } from '../../../test/support/harness.ts';
import { compressed, encoded } from '../../../test/support/launch/user-data.ts';
import { testControl } from '../../../test/support/tester.ts';
import { launchConfigurations } from './kind.ts';
import control from './launch-configuration-user-data-no-secrets.ts';

const script = `#!/bin/bash\nexport GITHUB_TOKEN=${token}\n`;
const made = creationOf(launchConfigurations, 'lc-1');

/** An Auto Scaling with a launch configuration of this user data, or with none. */
function world(UserData?: string, isThere = true): () => World {
  return () => {
    const autoScaling = mockClient(AutoScalingClient);
    // AWS answers an empty text where there is no user data
    const configuration: LaunchConfiguration = {
      LaunchConfigurationName: 'lc-1',
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
      UserData: UserData ?? '',
      CreatedTime: undefined,
    };
    autoScaling.on(DescribeLaunchConfigurationsCommand).resolves({ LaunchConfigurations: isThere ? [configuration] : [] });
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    return { send: sendWith({ autoscaling: () => new AutoScalingClient({}) }), restore: () => void autoScaling.restore() };
  };
}

testControl(control, {
  valid: [
    { name: 'a launch configuration without user data', world: world(), event: made },
    { name: 'one whose script reads its secrets', world: world(encoded('#!/bin/bash\n')), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a secret in its script',
      world: world(encoded(script)),
      event: made,
      sends: [],
      status: 'open',
      says: 'Its user data holds what looks like a secret: github-token in line 2, assignment in line 2.',
      advice:
        /^Change the secret first: [\s\S]*Then delete it: `aws autoscaling delete-launch-configuration --launch-configuration-name lc-1`/,
      secret: token,
    },
    {
      name: 'a secret in a compressed script, found by the sweep',
      world: world(compressed(script)),
      event: scheduled(),
      sends: [],
      status: 'open',
      says: /github-token in line 2/,
      secret: compressed(script),
    },
  ],
  skipped: [
    { name: 'user data that is no text', world: world(encoded(Buffer.from([0x1f, 0x8b, 1]))), event: made, says: /cannot be unpacked/ },
    { name: 'one that is gone', world: world(undefined, false), event: made, says: /is gone/ },
  ],
});
