import { isDeepStrictEqual } from 'node:util';
import { AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  RegisterImageCommand,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import type { Step } from './step.ts';

const AutoScalingGroupName = 'shop';

/** The scene of the launches: a group that follows an unencrypted version of a template by its number. */
export function launchStep(cloud: LocalCloud, client: ConstructorParameters<typeof EC2Client>[0]): Step {
  const ec2 = new EC2Client(client ?? {});
  const scaling = new AutoScalingClient(client ?? {});
  const is = (control: string, resource: string, status: string) =>
    cloud.findings().some((one) => {
      const isAbout = stringAt(one, 'control') === control && stringAt(one, 'resource', 'id') === resource;
      return isAbout && stringAt(one, 'status') === status;
    });
  let template = '';
  let first: ResponseLaunchTemplateData = {};
  let running: string | undefined;

  const group = async () => {
    const found = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
    return found.AutoScalingGroups?.[0];
  };
  const followed = async () => (await group())?.LaunchTemplate?.Version;
  const instance = async () => (await group())?.Instances?.[0]?.InstanceId;
  const dataOf = async (version: string): Promise<ResponseLaunchTemplateData> => {
    const found = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: template, Versions: [version] }));
    return found.LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
  };

  return {
    title: 'What a group launches',
    async act() {
      const { ImageId } = await ec2.send(new RegisterImageCommand({ Name: 'web', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }));
      const LaunchTemplateData: RequestLaunchTemplateData = {
        ImageId,
        InstanceType: 't4g.nano',
        UserData: Buffer.from('#!/bin/sh\nsystemctl start web\n').toString('base64'),
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 12, VolumeType: 'gp3', DeleteOnTermination: true } }],
        MetadataOptions: { HttpTokens: 'required' },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'shop' }] }],
      };
      const { LaunchTemplate } = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'shop-web', LaunchTemplateData }));
      template = LaunchTemplate?.LaunchTemplateId ?? '';
      first = await dataOf('1');
      const sizes = { MinSize: 1, MaxSize: 4, AvailabilityZones: [`${cloud.region}a`] };
      const follows = { LaunchTemplate: { LaunchTemplateId: template, Version: '1' } };
      await scaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, ...sizes, ...follows }));
      running = await instance();
      return [
        { who: 'dana', call: 'ec2:CreateLaunchTemplate', made: `${template} (user data, tags, a root volume of 12 GiB)` },
        {
          who: 'dana',
          call: 'autoscaling:CreateAutoScalingGroup',
          made: `${AutoScalingGroupName} (follows version 1, and runs ${running})`,
        },
      ];
    },
    expectations: () => [
      {
        says: 'the group follows a new version, which Redress made',
        holds: async () =>
          (await followed()) === '2' &&
          is('launch-template-encrypted', template, 'superseded') &&
          is('auto-scaling-group-encrypted', AutoScalingGroupName, 'fixed'),
      },
      {
        says: 'its data is equal to the last byte of the user data, but for encryption',
        holds: async () => first.UserData !== undefined && isDeepStrictEqual(await dataOf((await followed()) ?? '1'), encrypted(first)),
      },
      {
        says: 'what runs is left running: no instance is ended, no refresh is started',
        holds: async () => {
          const isTouched = cloud.calls().some(({ api }) => /:(TerminateInstance|StartInstanceRefresh)/.test(api));
          return (await followed()) !== '1' && running !== undefined && (await instance()) === running && !isTouched;
        },
      },
    ],
  };
}

/** A version's data with encryption set on each of its volumes. */
function encrypted({ BlockDeviceMappings, ...others }: ResponseLaunchTemplateData): ResponseLaunchTemplateData {
  const mappings = BlockDeviceMappings?.map((mapping) => ({ ...mapping, Ebs: { ...mapping.Ebs, Encrypted: true } }));
  return { ...others, BlockDeviceMappings: mappings };
}
