import { EnableEbsEncryptionByDefaultCommand, ModifyEbsDefaultKmsKeyIdCommand } from '@aws-sdk/client-ec2';
import { ebsSetting, scheduled } from '../../fixtures/events.ts';
import { awsError } from '../harness.ts';
import type { InvalidCase } from '../tester.ts';
import { asked, asks, blue, fleetLaunch, karpenter, key, likeAwsOwn, open, root, spot, stops, turnedOn, usual, world } from './keys.ts';
import { volumesWorld } from './world.ts';

/** Those who launch under customer keys, and are no group. */
export const launcherCases: readonly InvalidCase[] = [
  // karpenter#933
  {
    ...asks,
    name: 'Spot Instances, whose role may not use the key',
    world: world([root], { spotRequests: 1 }),
    says: /A person should look first: AWSServiceRoleForEC2Spot launches Spot Instances here, and lacks kms:Encrypt, .* on .*\/0f\.$/,
    advice: /^Add to the key policy: \{"Sid":"LauncherUsesTheKey".*AWSServiceRoleForEC2Spot"\}.*\n.*"LauncherGrantsTheKey"/,
  },
  { ...turnedOn, name: 'Spot Instances, whose role may use the key', world: world(open(spot), { spotRequests: 1 }) },
  {
    ...asks,
    name: 'a fleet that is maintained, of Spot Instances',
    world: world([root], { fleets: [{ Type: 'maintain', TargetCapacitySpecification: { SpotTargetCapacity: 1 } }] }),
    says: /AWSServiceRoleForEC2Spot launches .*; AWSServiceRoleForEC2Fleet launches for EC2 Fleets here, and lacks/,
  },
  {
    ...asks,
    name: 'a Spot Fleet',
    world: world([root], {
      spotFleets: [
        { SpotFleetRequestState: 'cancelled', SpotFleetRequestId: 'sfr-1' },
        { SpotFleetRequestState: 'active', SpotFleetRequestId: 'sfr-2' },
      ],
    }),
    says: /AWSServiceRoleForEC2SpotFleet launches for Spot Fleets here, and lacks/,
  },
  {
    ...turnedOn,
    name: 'fleets that are gone, and an instant one that nobody asked for lately',
    world: world([root], { fleets: [{ FleetState: 'deleted' }, { Type: 'instant' }], spotFleets: [{ SpotFleetRequestState: 'failed' }] }),
  },
  // runs-on#151, terraform-aws-github-runner#3546
  {
    ...asks,
    name: 'a role that asks for fleets, of which only IAM decides',
    world: world([root], {
      history: [
        asked('CreateFleet', 'karpenter'),
        asked('CreateFleet', 'failing', { errorCode: 'UnauthorizedOperation' }),
        asked('RunInstances', 'ci'),
      ],
    }),
    says: `EBS encryption by default is off. A person should look first: ${karpenter} asks for fleets or Spot Instances here, and only its IAM policies decide whether it may use ${key}.`,
    advice: /^Look whether the IAM policies of \S+:role\/karpenter allow kms:Encrypt, .*, kms:CreateGrant on \S+\/0f\.$/,
  },
  {
    ...turnedOn,
    name: 'a role that asks for fleets, and may use the key',
    world: world(open(karpenter), { history: [asked('CreateFleet', 'karpenter')] }),
  },
  {
    ...asks,
    name: 'a role that asks for fleets, where the policy leaves nothing to IAM',
    world: world(open(usual).slice(1), { spotFleets: [{}], history: [asked('RequestSpotFleet', 'karpenter')] }),
    says: /AWSServiceRoleForEC2SpotFleet .*:role\/karpenter asks for fleets or Spot Instances here, and lacks kms:Encrypt/,
  },
  {
    ...asks,
    name: 'the first launch of a fleet, which the event history does not show yet',
    event: fleetLaunch(),
    world: world([root]),
    says: /:role\/karpenter asks for fleets or Spot Instances here, and only its IAM policies decide/,
  },
  {
    ...asks,
    name: 'an event history that Redress may not look up',
    world: world([root], { refuses: { LookupEvents: awsError('AccessDeniedException', 'no') } }),
    says: /Redress may not look who launches by fleets and Spot requests here/,
    advice: /^Allow Redress's role `cloudtrail:LookupEvents`, or look yourself who launches and may not use the key\.$/,
  },
  {
    ...asks,
    name: 'fleets and Spot requests that Redress may not look at',
    world: world([root], {
      refuses: {
        DescribeFleets: awsError('UnauthorizedOperation', 'no'),
        DescribeSpotInstanceRequests: awsError('UnauthorizedOperation', 'no'),
      },
    }),
    says: /Redress may not look who launches by fleets and Spot requests here/,
    advice: /^Allow Redress's role `ec2:DescribeFleets`, `ec2:DescribeSpotInstanceRequests`, or look yourself/,
  },
  {
    ...turnedOn,
    name: 'Spot Instances, whose role may not use the key, after a person said yes',
    world: world([root], { spotRequests: 1 }),
    isApproved: true,
  },
  {
    ...turnedOn,
    name: 'a Region without Spot Fleets',
    world: world([root], { refuses: { DescribeSpotFleetRequests: awsError('UnsupportedOperation', 'not here') } }),
  },
  {
    ...asks,
    name: 'another key that is to be the default, which a role that asks for fleets may not use',
    event: ebsSetting('ModifyEbsDefaultKmsKeyId'),
    settings: { kmsKey: key },
    world: () =>
      volumesWorld({
        keys: { [key]: { Arn: key, policy: { Statement: [root] } } },
        encryptionByDefault: true,
        spotRequests: 1,
      }),
    says: /not the configured key\. .*AWSServiceRoleForEC2Spot launches Spot Instances here/,
  },
  {
    ...stops,
    name: 'a default key in effect that a group may not use',
    event: scheduled(),
    world: world([root], { encryptionByDefault: true, groups: [{ ServiceLinkedRoleARN: blue }], spotRequests: 1 }),
    says: /is on, but launches with its key fail: the Auto Scaling service-linked role may not use .*_blue lacks .*CreateGrant\.$/,
  },
  {
    ...turnedOn,
    name: 'a role that asks for fleets, under the configured key that it may use',
    settings: { kmsKey: key },
    sends: [new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: key }), new EnableEbsEncryptionByDefaultCommand({})],
    world: () =>
      volumesWorld({ keys: { [key]: { Arn: key, policy: { Statement: [likeAwsOwn] } } }, history: [asked('CreateFleet', 'karpenter')] }),
  },
];
