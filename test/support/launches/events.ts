import { randomUUID } from 'node:crypto';
import { callEvent } from '../../fixtures/events.ts';

const xmlns = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const groups = 'autoscaling.amazonaws.com';

type Fields = { readonly [key: string]: unknown };

/** CreateLaunchTemplate in EC2's wrapped style: PascalCase in the request, lowerCamel in the answer. */
export function createTemplate(launchTemplateId: string, fields: Fields = {}) {
  return callEvent('CreateLaunchTemplate', {
    requestParameters: {
      CreateLaunchTemplateRequest: {
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-1', UserData: '<sensitiveDataRemoved>' },
      },
    },
    responseElements: {
      CreateLaunchTemplateResponse: {
        xmlns,
        requestId: randomUUID(),
        launchTemplate: { launchTemplateId, launchTemplateName: 'web', latestVersionNumber: 1, defaultVersionNumber: 1 },
      },
    },
    ...fields,
  });
}

/** CreateLaunchTemplateVersion: the answer names the template inside the version. */
export function createVersion(launchTemplateId: string) {
  return callEvent('CreateLaunchTemplateVersion', {
    requestParameters: { CreateLaunchTemplateVersionRequest: { LaunchTemplateId: launchTemplateId, LaunchTemplateData: {} } },
    responseElements: {
      CreateLaunchTemplateVersionResponse: {
        xmlns,
        requestId: randomUUID(),
        launchTemplateVersion: { launchTemplateId, versionNumber: 2 },
      },
    },
  });
}

/** ModifyLaunchTemplate, of which CloudTrail calls the version `SetDefaultVersion`. */
export function modifyTemplate(launchTemplateId: string, fields: Fields = {}) {
  return callEvent('ModifyLaunchTemplate', {
    requestParameters: { ModifyLaunchTemplateRequest: { LaunchTemplateId: launchTemplateId, SetDefaultVersion: 2 } },
    responseElements: { ModifyLaunchTemplateResponse: { xmlns, requestId: randomUUID(), launchTemplate: { launchTemplateId } } },
    ...fields,
  });
}

/** CreateAutoScalingGroup: plain lowerCamel, and no answer. */
export function createGroup(autoScalingGroupName: string, fields: Fields = {}) {
  const requestParameters = { autoScalingGroupName, minSize: 0, maxSize: 2, desiredCapacity: 0, tags: [] };
  return callEvent('CreateAutoScalingGroup', { requestParameters, ...fields }, groups);
}

/** UpdateAutoScalingGroup names what changes. */
export function updateGroup(autoScalingGroupName: string, changed: Fields = { maxSize: 8 }) {
  return callEvent('UpdateAutoScalingGroup', { requestParameters: { autoScalingGroupName, ...changed } }, groups);
}

/** CreateLaunchConfiguration. */
export function createConfiguration(launchConfigurationName: string, fields: Fields = {}) {
  const requestParameters = { launchConfigurationName, imageId: 'ami-1', instanceType: 't3.micro', ebsOptimized: false };
  return callEvent('CreateLaunchConfiguration', { requestParameters, ...fields }, groups);
}
