import { OPERATIONS } from '#shared/launch/key-policy.ts';
import {
  event,
  following,
  keyCases,
  likeAwsOwn,
  ownRole,
  policyFor,
  shared,
  theirs,
  usual,
  volume,
  world,
} from '../../test/support/auto-scaling-groups/key-cases.ts';
import { place } from '../../test/support/harness.ts';
import { createVersion, updateGroup } from '../../test/support/launches/events.ts';
import { group, launchWorld } from '../../test/support/launches/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './auto-scaling-key-usable.ts';

testControl(control, {
  valid: [
    { name: 'the AWS managed key', world: world({}, { data: volume() }), event },
    { name: 'a customer key whose policy lets the role use it', world: world({ policy: policyFor(usual) }), event },
    {
      name: 'a customer key with a grant for the role',
      world: world({ grants: [{ GranteePrincipal: usual, Operations: [...OPERATIONS] }] }),
      event,
    },
    {
      name: "a shared AMI under another account's key, which a grant opens to the role",
      world: world(
        {},
        {
          ...shared,
          keys: { [theirs]: { Arn: theirs, grants: [{ GranteePrincipal: usual, Operations: [...OPERATIONS] }] } },
        },
      ),
      event,
    },
    { name: "a customer key with a policy like AWS's own", world: world({ policy: likeAwsOwn(place.region) }), event },
    {
      name: "a group's own service-linked role, which the policy names",
      world: world({ policy: policyFor(ownRole) }, { role: ownRole }),
      event,
    },
    { name: 'a group that follows another version than the one that is new', world: following('1'), event: createVersion('lt-1') },
    { name: 'volumes that are not encrypted', world: world({}, { data: { ImageId: 'ami-1' } }), event },
    {
      name: 'a group that is being deleted',
      world: () => launchWorld({ groups: [group('web', { Status: 'Delete in progress' })] }),
      event: updateGroup('web'),
    },
    {
      name: 'an encrypted launch configuration under the AWS managed key',
      world: world(
        {},
        {
          groups: [group('web', { LaunchConfigurationName: 'old' })],
          configurations: [
            {
              LaunchConfigurationName: 'old',
              ImageId: 'ami-1',
              InstanceType: 't3.micro',
              CreatedTime: new Date(0),
              BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }],
            },
          ],
        },
      ),
      event,
    },
  ],
  invalid: keyCases,
  skipped: [{ name: 'a group that is gone', world: () => launchWorld(), event, says: 'The resource is gone.' }],
});
