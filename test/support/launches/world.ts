import { AutoScalingClient, type AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EC2Client, type Image, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { place, type World } from '../harness.ts';
import { type Answer, mockKms } from '../kms.ts';
import { mockLaunchers } from '../launchers.ts';
import type { Account, State, Template, Version } from './account.ts';
import { mockAutoScaling } from './auto-scaling.ts';
import { mockEc2 } from './ec2.ts';

/** An EC2, Auto Scaling and KMS that remember what they were told, on mocked clients. */
export function launchWorld(account: Account = {}): World & State {
  const {
    templates = [],
    groups = [],
    configurations = [],
  } = structuredClone({
    templates: [...(account.templates ?? [])],
    groups: [...(account.groups ?? [])],
    configurations: [...(account.configurations ?? [])],
  });
  const state: State = { templates, groups, configurations };
  const happened = new Set<string>();
  const answer: Answer = (operation, make) => async (input) => {
    const refusal = account.refuses?.[operation];
    if (refusal) throw refusal;
    if (!happened.has(operation)) {
      happened.add(operation);
      account.meanwhile?.[operation]?.(state);
    }
    return structuredClone(make(input));
  };
  const ec2 = mockClient(EC2Client);
  const autoScaling = mockClient(AutoScalingClient);
  const kms = mockClient(KMSClient);
  mockEc2(ec2, account, state, answer);
  mockAutoScaling(autoScaling, state, answer);
  const cloudTrail = mockLaunchers(ec2, account, answer);
  mockKms(kms, account.keys, answer);
  return {
    ...state,
    send: sendWith({
      ec2: () => new EC2Client({}),
      autoscaling: () => new AutoScalingClient({}),
      kms: () => new KMSClient({}),
      cloudtrail: () => new CloudTrailClient({}),
    }),
    restore: () => [ec2, autoScaling, kms, cloudTrail].forEach((mock) => void mock.restore()),
  };
}

/** An image of the account's own with one root device, as DescribeImages shows it. */
export function image(
  id: string,
  { encrypted = false, device = '/dev/xvda', ...more }: Partial<Image> & { encrypted?: boolean; device?: string } = {},
): Image {
  const Ebs = { SnapshotId: `snap-of-${id}`, Encrypted: encrypted, VolumeSize: 8, VolumeType: 'gp3' as const, DeleteOnTermination: true };
  return { ImageId: id, OwnerId: place.account, RootDeviceName: device, BlockDeviceMappings: [{ DeviceName: device, Ebs }], ...more };
}

/** A template whose versions have these data. */
export function template(id: string, ...versions: (ResponseLaunchTemplateData | Version)[]): Template {
  const isVersion = (one: ResponseLaunchTemplateData | Version): one is Version => 'data' in one;
  return {
    LaunchTemplateId: id,
    LaunchTemplateName: `name-of-${id}`,
    versions: versions.map((one) => (isVersion(one) ? one : { data: one })),
  };
}

/** A group of no instances, as DescribeAutoScalingGroups shows it. */
export function group(AutoScalingGroupName: string, more: Partial<AutoScalingGroup>): AutoScalingGroup {
  const usual = {
    MinSize: 0,
    MaxSize: 2,
    DesiredCapacity: 0,
    DefaultCooldown: 300,
    HealthCheckType: 'EC2',
    AvailabilityZones: ['eu-west-1a'],
  };
  return { ...usual, CreatedTime: new Date(0), AutoScalingGroupName, ...more };
}

/** A template as a group names it: AWS shows the name beside the id. */
export function follow(id: string, Version: string) {
  return { LaunchTemplateId: id, LaunchTemplateName: `name-of-${id}`, Version };
}
