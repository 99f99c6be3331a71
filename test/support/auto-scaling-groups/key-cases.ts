import { awsError, place } from '../harness.ts';
import type { Key } from '../kms.ts';
import type { Account } from '../launches/account.ts';
import { createGroup, createVersion, modifyTemplate } from '../launches/events.ts';
import { follow, group, image, launchWorld, template } from '../launches/world.ts';
import type { InvalidCase } from '../tester.ts';

const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const second = 'arn:aws:kms:eu-west-1:111122223333:key/k2';
/** A key of another account. */
export const theirs = 'arn:aws:kms:eu-west-1:999999999999:key/theirs';
/** The service-linked role of Auto Scaling that every account has. */
export const usual = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
/** A group's own service-linked role. */
export const ownRole = `${usual}_blue`;
/** A launch of one encrypted volume. */
export const volume = (KmsKeyId?: string) => ({
  ImageId: 'ami-1',
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, ...(KmsKeyId && { KmsKeyId }) } }],
});
/** A policy of AWS's two statements. */
export const policyFor = (role: string) => ({
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
/** As AWS writes the policy of its own key `aws/ebs`. */
export const likeAwsOwn = (region: string) => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:CreateGrant', 'kms:DescribeKey'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': place.account, 'kms:ViaService': `ec2.${region}.amazonaws.com` } },
    },
  ],
});
/** An encrypted AMI of another account, with the snapshot that it shares; new volumes are under the AWS managed key. */
export const shared = {
  data: { ImageId: 'ami-1' },
  images: [image('ami-1', { encrypted: true, OwnerId: '999999999999' })],
  snapshots: [{ SnapshotId: 'snap-of-ami-1', OwnerId: '999999999999', Encrypted: true, KmsKeyId: theirs }],
};
/** A fresh world of one group. */
export const world =
  (one: Key, { role = usual, data = volume(key), ...account }: Account & { role?: string; data?: object } = {}) =>
  () =>
    launchWorld({
      images: [image('ami-1')],
      templates: [template('lt-1', data)],
      groups: [group('web', { LaunchTemplate: follow('lt-1', '1'), ServiceLinkedRoleARN: role })],
      keys: { [key]: { Arn: key, ...one } },
      ...account,
    });
/** A template whose second version comes under the default key, which is open to the usual role alone. */
export const following =
  (version: string, number = 1) =>
  () =>
    launchWorld({
      images: [image('ami-1')],
      templates: [{ ...template('lt-1', volume(second), volume()), default: number }],
      groups: [group('web', { LaunchTemplate: follow('lt-1', version), ServiceLinkedRoleARN: ownRole })],
      defaultKey: key,
      keys: { [key]: { Arn: key, policy: policyFor(usual) }, [second]: { Arn: second, policy: policyFor(ownRole) } },
    });
/** What looks at the group. */
export const event = createGroup('web');
const failing = { event, sends: [], status: 'open' as const };

/** Keys that the role of a group may not use, or perhaps not. */
export const keyCases: readonly InvalidCase[] = [
  {
    ...failing,
    name: 'a customer key that the role may not use',
    world: world({}),
    says: /^Its launches fail: the Auto Scaling service-linked role may not use \S+\/k1: AWSServiceRoleForAutoScaling lacks kms:Encrypt, .*\.$/,
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
  // containers-roadmap#1087: the next version drops the key that is open to the group
  {
    ...failing,
    name: 'a group that follows the latest version, of which another is made under a key that its role may not use',
    event: createVersion('lt-1'),
    world: following('$Latest'),
    says: /may not use \S+\/k1: AWSServiceRoleForAutoScaling_blue lacks/,
  },
  {
    ...failing,
    name: 'a group that follows the default version, which moves to one under such a key',
    event: modifyTemplate('lt-1'),
    world: following('$Default', 2),
    says: /may not use \S+\/k1: AWSServiceRoleForAutoScaling_blue lacks/,
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
        Statement: policyFor(usual).Statement.map((one) => ({ ...one, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })),
      },
    }),
    says: /Whether Auto Scaling may use .* is not known: .* conditions that Redress cannot judge \(aws:PrincipalOrgID\)/,
    advice: /^Look in CloudTrail whether AWSServiceRoleForAutoScaling has used/,
  },
  {
    ...failing,
    name: 'a policy for EC2 of another Region',
    world: world({ policy: likeAwsOwn('us-east-1') }),
    says: /AWSServiceRoleForAutoScaling lacks kms:Encrypt, kms:Decrypt, kms:ReEncrypt\*, kms:GenerateDataKey\*, kms:DescribeKey, kms:CreateGrant\.$/,
  },
  // aws-secure-environment-accelerator#685, aws-service-catalog-reference-architectures#103
  {
    ...failing,
    name: 'a policy with GenerateDataKeyWithoutPlaintext and CreateGrant alone',
    world: world({
      policy: { Statement: [{ ...policyFor(usual).Statement[0], Action: ['kms:GenerateDataKeyWithoutPlaintext', 'kms:CreateGrant'] }] },
    }),
    says: /AWSServiceRoleForAutoScaling lacks kms:Encrypt, kms:Decrypt, kms:ReEncrypt\*, kms:GenerateDataKey, kms:DescribeKey\.$/,
    advice:
      /^Add to the key policy: \{.*"Action":\["kms:Encrypt","kms:Decrypt","kms:ReEncrypt\*","kms:GenerateDataKey","kms:DescribeKey"\]\}$/,
  },
  {
    ...failing,
    name: 'a grant of the same two',
    world: world({ grants: [{ GranteePrincipal: usual, Operations: ['GenerateDataKeyWithoutPlaintext', 'CreateGrant'] }] }),
    says: /AWSServiceRoleForAutoScaling lacks kms:Encrypt, kms:Decrypt, kms:ReEncrypt\*, kms:GenerateDataKey, kms:DescribeKey\.$/,
  },
  {
    ...failing,
    name: "a shared AMI under another account's key, which no grant opens to the role, though the new volume is under AWS's key",
    world: world({}, { ...shared, keys: { [theirs]: { Arn: theirs } } }),
    says: /^Whether Auto Scaling may use \S+:key\/theirs is not known: \S+ is of another account, and no grant on it shows for .* AWSServiceRoleForAutoScaling\.$/,
    advice:
      /^If the policy of .* lets this account make grants, run here: `aws kms create-grant --region eu-west-1 --key-id \S+\/theirs --grantee-principal \S+ --operations Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant`\. If it does not, ask its owner\.$/,
  },
  {
    ...failing,
    name: 'the same where default encryption is on',
    world: world({}, { ...shared, isDefaultOn: true, keys: { [theirs]: { Arn: theirs } } }),
    says: /no grant on it shows/,
  },
  {
    ...failing,
    name: "a mapping with another account's snapshot, whose key Redress may not look at",
    world: world(
      {},
      {
        data: { ImageId: 'ami-1', BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-lent' } }] },
        snapshots: [{ SnapshotId: 'snap-lent', OwnerId: '999999999999', Encrypted: true, KmsKeyId: theirs }],
        refuses: { DescribeKey: awsError('AccessDeniedException', 'of another account') },
      },
    ),
    says: /^Whether Auto Scaling may use \S+:key\/theirs is not known: Redress may not look at the key/,
    advice: /^Allow Redress's role `kms:DescribeKey` in the policy of \S+:key\/theirs, or look yourself\.$/,
  },
  {
    ...failing,
    name: 'a shared AMI whose snapshots AWS does not show',
    world: world({}, { ...shared, snapshots: [] }),
    says: "Whether Auto Scaling may use the key of ami-1 is not known: it is another account's, and not visible.",
    advice:
      /^Ask the owner of ami-1 for the key of its snapshots, and look with `aws kms list-grants --key-id KEY --grantee-principal \S+AutoScaling`\.$/,
  },
  {
    ...failing,
    name: 'an AMI of our own under a key that the role may not use, made into volumes of another key',
    world: world(
      { policy: policyFor(usual) },
      {
        images: [image('ami-1', { encrypted: true })],
        snapshots: [{ SnapshotId: 'snap-of-ami-1', OwnerId: place.account, Encrypted: true, KmsKeyId: second }],
        keys: { [key]: { Arn: key, policy: policyFor(usual) }, [second]: { Arn: second } },
      },
    ),
    says: /may not use \S+\/k2: AWSServiceRoleForAutoScaling lacks/,
  },
  {
    ...failing,
    name: 'a key that Redress may not look at',
    world: world({}, { refuses: { DescribeKey: awsError('AccessDeniedException', 'not allowed') } }),
    says: /is not known: Redress may not look at the key/,
  },
];
