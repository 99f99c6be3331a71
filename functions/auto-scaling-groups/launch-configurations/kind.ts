import { partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { allTags } from '#shared/control/tag.ts';
import { allGroups } from '#shared/launch/groups.ts';
import { CONFIGURATION, configurationsByName, pageOfConfigurations } from '../groups.ts';

/** Launch configurations; they have no tags, so whatever manages the groups that use one manages it too. */
export const launchConfigurations = kindOf({
  noun: 'launch-configuration',
  plural: 'Launch configurations',
  type: CONFIGURATION,
  eventSource: 'autoscaling.amazonaws.com',
  // AWS draws an id for the middle, and takes a star there in policies
  arn: 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:*:launchConfigurationName/{id}',
  // the list with only this one: launch configurations have no page of their own
  console: '/ec2/home?region={region}#LaunchConfigurations:launchConfigurationName={id}',
  securityHub: 'AwsAutoScalingLaunchConfiguration',
  created: { CreateLaunchConfiguration: 'requestParameters.launchConfigurationName' },
  members: ['LaunchConfigurationName'],
  unwatched: {
    'It has a group use another one: a launch configuration itself can never be changed.': [
      'CreateAutoScalingGroup',
      'UpdateAutoScalingGroup',
    ],
    'It changes tags, which launch configurations do not have.': ['CreateOrUpdateTags', 'DeleteTags'],
    'Most such calls are about sound launch configurations, and each would cost an invocation.': ['DeleteLaunchConfiguration'],
  },
  reads: [{ action: 'autoscaling:DescribeLaunchConfigurations' }, { action: 'autoscaling:DescribeAutoScalingGroups' }],
  items: configurationsByName,
  list: async (read, _place, from) =>
    partOf(await pageOfConfigurations(read, from), ({ LaunchConfigurationName }) => LaunchConfigurationName ?? []),
  async live(names, read) {
    const groups = (await allGroups(read)).filter(({ Status }) => Status === undefined);
    const users = (name: string) => groups.filter(({ LaunchConfigurationName }) => LaunchConfigurationName === name);
    return new Map(names.map((name) => [name, { tags: users(name).flatMap(({ Tags }) => allTags(Tags)) }]));
  },
});
