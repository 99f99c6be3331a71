import { type LaunchConfiguration, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, type RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import type { Account } from '../../../test/support/launches/account.ts';
import { createConfiguration } from '../../../test/support/launches/events.ts';
import { group, image, launchWorld, template } from '../../../test/support/launches/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './launch-configuration-encrypted.ts';

// AWS answers empty text and lists for what was not set
const old: LaunchConfiguration = {
  LaunchConfigurationName: 'old',
  LaunchConfigurationARN: 'arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:u:launchConfigurationName/old',
  CreatedTime: new Date(0),
  ImageId: 'ami-1',
  InstanceType: 't3.micro',
  KeyName: '',
  SecurityGroups: [],
  ClassicLinkVPCSecurityGroups: [],
  UserData: '',
  KernelId: '',
  RamdiskId: '',
  BlockDeviceMappings: [],
  InstanceMonitoring: { Enabled: true },
  EbsOptimized: false,
};
const full: LaunchConfiguration = {
  ...old,
  KeyName: 'ops',
  SecurityGroups: ['sg-1'],
  UserData: token,
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', DeleteOnTermination: true } },
    { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
    { DeviceName: '/dev/sdc', NoDevice: true },
  ],
  InstanceMonitoring: { Enabled: false },
  SpotPrice: '0.05',
  IamInstanceProfile: 'arn:aws:iam::111122223333:instance-profile/web',
  EbsOptimized: true,
  AssociatePublicIpAddress: true,
  PlacementTenancy: 'dedicated',
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
};
const allowed = { allowGroupUpdates: true };
const web = group('web', { LaunchConfigurationName: 'old' });
const world =
  (configuration: LaunchConfiguration, account: Account = {}) =>
  () =>
    launchWorld({ images: [image('ami-1')], groups: [web, group('other', {})], ...account, configurations: [configuration] });
const make = (LaunchTemplateData: RequestLaunchTemplateData) =>
  new CreateLaunchTemplateCommand({
    LaunchTemplateName: 'redress-old-cba06b57',
    VersionDescription: 'Redress: old with encryption',
    LaunchTemplateData,
    TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'redress:made-from', Value: 'old' }] }],
  });
const encrypted = { DeviceName: '/dev/xvda', Ebs: { Encrypted: true } };
const plain = { ImageId: 'ami-1', InstanceType: 't3.micro' as const, Monitoring: { Enabled: true } };
const move = (LaunchTemplateId = 'lt-new1') =>
  new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', LaunchTemplate: { LaunchTemplateId, Version: '1' } });
const approved = { event: createConfiguration('old'), settings: allowed, isApproved: true };
const superseded =
  /^Found: The launch configuration old launches unencrypted volumes: .* web uses it\. Now: The launch template lt-new1 is the same with encryption, and no group uses old any more\.$/;
const mapped: RequestLaunchTemplateData = {
  ImageId: 'ami-1',
  InstanceType: 't3.micro',
  KeyName: 'ops',
  NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: ['sg-1'] }],
  Monitoring: { Enabled: false },
  InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.05' } },
  IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/web' },
  EbsOptimized: true,
  Placement: { Tenancy: 'dedicated' },
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', DeleteOnTermination: true, Encrypted: true } },
    { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
    { DeviceName: '/dev/sdc', NoDevice: '' },
  ],
  UserData: token,
};
const key = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const usual = 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';

testControl(control, {
  valid: [
    {
      name: 'one of an encrypted AMI',
      world: world(old, { images: [image('ami-1', { encrypted: true })] }),
      event: createConfiguration('old'),
    },
    {
      name: 'an unencrypted mapping, where encryption by default is on',
      world: world(full, { isDefaultOn: true }),
      event: createConfiguration('old'),
    },
    {
      name: 'a volume from an encrypted snapshot of its own',
      world: world(
        { ...old, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1' } }] },
        { snapshots: [{ SnapshotId: 'snap-1', Encrypted: true }] },
      ),
      event: createConfiguration('old'),
    },
    {
      name: 'one that an equal template took the place of, once that was told',
      world: world(old, {
        groups: [],
        templates: [
          { ...template('lt-9', { ...plain, BlockDeviceMappings: [encrypted] }), Tags: [{ Key: 'redress:made-from', Value: 'old' }] },
        ],
      }),
      event: scheduled(),
    },
  ],
  invalid: [
    {
      ...approved,
      name: 'one that says little',
      world: world(old),
      mode: 'approve',
      sends: [make({ ...plain, BlockDeviceMappings: [encrypted] }), move()],
      status: 'superseded',
      says: superseded,
    },
    {
      ...approved,
      name: 'one that says everything, each field in its place',
      world: world(full),
      mode: 'approve',
      sends: [make(mapped), move()],
      status: 'superseded',
      says: superseded,
      secret: token,
    },
    {
      ...approved,
      name: 'a template that somebody tagged to look like ours',
      world: world(old, {
        templates: [
          {
            ...template('lt-9', { ...plain, KeyName: 'evil', BlockDeviceMappings: [encrypted] }),
            Tags: [{ Key: 'redress:made-from', Value: 'old' }],
          },
        ],
      }),
      mode: 'approve',
      sends: [make({ ...plain, BlockDeviceMappings: [encrypted] }), move('lt-new2')],
      status: 'superseded',
      says: /lt-new2/,
    },
    {
      ...approved,
      name: 'one that a group uses which is being deleted, and takes no update',
      world: world(old, { groups: [web, { ...group('going', { LaunchConfigurationName: 'old' }), Status: 'Delete in progress' }] }),
      mode: 'approve',
      sends: [make({ ...plain, BlockDeviceMappings: [encrypted] }), move()],
      status: 'superseded',
      says: superseded,
    },
    {
      name: 'one whose groups Redress may not update',
      world: world(old),
      event: createConfiguration('old'),
      sends: [],
      status: 'open',
      says: /web uses it\.$/,
      advice: /allowGroupUpdates/,
    },
    {
      name: 'one that no group uses',
      world: world(old, { groups: [] }),
      event: createConfiguration('old'),
      settings: allowed,
      sends: [],
      status: 'open',
      says: /No group uses it\.$/,
      advice: /Delete it/,
    },
    {
      name: 'fields that a template cannot say',
      world: world({ ...old, ClassicLinkVPCId: 'vpc-1', SecurityGroups: ['web'] }),
      event: createConfiguration('old'),
      settings: allowed,
      sends: [],
      status: 'open',
      says: /unencrypted/,
      advice: /cannot say all of it: ClassicLinkVPCId, SecurityGroups by name \(web\)/,
    },
    {
      name: 'a key that Auto Scaling may not use',
      world: world(old, { keys: { 'alias/ebs': { Arn: key } } }),
      event: createConfiguration('old'),
      settings: { ...allowed, kmsKey: 'alias/ebs' },
      sends: [],
      status: 'open',
      says: /unencrypted/,
      advice: /No template is made: the Auto Scaling service-linked role may not use/,
    },
    {
      name: "a key that the usual role may use, and a group's own role may not",
      world: world(old, {
        keys: { 'alias/ebs': { Arn: key, policy: { Statement: [{ Effect: 'Allow', Principal: { AWS: usual }, Action: 'kms:*' }] } } },
        groups: [web, group('blue', { LaunchConfigurationName: 'old', ServiceLinkedRoleARN: `${usual}_blue` })],
      }),
      event: createConfiguration('old'),
      settings: { ...allowed, kmsKey: 'alias/ebs' },
      sends: [],
      status: 'open',
      says: /blue, web use it\.$/,
      advice: /No template is made: .* may not use .*\n.*AWSServiceRoleForAutoScaling_blue/,
    },
    {
      name: 'one that claims to be of Terraform',
      world: world(old),
      event: createConfiguration('old', byTerraform),
      sends: [],
      status: 'open',
      says: /It claims to be managed by Terraform, so a person decides/,
    },
  ],
  undo: [
    {
      name: 'the groups go back to it, and the template stays',
      world: world(old),
      event: createConfiguration('old'),
      settings: allowed,
      isApproved: true,
      sends: [new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', LaunchConfigurationName: 'old' })],
    },
  ],
  skipped: [
    {
      name: 'one whose group a CloudFormation stack owns',
      world: world(old, { groups: [{ ...web, Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }] }),
      event: createConfiguration('old'),
      says: /The CloudFormation stack web manages it/,
    },
    {
      name: 'one that Terraform made',
      world: world(old),
      event: createConfiguration('old', { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ci' } }),
      managers: { managedBy: { terraform: ['arn:aws:iam::*:user/ci'] } },
      says: /Terraform manages it/,
    },
    { name: 'one that is gone', world: () => launchWorld(), event: createConfiguration('old'), says: 'The resource is gone.' },
  ],
});
