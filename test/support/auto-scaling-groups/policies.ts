import { type AutoScalingGroup, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { ModifyLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import type { Account, Template } from '../launches/account.ts';
import { createGroup } from '../launches/events.ts';
import { follow, group, image, launchWorld, template } from '../launches/world.ts';
import type { InvalidCase } from '../tester.ts';

export const bad = { ImageId: 'ami-1', InstanceType: 't3.micro' as const };
export const good = { ...bad, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] };
const images = [image('ami-1'), image('ami-2', { device: '/dev/sda1' })];
export const allowed = { allowGroupUpdates: true };
export const fix = { 'launch-template-encrypted': 'fix' } as const;

/** An account with a template lt-1 of these versions, and a group `web`. */
export const world =
  (
    web: Partial<AutoScalingGroup>,
    versions: Parameters<typeof template>[1][] = [bad, good],
    account: Account = {},
    more: Partial<Template> = {},
  ) =>
  () =>
    launchWorld({
      images,
      ...account,
      templates: [{ ...template('lt-1', ...versions), ...more }, ...(account.templates ?? [])],
      groups: [group('web', web), ...(account.groups ?? [])],
    });
export const by = (Version: string) => ({ LaunchTemplate: follow('lt-1', Version) });
export const moved = (Version: string) =>
  new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', LaunchTemplate: { LaunchTemplateId: 'lt-1', Version } });
export const defaulted = (DefaultVersion: string, LaunchTemplateId = 'lt-1') =>
  new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion });

const mixed = {
  MixedInstancesPolicy: {
    LaunchTemplate: {
      LaunchTemplateSpecification: follow('lt-1', '2'),
      Overrides: [
        { InstanceType: 't3.micro', WeightedCapacity: '1' },
        { InstanceType: 't4g.micro', LaunchTemplateSpecification: follow('lt-2', '1') },
      ],
    },
    InstancesDistribution: { OnDemandBaseCapacity: 1, SpotAllocationStrategy: 'price-capacity-optimized' },
  },
};
const twenty = {
  MixedInstancesPolicy: {
    LaunchTemplate: {
      LaunchTemplateSpecification: follow('lt-1', '1'),
      Overrides: Array.from({ length: 20 }, (_, n) => ({ InstanceType: 't3.micro', LaunchTemplateSpecification: follow(`lt-o${n}`, '1') })),
    },
  },
};
/** Groups with a mixed instances policy, whose overrides have templates or images of their own. */
export const policyCases: readonly InvalidCase[] = [
  {
    name: 'a policy of which one override is bad, by a template of its own, and all else of it kept',
    world: world(mixed, [bad, good], {
      templates: [
        template(
          'lt-2',
          { ...bad, ImageId: 'ami-2' },
          { ImageId: 'ami-2', InstanceType: 't3.micro', BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true } }] },
        ),
      ],
    }),
    event: createGroup('web'),
    settings: allowed,
    sends: [
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        MixedInstancesPolicy: {
          InstancesDistribution: mixed.MixedInstancesPolicy.InstancesDistribution,
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '2' },
            Overrides: [
              { InstanceType: 't3.micro', WeightedCapacity: '1' },
              { InstanceType: 't4g.micro', LaunchTemplateSpecification: { LaunchTemplateId: 'lt-2', Version: '2' } },
            ],
          },
        },
      }),
    ],
    status: 'fixed',
    says: /^Found: Version 1 of name-of-lt-2 launches unencrypted volumes: \/dev\/sda1/,
  },
  {
    name: 'twenty overrides, each with a template of its own',
    world: world(twenty, [bad], { templates: Array.from({ length: 20 }, (_, n) => template(`lt-o${n}`, bad, good)) }),
    event: createGroup('web'),
    settings: allowed,
    sends: [
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '1' },
            Overrides: Array.from({ length: 20 }, (_, n) => ({
              InstanceType: 't3.micro',
              LaunchTemplateSpecification: { LaunchTemplateId: `lt-o${n}`, Version: '2' },
            })),
          },
        },
      }),
    ],
    status: 'fixed',
    says: /Version 1 of name-of-lt-o19/,
  },
  {
    name: 'an override whose own image has another root, which the encrypted version does not cover',
    world: world({
      MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: follow('lt-1', '1'), Overrides: [{ ImageId: 'ami-2' }] } },
    }),
    event: createGroup('web'),
    settings: allowed,
    modes: fix,
    sends: [],
    status: 'open',
    says: /\/dev\/sda1, since the snapshot of ami-2/,
  },
];
