import { ec2Call, queryCall } from './calls.ts';
import { type Case, queryXml, xml } from './record-case.ts';

const empty = (action: string) => queryXml(action, '');
const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const hidden = '<sensitiveDataRemoved>';

/** The shapes of launch templates and of Auto Scaling. */
export const launchCases: { readonly [name: string]: Case } = {
  'CreateLaunchTemplate, whose user data is hidden': {
    call: ec2Call('CreateLaunchTemplate', {
      LaunchTemplateName: 'web',
      ClientToken: 't',
      'LaunchTemplateData.ImageId': 'ami-1',
      'LaunchTemplateData.UserData': 'c2VjcmV0',
      'LaunchTemplateData.BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'LaunchTemplateData.BlockDeviceMapping.1.Ebs.Encrypted': 'false',
      'LaunchTemplateData.SecurityGroupId.1': 'sg-1',
    }),
    answer: xml(
      'CreateLaunchTemplate',
      '<launchTemplate><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>web</launchTemplateName><createTime>2026-11-22T01:02:03.000Z</createTime><latestVersionNumber>1</latestVersionNumber></launchTemplate>',
    ),
    request: {
      CreateLaunchTemplateRequest: {
        LaunchTemplateName: 'web',
        ClientToken: 't',
        LaunchTemplateData: {
          ImageId: 'ami-1',
          UserData: hidden,
          BlockDeviceMapping: { DeviceName: '/dev/xvda', Ebs: { Encrypted: false }, tag: 1 },
          SecurityGroupId: { content: 'sg-1', tag: 1 },
        },
      },
    },
    response: {
      CreateLaunchTemplateResponse: {
        xmlns: namespace,
        requestId: 'r-1',
        launchTemplate: {
          launchTemplateId: 'lt-1',
          launchTemplateName: 'web',
          createTime: '2026-11-22T01:02:03.000Z',
          latestVersionNumber: 1,
        },
      },
    },
  },
  'CreateLaunchTemplateVersion, in whose answer it is hidden too': {
    call: ec2Call('CreateLaunchTemplateVersion', {
      LaunchTemplateId: 'lt-1',
      'LaunchTemplateData.UserData': 'c2VjcmV0',
      'LaunchTemplateData.BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'LaunchTemplateData.BlockDeviceMapping.2.DeviceName': '/dev/sdb',
    }),
    answer: xml(
      'CreateLaunchTemplateVersion',
      '<launchTemplateVersion><versionNumber>2</versionNumber><defaultVersion>false</defaultVersion><launchTemplateData><userData>c2VjcmV0</userData><blockDeviceMappingSet><item><deviceName>/dev/xvda</deviceName></item><item><deviceName>/dev/sdb</deviceName></item></blockDeviceMappingSet></launchTemplateData></launchTemplateVersion>',
    ),
    request: {
      CreateLaunchTemplateVersionRequest: {
        LaunchTemplateId: 'lt-1',
        LaunchTemplateData: {
          UserData: hidden,
          BlockDeviceMapping: [
            { DeviceName: '/dev/xvda', tag: 1 },
            { DeviceName: '/dev/sdb', tag: 2 },
          ],
        },
      },
    },
    response: {
      CreateLaunchTemplateVersionResponse: {
        xmlns: namespace,
        requestId: 'r-1',
        launchTemplateVersion: {
          versionNumber: 2,
          defaultVersion: false,
          launchTemplateData: {
            userData: hidden,
            blockDeviceMappingSet: { item: [{ deviceName: '/dev/xvda' }, { deviceName: '/dev/sdb' }] },
          },
        },
      },
    },
  },
  ModifyLaunchTemplate: {
    call: ec2Call('ModifyLaunchTemplate', { LaunchTemplateId: 'lt-1', SetDefaultVersion: '2' }),
    answer: xml(
      'ModifyLaunchTemplate',
      '<launchTemplate><launchTemplateId>lt-1</launchTemplateId><defaultVersionNumber>2</defaultVersionNumber></launchTemplate>',
    ),
    request: { ModifyLaunchTemplateRequest: { LaunchTemplateId: 'lt-1', SetDefaultVersion: 2 } },
    response: {
      ModifyLaunchTemplateResponse: {
        xmlns: namespace,
        requestId: 'r-1',
        launchTemplate: { launchTemplateId: 'lt-1', defaultVersionNumber: 2 },
      },
    },
  },
  'autoscaling CreateAutoScalingGroup, with numbers, booleans and plain lists': {
    call: queryCall('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: '17',
      MinSize: '0',
      MaxSize: '2',
      HealthCheckGracePeriod: '300',
      NewInstancesProtectedFromScaleIn: 'false',
      'AvailabilityZones.member.1': 'us-east-1a',
      'LoadBalancerNames.member.1': 'front',
      Tags: '',
      'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId': 'lt-1',
      'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version': '1',
      'MixedInstancesPolicy.LaunchTemplate.Overrides.member.1.WeightedCapacity': '2',
      'MixedInstancesPolicy.InstancesDistribution.OnDemandBaseCapacity': '1',
    }),
    answer: empty('CreateAutoScalingGroup'),
    request: {
      autoScalingGroupName: '17',
      minSize: 0,
      maxSize: 2,
      healthCheckGracePeriod: 300,
      newInstancesProtectedFromScaleIn: false,
      availabilityZones: ['us-east-1a'],
      loadBalancerNames: ['front'],
      tags: [],
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: { launchTemplateId: 'lt-1', version: '1' },
          overrides: [{ weightedCapacity: '2' }],
        },
        instancesDistribution: { onDemandBaseCapacity: 1 },
      },
    },
    response: null,
  },
  'autoscaling UpdateAutoScalingGroup': {
    call: queryCall('autoscaling', 'UpdateAutoScalingGroup', {
      AutoScalingGroupName: 'web',
      MinSize: '1',
      MaxSize: '8',
      'LaunchTemplate.LaunchTemplateName': 'web',
      'LaunchTemplate.Version': '2',
    }),
    answer: empty('UpdateAutoScalingGroup'),
    request: { autoScalingGroupName: 'web', minSize: 1, maxSize: 8, launchTemplate: { launchTemplateName: 'web', version: '2' } },
    response: null,
  },
  'autoscaling CreateLaunchConfiguration, whose user data is hidden': {
    call: queryCall('autoscaling', 'CreateLaunchConfiguration', {
      LaunchConfigurationName: 'web',
      UserData: 'c2VjcmV0',
      EbsOptimized: 'false',
      'InstanceMonitoring.Enabled': 'false',
      'SecurityGroups.member.1': 'sg-1',
      'BlockDeviceMappings.member.1.DeviceName': '/dev/xvda',
      'BlockDeviceMappings.member.1.Ebs.VolumeSize': '8',
      'BlockDeviceMappings.member.1.Ebs.Encrypted': 'false',
    }),
    answer: empty('CreateLaunchConfiguration'),
    request: {
      launchConfigurationName: 'web',
      userData: hidden,
      ebsOptimized: false,
      instanceMonitoring: { enabled: false },
      securityGroups: ['sg-1'],
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 8, encrypted: false } }],
    },
    response: null,
  },
  'autoscaling CreateOrUpdateTags': {
    call: queryCall('autoscaling', 'CreateOrUpdateTags', {
      'Tags.member.1.ResourceId': 'web',
      'Tags.member.1.Key': 'live',
      'Tags.member.1.Value': 'true',
      'Tags.member.1.PropagateAtLaunch': 'true',
    }),
    answer: empty('CreateOrUpdateTags'),
    request: { tags: [{ resourceId: 'web', key: 'live', value: 'true', propagateAtLaunch: true }] },
    response: null,
  },
};
