import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling';
import { partOf } from '#shared/aws/pages.ts';
import { valuesAt } from '#shared/control/example.ts';
import { kindOf } from '#shared/control/kind.ts';
import { at } from '#shared/control/record.ts';
import { allTags, isTagCall } from '#shared/control/tag.ts';
import { groupsByName, pageOfGroups } from '#shared/launch/groups.ts';
import { cloudFormationTags } from '#shared/tags/iac.ts';
import { stacks } from '#shared/tags/stack.ts';
import { anyGroup, GROUP } from './groups.ts';

const eventSource = 'autoscaling.amazonaws.com';
const named = { Null: { 'aws:TagKeys': 'false' } };
const place = (ResourceId: string, Key: string) => ({ ResourceId, ResourceType: 'auto-scaling-group', Key });

/** Where a request says what a group launches. */
const launching = ['launchTemplate', 'mixedInstancesPolicy', 'launchConfigurationName', 'instanceId'].map((name) => [
  'requestParameters',
  name,
]);

/** Auto Scaling groups. A group's name is its id and shows in every finding, so it is not judged. */
export const autoScalingGroups = kindOf({
  noun: 'auto-scaling-group',
  plural: 'Auto Scaling groups',
  type: GROUP,
  eventSource,
  // AWS draws an id for the middle, and takes a star there in policies
  arn: 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{id}',
  console: '/ec2/home?region={region}#AutoScalingGroupDetails:id={id}',
  securityHub: 'AwsAutoScalingAutoScalingGroup',
  created: { CreateAutoScalingGroup: 'requestParameters.autoScalingGroupName' },
  members: ['AutoScalingGroupName', 'Tags[].ResourceId'],
  unwatched: {
    'The group changes only when the refresh or its rollback ends, which no call records; the hourly sweep looks then.': [
      'CancelInstanceRefresh',
      'RollbackInstanceRefresh',
      'StartInstanceRefresh',
    ],
    'It changes how many instances run, when or which, and not from what they are launched: launches are recorded as RunInstances.': [
      'AttachInstances',
      'BatchDeleteScheduledAction',
      'BatchPutScheduledUpdateGroupAction',
      'CompleteLifecycleAction',
      'DeleteLifecycleHook',
      'DeletePolicy',
      'DeleteScheduledAction',
      'DeleteWarmPool',
      'DetachInstances',
      'EnterStandby',
      'ExecutePolicy',
      'ExitStandby',
      'LaunchInstances',
      'PutLifecycleHook',
      'PutScalingPolicy',
      'PutScheduledUpdateGroupAction',
      'PutWarmPool',
      'RecordLifecycleActionHeartbeat',
      'ResumeProcesses',
      'SetDesiredCapacity',
      'SetInstanceProtection',
      'SuspendProcesses',
      'TerminateInstanceInAutoScalingGroup',
    ],
    'It changes what the group reports, or where traffic comes from.': [
      'AttachLoadBalancerTargetGroups',
      'AttachLoadBalancers',
      'AttachTrafficSources',
      'DeleteNotificationConfiguration',
      'DetachLoadBalancerTargetGroups',
      'DetachLoadBalancers',
      'DetachTrafficSources',
      'DisableMetricsCollection',
      'EnableMetricsCollection',
      'PutNotificationConfiguration',
    ],
    'Most such calls are about sound groups, and each would cost an invocation.': ['DeleteAutoScalingGroup'],
  },
  // whoever scales a group by hand need not have said what it launches
  isByMaker: (record) => record.eventName !== 'UpdateAutoScalingGroup' || launching.some((path) => at(record, ...path) !== undefined),
  reads: [{ action: 'autoscaling:DescribeAutoScalingGroups' }],
  items: groupsByName,
  list: async (read, _place, from) => partOf(await pageOfGroups(read, from), ({ AutoScalingGroupName }) => AutoScalingGroupName ?? []),
  targets(record) {
    const path = isTagCall(record) ? 'requestParameters.tags[].resourceId' : 'requestParameters.autoScalingGroupName';
    return [...new Set(valuesAt(record, path))].map((id) => ({ type: GROUP, id }));
  },
  tagsOf: ({ Tags }) => allTags(Tags),
  // a group has a status only while it is being deleted
  leave: ({ Status }) => Status && `The group is being deleted (${Status}).`,
  tags: {
    retagged: [{ eventSource, eventNames: ['CreateOrUpdateTags', 'DeleteTags'] }],
    written: [
      { eventSource, eventNames: ['CreateAutoScalingGroup'], where: { requestParameters: { tags: { key: [{ exists: true }] } } } },
      { eventSource, eventNames: ['CreateOrUpdateTags'] },
    ],
    madeAt: ({ CreatedTime }) => CreatedTime,
    stacks,
    // not propagated: what a group launches is tagged by its own control, and a launch must not fail for one tag too many
    set: (name, tags) =>
      new CreateOrUpdateTagsCommand({ Tags: tags.map(({ Key, Value }) => ({ ...place(name, Key), Value, PropagateAtLaunch: false })) }),
    unset: (name, keys) => new DeleteTagsCommand({ Tags: keys.map((Key) => place(name, Key)) }),
    permissions: {
      set: { action: 'autoscaling:CreateOrUpdateTags', resource: anyGroup, conditions: named },
      unset: { action: 'autoscaling:DeleteTags', resource: anyGroup, conditions: named },
    },
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html'],
    code: {
      cloudFormation: {
        ...cloudFormationTags(GROUP),
        tag: (key, value) => `\`Tags: [{ Key: ${key}, Value: ${value}, PropagateAtLaunch: true }]\` on the ${GROUP}`,
      },
      // the provider's `default_tags` reach everything but groups
      terraform: {
        tag: (key, value) =>
          `\`key = "${key}"\`, \`value = "${value}"\` and \`propagate_at_launch = true\` in a \`tag\` block of the aws_autoscaling_group`,
        texts: 'the `tag` blocks of the aws_autoscaling_group',
      },
    },
  },
});
