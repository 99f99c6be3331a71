import { callEvent, roleSession } from '../../fixtures/events.ts';
import { awsError, place } from '../harness.ts';
import { createGroup } from '../launches/events.ts';
import { follow, group } from '../launches/world.ts';
import type { InvalidCase } from '../tester.ts';
import { allowed, bad, by, defaulted, fix, good, moved, world } from './policies.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const other = 'arn:aws:kms:eu-west-1:111122223333:key/k2';
const dataVolume = (KmsKeyId?: string) => ({
  DeviceName: '/dev/sdf',
  Ebs: { VolumeSize: 8, Encrypted: true, ...(KmsKeyId && { KmsKeyId }) },
});
const usual = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const underKey = { ...bad, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: key } }] };
const uses = { Effect: 'Allow', Principal: { AWS: usual }, Action: 'kms:*', Resource: '*' };
const event = createGroup('web');
const kept = { event, settings: allowed, modes: fix, sends: [], status: 'open' as const };
const role = (ServiceLinkedRoleARN: string) => ({ ...by('1'), ServiceLinkedRoleARN });

/** Moves that could stop a group's launches, or change what somebody else owns. */
export const moveCases: readonly InvalidCase[] = [
  {
    name: 'an encrypted version under a key that the role of the group may use',
    world: world(role(usual), [bad, underKey], { keys: { [key]: { Arn: key, policy: { Statement: [uses] } } } }),
    event,
    settings: allowed,
    sends: [moved('2')],
    status: 'fixed',
    says: /^Found: Version 1/,
  },
  {
    name: "an encrypted version under a key that the group's own role may not use, though the usual one may",
    world: world(role(`${usual}_blue`), [bad, underKey], { keys: { [key]: { Arn: key, policy: { Statement: [uses] } } } }),
    ...kept,
    says: /launches unencrypted/,
    advice: /^It is not moved: the Auto Scaling service-linked role may not use .*\n.*AWSServiceRoleForAutoScaling_blue/,
  },
  // the same fault as containers-roadmap#1087, by the default that groups share
  {
    name: 'a default version that another group follows too, whose role may not use the key',
    world: world({ ...by('$Default'), ServiceLinkedRoleARN: usual }, [bad, underKey], {
      keys: { [key]: { Arn: key, policy: { Statement: [uses] } } },
      groups: [group('blue', { ...by('$Default'), ServiceLinkedRoleARN: `${usual}_blue` })],
    }),
    ...kept,
    says: /launches unencrypted/,
    advice: /^It is not moved: .* may not use \S+\/k1: AWSServiceRoleForAutoScaling_blue lacks/,
  },
  {
    name: 'a default version that other groups do not follow',
    world: world({ ...by('$Default'), ServiceLinkedRoleARN: usual }, [bad, underKey], {
      keys: { [key]: { Arn: key, policy: { Statement: [uses] } } },
      groups: [group('blue', { ...by('1'), ServiceLinkedRoleARN: `${usual}_blue` })],
    }),
    event,
    settings: allowed,
    sends: [defaulted('2')],
    status: 'fixed',
    says: /^Found: Version 1/,
  },
  {
    name: 'a default version that a role asks for fleets from',
    world: world({ ...by('$Default'), ServiceLinkedRoleARN: usual }, [bad, underKey], {
      keys: { [key]: { Arn: key, policy: { Statement: [uses] } } },
      history: [
        callEvent('CreateFleet', {
          userIdentity: roleSession('karpenter', 'session'),
          requestParameters: {
            CreateFleetRequest: { LaunchTemplateConfigs: { LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1' } } },
          },
        }).detail,
      ],
    }),
    ...kept,
    status: 'awaiting-approval',
    says: /:role\/karpenter asks for fleets or Spot Instances here, and lacks/,
    advice: /^Add to the key policy: \{"Sid":"LauncherUsesTheKey"/,
  },
  {
    name: 'an encrypted version under a key that is gone',
    world: world(by('$Default'), [bad, underKey]),
    ...kept,
    says: /launches unencrypted/,
    advice: /It is not moved: the key .* does not exist/,
  },
  {
    name: 'an encrypted version under a key that KMS does not take',
    world: world(by('1'), [bad, underKey], { refuses: { DescribeKey: awsError('InvalidArnException', 'Invalid arn') } }),
    ...kept,
    says: /launches unencrypted/,
    advice: /It is not moved: AWS KMS does not take the key .*: .*Invalid arn/,
  },
  {
    name: 'an encrypted version under a key of another account, on which no grant shows',
    world: world(by('1'), [bad, underKey], {
      keys: { [key]: { Arn: 'arn:aws:kms:eu-west-1:999999999999:key/k1' } },
      refuses: { GetKeyPolicy: awsError('AccessDeniedException', 'of another account') },
    }),
    ...kept,
    status: 'awaiting-approval',
    says: /A person should look first: arn:aws:kms:eu-west-1:999999999999:key\/k1 is of another account, and no grant on it shows/,
    advice: /^If the policy of \S+ lets this account make grants, run here: `aws kms create-grant/,
  },
  {
    name: 'an encrypted version that puts a volume under another key than now, which the role may not use',
    world: world(
      role(usual),
      [
        { ...bad, BlockDeviceMappings: [dataVolume()] },
        { ...underKey, BlockDeviceMappings: [...underKey.BlockDeviceMappings, dataVolume(other)] },
      ],
      { keys: { [key]: { Arn: key, policy: { Statement: [uses] } }, [other]: { Arn: other } } },
    ),
    ...kept,
    says: /launches unencrypted/,
    advice: /^It is not moved: the Auto Scaling service-linked role may not use \S+\/k2: /,
  },
  {
    name: 'a default version of a template that a stack owns',
    world: world(by('$Default'), [bad, good], {}, { Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }),
    ...kept,
    says: /\(\$Default\) launches unencrypted/,
    advice: /^The CloudFormation stack web manages the launch template name-of-lt-1: make version 2 its default there\.$/,
  },
  {
    name: 'a default version of a template that claims to be of Terraform',
    world: world(by('$Default'), [bad, good], {}, { Tags: [{ Key: 'note', Value: 'terraform' }] }),
    ...kept,
    status: 'awaiting-approval',
    says: /A person should look first: the launch template name-of-lt-1 claims to be managed by Terraform\.$/,
  },
  {
    name: 'the same where claims are believed',
    world: world(by('$Default'), [bad, good], {}, { Tags: [{ Key: 'note', Value: 'terraform' }] }),
    ...kept,
    managers: { claims: 'skip' },
    says: /\(\$Default\) launches unencrypted/,
    advice: /^Terraform manages the launch template name-of-lt-1: make version 2 its default there\.$/,
  },
  {
    name: 'the same where claims count for nothing',
    world: world(by('$Default'), [bad, good], {}, { Tags: [{ Key: 'note', Value: 'terraform' }] }),
    event,
    settings: allowed,
    managers: { claims: 'fix' },
    sends: [defaulted('2')],
    status: 'fixed',
    says: /^Found: Version 1/,
  },
  {
    name: 'a version by number of a template that claims to be of Terraform, to which the group itself is moved',
    world: world(by('1'), [bad, good], {}, { Tags: [{ Key: 'note', Value: 'terraform' }] }),
    event,
    settings: allowed,
    sends: [moved('2')],
    status: 'fixed',
    says: /^Found: Version 1/,
  },
  {
    name: 'a template that claims to be of Terraform, whose encrypted version waits for a person',
    world: world(by('1'), [bad], {}, { Tags: [{ Key: 'note', Value: 'terraform' }] }),
    ...kept,
    // nobody waits for what waits for a person
    says: /launches unencrypted(?!.*Redress waited)/,
    advice: 'launch-template-encrypted asks a person first: the launch template name-of-lt-1 claims to be managed by Terraform.',
  },
  {
    name: 'a version by number of a template that a stack owns, to which the group itself is moved',
    world: world(by('1'), [bad, good], {}, { Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }),
    event,
    settings: allowed,
    sends: [moved('2')],
    status: 'fixed',
    says: /^Found: Version 1/,
  },
  {
    name: 'a version that cannot be encrypted, for which nobody waits',
    world: world(by('$Latest'), [{ ...bad, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1' } }] }], {
      snapshots: [{ SnapshotId: 'snap-1', Encrypted: false }],
    }),
    ...kept,
    says: /the snapshot snap-1 is not encrypted\.$/,
    advice:
      /encrypted copy of snap-1.*`aws ec2 copy-snapshot --encrypted --region eu-west-1 --source-region eu-west-1 --source-snapshot-id snap-1 /,
  },
  {
    name: "an override's own image that the encrypted latest does not cover, for which nobody waits",
    world: world(
      {
        MixedInstancesPolicy: {
          LaunchTemplate: { LaunchTemplateSpecification: follow('lt-1', '$Latest'), Overrides: [{ ImageId: 'ami-2' }] },
        },
      },
      [good],
    ),
    ...kept,
    says: /\/dev\/sda1, since the snapshot of ami-2 is not encrypted\.$/,
    advice: /^An override names an image whose devices the template does not encrypt/,
  },
  {
    name: 'a policy that names a version which is gone beside one that is bad',
    world: world({
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: follow('lt-1', '1'),
          Overrides: [{ InstanceType: 't3.micro' }, { InstanceType: 't3.small', LaunchTemplateSpecification: follow('lt-1', '7') }],
        },
      },
    }),
    ...kept,
    settings: {},
    says: /^Version 1 of name-of-lt-1 launches unencrypted volumes: .* It can launch nothing: version 7 of name-of-lt-1 is gone\.$/,
  },
];
