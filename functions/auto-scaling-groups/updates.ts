import * as v from 'valibot';
import type { Permission } from '#shared/control/control.ts';
import { passing, roleNames } from '#shared/control/roles.ts';
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
  { ...passing('instanceRoles', ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'], `${launching}, with its instance profile`), onlyIf },
];

/** What such permissions amount to; the first thing that the setting, the control's page and docs/safety.md say. */
export const updatesAmountTo =
  'With `allowGroupUpdates`, Redress’s role can run code as every role that `instanceRoles` names: with an administrator’s among them, it is administrator of the account.';

/** The settings of a control that moves groups; `whatFor` says which groups. */
export function updateSettings(whatFor: string) {
  return {
    allowGroupUpdates: v.pipe(
      v.optional(v.boolean(), false),
      v.description(`${updatesAmountTo} Lets Redress ${whatFor}: AWS then checks \`ec2:RunInstances\` and \`iam:PassRole\`.`),
    ),
    instanceRoles: v.pipe(
      roleNames,
      v.description(
        `${updatesAmountTo} Name the roles of the instance profiles that your launch templates name, at most 10: \`web\`, or \`batch/*\` for all under a path. A group whose template names another role is not moved.`,
      ),
    ),
  } as const;
}
