import { code, option } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';
import {
  NO_LOOK_AT_USER_DATA,
  NOT_JUDGED,
  rotateFirst,
  sayPlaces,
  secretsInUserData,
  userDataPages,
  userDataSource,
} from '#shared/launch/user-data-secrets.ts';
import { launchConfigurations } from './kind.ts';

export default defineControl(launchConfigurations, {
  id: 'launch-configuration-user-data-no-secrets',
  title: 'The user data of launch configurations holds no secrets',
  why: 'Whoever may call DescribeLaunchConfigurations reads user data, and so does every program on each instance that is launched with it.',
  remediation: 'Reports only; changes nothing.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: launchConfigurations.created,
  sweep: { every: '1 day', atDeployment: true },
  references: [...userDataPages, 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html'],
  iac: userDataSource('AWS::AutoScaling::LaunchConfiguration', 'aws_launch_configuration', 'AutoScalingGroup'),
  prevention: { none: NO_LOOK_AT_USER_DATA },
  // a secret has to be changed, whoever manages the groups
  reportsManaged: true,

  inspectOne: ({ UserData }, _read, _context, { id }) => ({
    name: id,
    found: secretsInUserData(UserData ? new Secret(UserData, `user data of ${id}`) : undefined),
  }),

  judge({ name, found }): Verdict {
    if (found.kinds.length === 0)
      return found.isWhole ? { is: 'compliant', says: 'Its user data shows no secret.' } : { is: 'skip', says: NOT_JUDGED };
    const remove = `aws autoscaling delete-launch-configuration ${option('launch-configuration-name', name)}`;
    return {
      is: 'violation',
      says: `Its user data holds what looks like a secret: ${sayPlaces(found)}.`,
      risk: found.kinds.join(' '),
      advice: [
        rotateFirst,
        `A launch configuration cannot be changed: move the groups that use it to a launch template without the secret, and have them replace their instances. Then delete it: ${code(remove)}.`,
      ],
    };
  },

  before: ({ found }) => ({ kinds: found.kinds }),
});
