import { type MixedInstancesPolicy, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DisableEbsEncryptionByDefaultCommand, EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseJson } from '../../local/json.ts';
import { patience } from '../support/patience.ts';
import { controls, encrypted, expectEncryptedCopy, Launches } from './launches.ts';
import { nextWindow } from './passing.ts';

let launches: Launches;

beforeAll(async () => {
  launches = await Launches.start();
});
afterAll(() => launches?.world.stop());
beforeEach(async () => {
  await launches.calm();
  await nextWindow(launches.world);
});

const eventually = (holds: () => unknown) => vi.waitFor(holds, patience);
const versionOf = async (group: string) => (await launches.shown(group)).LaunchTemplate?.Version;
const defaultOf = async (template: string) =>
  (await launches.versions(template)).find(({ DefaultVersion }) => DefaultVersion)?.VersionNumber;

describe('a group launches encrypted volumes only, if it follows its unencrypted template', () => {
  const cases = [
    { follows: '1', ends: '2', defaults: 1, moves: ['UpdateAutoScalingGroup'] },
    { follows: '$Latest', ends: '$Latest', defaults: 1, moves: [] },
    { follows: '$Default', ends: '$Default', defaults: 2, moves: ['ModifyLaunchTemplate'] },
  ];

  test.for(cases)('by $follows', async ({ follows, ends, defaults, moves }, { annotate }) => {
    const { world } = launches;
    const begun = Date.now();
    const LaunchTemplateId = await launches.template();
    const group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: follows } });
    await eventually(async () => {
      expect(await launches.versions(LaunchTemplateId)).toHaveLength(2);
      expect([await versionOf(group), await defaultOf(LaunchTemplateId)]).toEqual([ends, defaults]);
    });
    await annotate(`finished after ${Date.now() - begun} ms`);
    await world.finding(controls.template, LaunchTemplateId, 'superseded');
    await launches.calm();
    expectEncryptedCopy(await launches.versions(LaunchTemplateId));
    expect(launches.writes(group, LaunchTemplateId)).toEqual(['CreateLaunchTemplateVersion', ...moves]);
    await eventually(() => expect(world.told(controls.group, group).map(({ status }) => status)).toEqual(moves.map(() => 'fixed')));
  });

  test('of a mixed instances policy with a bad template in one of two overrides', async ({ annotate }) => {
    const { world } = launches;
    const begun = Date.now();
    const [good, other, bad] = [await launches.goodTemplate(), await launches.goodTemplate(), await launches.template()];
    const follow = (LaunchTemplateId: string) => ({ LaunchTemplateSpecification: { LaunchTemplateId, Version: '1' } });
    const policy: MixedInstancesPolicy = {
      LaunchTemplate: {
        ...follow(good),
        Overrides: [
          { InstanceType: 't3.small', WeightedCapacity: '2', ...follow(bad) },
          { InstanceType: 't3.large', ...follow(other) },
        ],
      },
      InstancesDistribution: { OnDemandBaseCapacity: 1, SpotAllocationStrategy: 'price-capacity-optimized' },
    };
    const group = await launches.group({ MixedInstancesPolicy: policy });
    const before = await launches.shown(group);
    await world.finding(controls.group, group, 'fixed');
    await annotate(`told after ${Date.now() - begun} ms`);
    await launches.calm();
    expectEncryptedCopy(await launches.versions(bad));
    expect([(await launches.versions(good)).length, (await launches.versions(other)).length]).toEqual([1, 1]);
    const moved = structuredClone(before);
    const [first] = moved.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
    Object.assign(first?.LaunchTemplateSpecification ?? {}, { Version: '2' });
    expect(await launches.shown(group)).toEqual(moved);
    expect(launches.writes(group, good, other, bad)).toEqual(['CreateLaunchTemplateVersion', 'UpdateAutoScalingGroup']);
  });
});

describe('a group that was moved', () => {
  const sources = [
    { follows: '1', undoes: 'UpdateAutoScalingGroup' },
    { follows: '$Default', undoes: 'ModifyLaunchTemplate' },
  ];

  test.each(sources)('from $follows goes back with `redress undo`, and stays there', async ({ follows, undoes }) => {
    const { world } = launches;
    const LaunchTemplateId = await launches.template();
    const group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: follows } });
    const fixed = await world.finding(controls.group, group, 'fixed');
    const { code, out } = await world.redress('undo', fixed.id, '--yes', '--json');
    expect(parseJson(out)).toMatchObject({ outcome: 'done', finding: { id: fixed.id, status: 'undone' } });
    expect(code).toBe(0);
    const isBack = async () => expect([await versionOf(group), await defaultOf(LaunchTemplateId)]).toEqual([follows, 1]);
    await isBack();
    await world.finding(controls.group, group, 'undone');
    // somebody else's change makes the control look again
    await launches.scaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, MaxSize: 5 }));
    expect((await world.finding(controls.group, group, 'exempt')).says).toContain(`${fixed.id} was undone`);
    await world.cloud.sweep();
    await world.quiet();
    await launches.calm();
    await isBack();
    expect(launches.writes(group, LaunchTemplateId).slice(-1)).toEqual([undoes]);
    expect(await launches.versions(LaunchTemplateId)).toHaveLength(2);
  });
});

describe('a launch configuration', () => {
  const given = {
    UserData: Buffer.from('#!/bin/sh\necho "<&>"\n').toString('base64'),
    KeyName: 'key',
    SecurityGroups: ['sg-1', 'sg-2'],
    AssociatePublicIpAddress: false,
    IamInstanceProfile: 'web',
    EbsOptimized: true,
    SpotPrice: '0.10',
    PlacementTenancy: 'default',
    InstanceMonitoring: { Enabled: false },
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 9, VolumeType: 'gp3', Iops: 3000, Throughput: 125, DeleteOnTermination: true } },
      { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
      { DeviceName: '/dev/sdc', NoDevice: true },
    ],
  } as const;

  test('waits for a person, whose `redress fix` moves its group to one equal template, and `redress undo` moves it back', async ({
    annotate,
  }) => {
    const { world } = launches;
    const { BlockDeviceMappings, SecurityGroups, ...others } = given;
    const own = { ...others, SecurityGroups: [...SecurityGroups], BlockDeviceMappings: [...BlockDeviceMappings] };
    const configuration = await launches.configuration(own);
    const group = await launches.group({ LaunchConfigurationName: configuration });
    const waiting = await world.finding(controls.configuration, configuration, 'awaiting-approval');
    expect(waiting.changes).toMatchObject([{ api: 'ec2:CreateLaunchTemplate' }]);
    expect(launches.writes(group, configuration)).toEqual([]);

    const begun = Date.now();
    const { code, out } = await world.redress('fix', waiting.id, '--yes', '--json');
    await annotate(`fixed ${Date.now() - begun} ms after the order`);
    expect(parseJson(out)).toMatchObject({ outcome: 'done', finding: { id: waiting.id, status: 'superseded' } });
    expect(code).toBe(0);
    const { LaunchTemplate, LaunchConfigurationName } = await launches.shown(group);
    expect(LaunchConfigurationName).toBeUndefined();
    expect(LaunchTemplate?.Version).toBe('1');
    const template = LaunchTemplate?.LaunchTemplateId ?? '';
    const versions = await launches.versions(template);
    expect(versions.map(({ LaunchTemplateData }) => LaunchTemplateData)).toEqual([
      {
        ImageId: await launches.image(),
        InstanceType: 't3.micro',
        KeyName: 'key',
        UserData: given.UserData,
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: ['sg-1', 'sg-2'] }],
        IamInstanceProfile: { Name: 'web' },
        EbsOptimized: true,
        InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.10' } },
        Placement: { Tenancy: 'default' },
        Monitoring: { Enabled: false },
        MetadataOptions: given.MetadataOptions,
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { ...given.BlockDeviceMappings[0].Ebs, Encrypted: true } },
          { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
          { DeviceName: '/dev/sdc', NoDevice: '' },
        ],
      },
    ]);
    expect(launches.writes(group, configuration)).toEqual(['CreateLaunchTemplate', 'UpdateAutoScalingGroup']);
    expect(await launches.configurations(configuration)).toHaveLength(1);

    const undone = await world.redress('undo', waiting.id, '--yes', '--json');
    expect(parseJson(undone.out)).toMatchObject({ outcome: 'done', finding: { id: waiting.id, status: 'undone' } });
    expect(await launches.shown(group)).toMatchObject({ LaunchConfigurationName: configuration });
    expect(await launches.versions(template)).toHaveLength(1);
    await world.cloud.sweep();
    expect((await world.finding(controls.configuration, configuration, 'exempt')).says).toContain(`${waiting.id} was undone`);
  });
});

test('with encryption by default on, nothing is found and nothing is written', async () => {
  const { world } = launches;
  await world.ec2.send(new EnableEbsEncryptionByDefaultCommand({}));
  const LaunchTemplateId = await launches.template();
  const LaunchConfigurationName = await launches.configuration();
  const groups = [
    await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '1' } }),
    await launches.group({ LaunchConfigurationName }),
  ];
  await world.quiet();
  await launches.calm();
  expect(world.told(controls.template, LaunchTemplateId)).toEqual([]);
  expect(world.told(controls.configuration, LaunchConfigurationName)).toEqual([]);
  expect(groups.flatMap((group) => world.told(controls.group, group))).toEqual([]);
  expect(launches.writes(LaunchTemplateId, LaunchConfigurationName, ...groups)).toEqual([]);
  await world.ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
});

test('what was encrypted from the start is found in order, and left as it is', async () => {
  const LaunchTemplateId = await launches.template(encrypted(await launches.data()));
  const group = await launches.group({ LaunchTemplate: { LaunchTemplateId, Version: '1' } });
  await launches.world.quiet();
  await launches.calm();
  expect(launches.world.told(controls.template, LaunchTemplateId)).toEqual([]);
  expect(launches.world.told(controls.group, group)).toEqual([]);
  expect(launches.writes(LaunchTemplateId, group)).toEqual([]);
});
