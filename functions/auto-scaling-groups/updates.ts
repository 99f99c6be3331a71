import type { Permission } from '#shared/control/control.ts';
import { anyGroup } from './groups.ts';

const onlyIf = 'allowGroupUpdates';
const launching = 'Auto Scaling checks, when a group is given a launch template, that whoever does so could launch from it';

/**
 * What an update of a group's launch template takes, all of it only where the deployer opts in.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export const groupUpdates: readonly Permission[] = [
  { action: 'autoscaling:UpdateAutoScalingGroup', resource: anyGroup, onlyIf },
  {
    action: 'ec2:RunInstances',
    // never an instance without a template
    conditions: { ArnLike: { 'ec2:LaunchTemplate': 'arn:{partition}:ec2:{region}:{account}:launch-template/*' } },
    impliedBy: launching,
    onlyIf,
  },
  {
    action: 'ec2:CreateTags',
    conditions: { StringEquals: { 'ec2:CreateAction': ['RunInstances'] } },
    impliedBy: `${launching}, with the tags that it names`,
    onlyIf,
  },
  {
    action: 'iam:PassRole',
    resource: 'arn:{partition}:iam::{account}:role/*',
    conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    impliedBy: `${launching}, with its instance profile`,
    onlyIf,
  },
];
