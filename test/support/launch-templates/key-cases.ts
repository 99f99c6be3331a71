import { callEvent, roleSession } from '../../fixtures/events.ts';
import { awsError, place } from '../harness.ts';
import type { Account } from '../launches/account.ts';
import { createTemplate, createVersion } from '../launches/events.ts';
import { follow, group } from '../launches/world.ts';
import type { InvalidCase } from '../tester.ts';
import { Encrypted, fixed, make, plain, root, superseded, versions } from './versions.ts';

const key = `arn:aws:kms:${place.region}:${place.account}:key/k1`;
const own = `arn:aws:kms:${place.region}:${place.account}:key/own`;
const usual = `arn:aws:iam::${place.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const blue = `${usual}_blue`;
const openTo = (...roles: string[]) => ({
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${place.account}:root` }, Action: 'kms:*', Resource: '*' },
    { Effect: 'Allow', Principal: { AWS: roles }, Action: 'kms:*', Resource: '*' },
  ],
});
const following = (role: string, version: string, name = role.slice(-4)) =>
  group(name, { LaunchTemplate: follow('lt-1', version), ServiceLinkedRoleARN: role });
/** A template whose volumes come under the default key, which is open to these roles. */
const under = (roles: string[], account: Account = {}, data: object = plain) =>
  versions(data)({}, { defaultKey: key, keys: { [key]: { Arn: key, policy: openTo(...roles) } }, ...account });
const made = { event: createTemplate('lt-1'), sends: [make(fixed)], status: 'superseded' as const, says: superseded };
const asks = { event: createTemplate('lt-1'), sends: [], status: 'awaiting-approval' as const };
const createFleet = (names: object) =>
  callEvent('CreateFleet', {
    userIdentity: roleSession('karpenter', 'session'),
    requestParameters: { CreateFleetRequest: { Type: 'instant', LaunchTemplateConfigs: { tag: 1, LaunchTemplateSpecification: names } } },
  }).detail;

/** Keys of versions that Redress would make, and those who would launch with them. */
export const keyCases: readonly InvalidCase[] = [
  // containers-roadmap#1087: v1 names a key of its own, v2 drops it, and launches
  {
    name: 'a group with a role of its own that follows the latest, where the default key is open to the usual role alone',
    world: versions({ ...plain, BlockDeviceMappings: [root({ Encrypted, KmsKeyId: own })] }, plain)(
      {},
      {
        defaultKey: key,
        keys: { [key]: { Arn: key, policy: openTo(usual) }, [own]: { Arn: own, policy: openTo(blue) } },
        groups: [following(blue, '$Latest')],
      },
    ),
    event: createVersion('lt-1'),
    sends: [],
    status: 'open',
    says: /^Version 2, the latest, launches unencrypted volumes/,
    advice:
      /^No version is made: the Auto Scaling service-linked role may not use \S+\/k1: AWSServiceRoleForAutoScaling_blue lacks kms:Encrypt, .*\n.*AutoScaling_blue/,
  },
  {
    ...made,
    name: 'the reverse: the default key is open to that role alone',
    world: under([blue], { groups: [following(blue, '$Latest')] }),
  },
  {
    ...made,
    name: 'a group that follows a number, whose role may not use the key, beside one that follows the latest and may',
    world: under([blue], { groups: [following(blue, '$Latest'), following(usual, '1')] }),
  },
  {
    name: 'a mapping that names a key without `Encrypted`, which the group may not use',
    world: under(
      [blue],
      { groups: [following(blue, '$Latest')], keys: { [key]: { Arn: key, policy: openTo(blue) }, [own]: { Arn: own } } },
      { ...plain, BlockDeviceMappings: [root({ KmsKeyId: own })] },
    ),
    event: createTemplate('lt-1'),
    sends: [],
    status: 'open',
    says: /launches nothing/,
    advice: /No version is made: .* may not use \S+\/own: AWSServiceRoleForAutoScaling_blue lacks/,
  },
  {
    ...asks,
    name: 'an EC2 Fleet that is maintained from the template',
    world: under([], {
      fleets: [
        {
          Type: 'maintain',
          LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '$Latest' } }],
          TargetCapacitySpecification: { DefaultTargetCapacityType: 'spot' },
        },
      ],
    }),
    says: /AWSServiceRoleForEC2Spot launches Spot Instances here, and lacks .*; AWSServiceRoleForEC2Fleet launches for EC2 Fleets here, and lacks/,
    advice: /^Add to the key policy: .*AWSServiceRoleForEC2Spot/,
  },
  {
    ...asks,
    name: 'a role that asks for fleets from the template by its name',
    world: under([], { history: [createFleet({ LaunchTemplateName: 'name-of-lt-1', Version: '$Latest' })] }),
    says: /:role\/karpenter asks for fleets or Spot Instances here, and only its IAM policies decide whether it may use/,
    advice: /^Look whether the IAM policies of \S+:role\/karpenter allow/,
  },
  {
    ...made,
    name: 'fleets from other templates',
    world: under([], {
      fleets: [{ Type: 'maintain', LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: 'lt-12' } }] }],
      spotFleets: [{ SpotFleetRequestConfig: undefined, SpotFleetRequestState: 'active' }],
      history: [createFleet({ LaunchTemplateId: 'lt-12', Version: '1' })],
    }),
  },
  {
    ...asks,
    name: 'a Spot Fleet from the template',
    world: under([], {
      spotFleets: [
        {
          SpotFleetRequestState: 'active',
          SpotFleetRequestConfig: {
            IamFleetRole: 'arn:aws:iam::111122223333:role/tagging',
            TargetCapacity: 1,
            LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '1' } }],
          },
        },
      ],
    }),
    says: /AWSServiceRoleForEC2SpotFleet launches for Spot Fleets here, and lacks/,
  },
  {
    ...asks,
    name: 'an event history that Redress may not look up',
    world: under([], { refuses: { LookupEvents: awsError('AccessDeniedException', 'no') } }),
    says: /Redress may not look who launches by fleets and Spot requests here/,
    advice: /`cloudtrail:LookupEvents`/,
  },
];
