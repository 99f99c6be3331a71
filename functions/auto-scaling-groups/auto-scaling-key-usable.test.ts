import { awsError, place } from '../../test/support/harness.ts';
import type { Key } from '../../test/support/kms.ts';
import type { Account } from '../../test/support/launches/account.ts';
import { createGroup, updateGroup } from '../../test/support/launches/events.ts';
import { follow, group, image, launchWorld, template } from '../../test/support/launches/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './auto-scaling-key-usable.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const usual = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const ownRole = `${usual}_blue`;
const volume = (KmsKeyId?: string) => ({
  ImageId: 'ami-1',
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, ...(KmsKeyId && { KmsKeyId }) } }],
});
const policyFor = (role: string) => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': true } },
    },
  ],
});
const world =
  (one: Key, { role = usual, data = volume(key), ...account }: Account & { role?: string; data?: object } = {}) =>
  () =>
    launchWorld({
      images: [image('ami-1')],
      templates: [template('lt-1', data)],
      groups: [group('web', { LaunchTemplate: follow('lt-1', '1'), ServiceLinkedRoleARN: role })],
      keys: { [key]: { Arn: key, ...one } },
      ...account,
    });
const event = createGroup('web');
const failing = { event, sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'the AWS managed key', world: world({}, { data: volume() }), event },
    { name: 'a customer key whose policy lets the role use it', world: world({ policy: policyFor(usual) }), event },
    {
      name: 'a customer key with a grant for the role',
      world: world({ grants: [{ Operations: ['GenerateDataKeyWithoutPlaintext', 'CreateGrant'] }] }),
      event,
    },
    {
      name: "a group's own service-linked role, which the policy names",
      world: world({ policy: policyFor(ownRole) }, { role: ownRole }),
      event,
    },
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
  invalid: [
    {
      ...failing,
      name: 'a customer key that the role may not use',
      world: world({}),
      says: `Its launches fail: the Auto Scaling service-linked role may not use ${key}, so groups could launch nothing.`,
      advice: new RegExp(
        `^Add to the key policy: \\{"Sid":"AutoScalingUsesTheKey","Effect":"Allow","Principal":\\{"AWS":"${usual}"\\}.*\nAdd to the key policy: \\{"Sid":"AutoScalingGrantsTheKey".*"kms:GrantIsForAWSResource":true`,
      ),
    },
    {
      ...failing,
      name: "a group's own service-linked role, where the policy names the usual one",
      world: world({ policy: policyFor(usual) }, { role: ownRole }),
      says: /may not use/,
      advice: /AWSServiceRoleForAutoScaling_blue/,
    },
    {
      ...failing,
      name: 'a default key of EBS that the role may not use',
      world: world({}, { data: volume(), defaultKey: key }),
      says: /may not use/,
    },
    {
      ...failing,
      name: 'the key of a snapshot of an encrypted AMI',
      world: world(
        {},
        {
          data: { ImageId: 'ami-1' },
          images: [image('ami-1', { encrypted: true })],
          snapshots: [{ SnapshotId: 'snap-of-ami-1', OwnerId: place.account, Encrypted: true, KmsKeyId: key }],
        },
      ),
      says: /may not use/,
    },
    {
      ...failing,
      name: 'a key that is disabled',
      world: world({ KeyState: 'Disabled' }),
      says: /the key .* is Disabled/,
      advice: /Enable the key/,
    },
    {
      ...failing,
      name: 'a key that is gone',
      world: world({}, { data: volume('alias/gone') }),
      says: /the key alias\/gone does not exist/,
    },
    {
      ...failing,
      name: 'a policy with conditions that Redress cannot judge',
      world: world({
        policy: {
          Statement: policyFor(usual).Statement.map((one) => ({ ...one, Condition: { StringEquals: { 'kms:CallerAccount': '1' } } })),
        },
      }),
      says: /Whether Auto Scaling may use .* is not known/,
    },
    {
      ...failing,
      name: 'a key that Redress may not look at',
      world: world({}, { refuses: { DescribeKey: awsError('AccessDeniedException', 'not allowed') } }),
      says: /is not known: Redress may not look at the key/,
    },
  ],
  skipped: [{ name: 'a group that is gone', world: () => launchWorld(), event, says: 'The resource is gone.' }],
});
