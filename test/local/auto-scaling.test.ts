import { join } from 'node:path';
import { AutoScaling, type AutoScalingGroup, type CreateAutoScalingGroupCommandInput } from '@aws-sdk/client-auto-scaling';
import { EC2, type RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { patience } from '../support/patience.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { client } from './calls.ts';
import { describeServiceLaunches } from './service-launches.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');

let cloud: LocalCloud;
let scaling: AutoScaling;
let ec2: EC2;
let imageId: string;
let made = 0;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  scaling = new AutoScaling(client(cloud.endpoint));
  ec2 = new EC2(client(cloud.endpoint));
  imageId = (await ec2.registerImage({ Name: 'web', RootDeviceName: '/dev/xvda' })).ImageId ?? '';
});
afterAll(() => cloud.stop());
describeServiceLaunches(() => cloud);

function name(): string {
  made += 1;
  return `web-${made}`;
}

async function launchTemplate(data: RequestLaunchTemplateData = {}): Promise<{ LaunchTemplateId: string; LaunchTemplateName: string }> {
  const LaunchTemplateName = name();
  const LaunchTemplateData = { ImageId: imageId, InstanceType: 't3.micro' as const, ...data };
  const { LaunchTemplate } = await ec2.createLaunchTemplate({ LaunchTemplateName, LaunchTemplateData });
  return { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId ?? '', LaunchTemplateName };
}

async function create(input: Partial<CreateAutoScalingGroupCommandInput>): Promise<string> {
  const AutoScalingGroupName = name();
  await scaling.createAutoScalingGroup({ AutoScalingGroupName, MinSize: 0, MaxSize: 4, AvailabilityZones: ['us-east-1a'], ...input });
  return AutoScalingGroupName;
}

async function group(called: string): Promise<AutoScalingGroup | undefined> {
  return (await scaling.describeAutoScalingGroups({ AutoScalingGroupNames: [called] })).AutoScalingGroups?.[0];
}

describe('what a group launches', () => {
  test.each(['$Latest', '$Default', '1', undefined])('is its template in version %s, with id and name', async (Version) => {
    const both = await launchTemplate();
    const byName = { LaunchTemplateName: both.LaunchTemplateName, ...(Version === undefined ? {} : { Version }) };
    const called = await create({ LaunchTemplate: byName });
    expect((await group(called))?.LaunchTemplate).toEqual({ ...both, ...(Version === undefined ? {} : { Version }) });
  });

  test('changes from a launch configuration to a template, to a policy, and back', async () => {
    const LaunchConfigurationName = name();
    await scaling.createLaunchConfiguration({ LaunchConfigurationName, ImageId: imageId, InstanceType: 't3.micro' });
    const AutoScalingGroupName = await create({ LaunchConfigurationName });
    const launched = async () => {
      const { LaunchConfigurationName: configuration, LaunchTemplate, MixedInstancesPolicy } = (await group(AutoScalingGroupName)) ?? {};
      return { configuration, template: LaunchTemplate, policy: MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification };
    };
    const both = await launchTemplate();
    const { LaunchTemplateId } = both;
    await scaling.updateAutoScalingGroup({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId, Version: '1' } });
    expect(await launched()).toEqual({ template: { ...both, Version: '1' } });
    await scaling.updateAutoScalingGroup({
      AutoScalingGroupName,
      MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId, Version: '$Latest' } } },
    });
    expect(await launched()).toEqual({ policy: { ...both, Version: '$Latest' } });
    await scaling.updateAutoScalingGroup({ AutoScalingGroupName, LaunchConfigurationName });
    expect(await launched()).toEqual({ configuration: LaunchConfigurationName });
  });

  test('is a policy with all of its overrides, which an update of something else leaves alone', async () => {
    const [first, second] = [await launchTemplate(), await launchTemplate()];
    const overrides = [
      { InstanceType: 't3.small', WeightedCapacity: '2', LaunchTemplateSpecification: { ...second, Version: '1' } },
      { InstanceType: 't3.large', ImageId: imageId },
      { InstanceRequirements: { VCpuCount: { Min: 1, Max: 2 }, MemoryMiB: { Min: 1 }, CpuManufacturers: ['intel' as const] } },
    ];
    const byId = overrides.map(({ LaunchTemplateSpecification, ...others }) =>
      LaunchTemplateSpecification === undefined
        ? others
        : { ...others, LaunchTemplateSpecification: { LaunchTemplateId: second.LaunchTemplateId, Version: '1' } },
    );
    const AutoScalingGroupName = await create({
      MixedInstancesPolicy: {
        LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: first.LaunchTemplateId, Version: '$Default' }, Overrides: byId },
        InstancesDistribution: { OnDemandBaseCapacity: 1, SpotAllocationStrategy: 'price-capacity-optimized' },
      },
    });
    const expected = {
      LaunchTemplate: { LaunchTemplateSpecification: { ...first, Version: '$Default' }, Overrides: overrides },
      InstancesDistribution: {
        OnDemandAllocationStrategy: 'prioritized',
        OnDemandBaseCapacity: 1,
        OnDemandPercentageAboveBaseCapacity: 100,
        SpotAllocationStrategy: 'price-capacity-optimized',
      },
    };
    expect(await group(AutoScalingGroupName)).toMatchObject({ MixedInstancesPolicy: expected, MaxSize: 4 });
    expect((await group(AutoScalingGroupName))?.LaunchTemplate).toBeUndefined();
    await scaling.updateAutoScalingGroup({ AutoScalingGroupName, MaxSize: 3, DefaultCooldown: 10 });
    const after = await group(AutoScalingGroupName);
    expect(after).toMatchObject({ MaxSize: 3, DefaultCooldown: 10 });
    expect(after?.MixedInstancesPolicy).toEqual(expected);
  });

  test('must exist', async () => {
    const { LaunchTemplateId } = await launchTemplate();
    const refused = { name: 'ValidationError' };
    await expect(create({ LaunchTemplate: { LaunchTemplateId, Version: '9' } })).rejects.toMatchObject(refused);
    await expect(create({ LaunchTemplate: { LaunchTemplateId: 'lt-0' } })).rejects.toMatchObject(refused);
    await expect(create({ LaunchConfigurationName: 'none' })).rejects.toMatchObject(refused);
    const AutoScalingGroupName = await create({ LaunchTemplate: { LaunchTemplateId } });
    const odd = scaling.updateAutoScalingGroup({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId, Version: 'new' } });
    await expect(odd).rejects.toMatchObject(refused);
    await expect(create({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId } })).rejects.toMatchObject({
      name: 'AlreadyExistsFault',
    });
  });
});

describe('a group', () => {
  test('launches, and is made all the same where the launch fails', async () => {
    const good = await launchTemplate({ UserData: 'IyEvYmluL3No' });
    await ec2.createLaunchTemplateVersion({
      LaunchTemplateId: good.LaunchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: { KeyName: '' },
    });
    const launching = await create({ LaunchTemplate: { LaunchTemplateId: good.LaunchTemplateId, Version: '$Latest' }, DesiredCapacity: 1 });
    expect(await group(launching)).toMatchObject({ DesiredCapacity: 1, Instances: [{ LifecycleState: 'InService' }] });
    for (const data of [
      { BlockDeviceMappings: [{ DeviceName: '/dev/sdb', Ebs: { SnapshotId: 'snap-0123456789abcdef0' } }] },
      { BlockDeviceMappings: [{ DeviceName: '/dev/sdb', NoDevice: '' }] },
    ]) {
      const { LaunchTemplateId } = await launchTemplate(data);
      const AutoScalingGroupName = await create({ LaunchTemplate: { LaunchTemplateId }, MinSize: 1 });
      expect(await group(AutoScalingGroupName)).toMatchObject({ MinSize: 1, DesiredCapacity: 1, Instances: [] });
      await scaling.updateAutoScalingGroup({ AutoScalingGroupName, DesiredCapacity: 2 });
      expect(await group(AutoScalingGroupName)).toMatchObject({ DesiredCapacity: 2, Instances: [] });
    }
  });

  test('that is deleted by force is shown for a while, and may not be changed', async () => {
    const { LaunchTemplateId } = await launchTemplate();
    const AutoScalingGroupName = await create({ LaunchTemplate: { LaunchTemplateId }, DesiredCapacity: 1 });
    await expect(scaling.deleteAutoScalingGroup({ AutoScalingGroupName })).rejects.toMatchObject({ name: 'ResourceInUseFault' });
    await scaling.deleteAutoScalingGroup({ AutoScalingGroupName, ForceDelete: true });
    expect(await group(AutoScalingGroupName)).toMatchObject({ Status: 'Delete in progress' });
    const update = scaling.updateAutoScalingGroup({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId, Version: '1' } });
    await expect(update).rejects.toThrow('The AutoScaling group may not be modified while it is pending delete');
    await vi.waitFor(async () => expect(await group(AutoScalingGroupName)).toBeUndefined(), patience);
  });

  test('comes with its role and its tags, on pages', async () => {
    const { LaunchTemplateId } = await launchTemplate();
    const role = 'arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
    const plain = await create({ LaunchTemplate: { LaunchTemplateId } });
    const own = await create({ LaunchTemplate: { LaunchTemplateId }, ServiceLinkedRoleARN: `${role}_web` });
    expect([(await group(plain))?.ServiceLinkedRoleARN, (await group(own))?.ServiceLinkedRoleARN]).toEqual([role, `${role}_web`]);
    const tag = { ResourceId: own, ResourceType: 'auto-scaling-group', Key: 'owner', Value: 'true', PropagateAtLaunch: false };
    await scaling.createOrUpdateTags({ Tags: [tag] });
    expect((await scaling.describeTags({ Filters: [{ Name: 'auto-scaling-group', Values: [own] }] })).Tags).toEqual([tag]);
    expect((await group(own))?.Tags).toEqual([tag]);
    const pages: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await scaling.describeAutoScalingGroups({ MaxRecords: 2, ...(NextToken === undefined ? {} : { NextToken }) });
      pages.push(...(page.AutoScalingGroups ?? []).map((one) => one.AutoScalingGroupName));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual(expect.arrayContaining([plain, own]));
    expect(new Set(pages).size).toBe(pages.length);
  });
});

describe('a launch configuration', () => {
  test('comes back as it went in', async () => {
    const given = {
      LaunchConfigurationName: name(),
      ImageId: imageId,
      InstanceType: 't3.micro',
      KeyName: 'key',
      SecurityGroups: ['sg-1'],
      UserData: Buffer.from('#!/bin/sh\r\n<&>\u0000').toString('base64'),
      KernelId: 'aki-1',
      RamdiskId: 'ari-1',
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { VolumeSize: 9, VolumeType: 'gp3', Iops: 3000, Throughput: 125, DeleteOnTermination: true, Encrypted: false },
        },
        { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
        { DeviceName: '/dev/sdc', NoDevice: true },
        { DeviceName: '/dev/sdd', Ebs: { SnapshotId: 'snap-1' } },
      ],
      InstanceMonitoring: { Enabled: false },
      SpotPrice: '0.10',
      IamInstanceProfile: 'web',
      EbsOptimized: true,
      AssociatePublicIpAddress: false,
      PlacementTenancy: 'dedicated',
      MetadataOptions: { HttpTokens: 'required' as const, HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' as const },
    };
    const { LaunchConfigurationName } = given;
    await scaling.createLaunchConfiguration(given);
    const described = async () =>
      (await scaling.describeLaunchConfigurations({ LaunchConfigurationNames: [LaunchConfigurationName] })).LaunchConfigurations ?? [];
    const [{ CreatedTime, LaunchConfigurationARN, ...shown } = {}] = await described();
    expect(shown).toEqual({ ...given, ClassicLinkVPCSecurityGroups: [] });
    expect(CreatedTime).toBeInstanceOf(Date);
    expect(LaunchConfigurationARN).toContain(LaunchConfigurationName);
    await expect(scaling.createLaunchConfiguration(given)).rejects.toMatchObject({ name: 'AlreadyExistsFault' });
    await scaling.deleteLaunchConfiguration({ LaunchConfigurationName });
    expect(await described()).toEqual([]);
  });

  test('that says little shows what AWS shows of it', async () => {
    const LaunchConfigurationName = name();
    await scaling.createLaunchConfiguration({ LaunchConfigurationName, ImageId: imageId, InstanceType: 't3.micro' });
    const found = await scaling.describeLaunchConfigurations({ LaunchConfigurationNames: [LaunchConfigurationName] });
    expect(found.LaunchConfigurations).toMatchObject([
      { UserData: '', KeyName: '', BlockDeviceMappings: [], InstanceMonitoring: { Enabled: true }, EbsOptimized: false },
    ]);
    expect(found.LaunchConfigurations?.[0]).not.toHaveProperty('AssociatePublicIpAddress');
  });
});
