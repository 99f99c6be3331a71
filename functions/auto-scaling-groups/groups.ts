import {
  DescribeLaunchConfigurationsCommand,
  type DescribeLaunchConfigurationsCommandInput,
  type DescribeLaunchConfigurationsCommandOutput,
  type LaunchConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { onePage, pages } from '#shared/aws/pages.ts';
import type { Loader, Part, Reader, Target } from '#shared/control/control.ts';
import { allGroups } from '#shared/launch/groups.ts';
import { pointersOf } from '#shared/launch/pointers.ts';
import { LAUNCH_TEMPLATE } from '#shared/launch/template.ts';

/** CloudFormation's names for what this kind judges. */
export const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
export const CONFIGURATION = 'AWS::AutoScaling::LaunchConfiguration';

/** The ARNs of all groups; the middle is an id that AWS draws. */
export const anyGroup = 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*';

/** Launch configurations by name; one that is gone is absent. */
export const configurationsByName: Loader<LaunchConfiguration> = {
  name: 'launch configurations by name',
  max: 50,
  async load(names, read) {
    const found = await pages(read, (token) => describe({ LaunchConfigurationNames: [...names], ...token }), configurationsIn);
    return new Map(found.flatMap((one) => (one.LaunchConfigurationName ? [[one.LaunchConfigurationName, one]] : [])));
  },
};

/** A part of all launch configurations of the Region. */
export function pageOfConfigurations(read: Reader, from: string | undefined): Promise<Part<LaunchConfiguration>> {
  return onePage(read, describe, configurationsIn, from);
}

function describe(which: DescribeLaunchConfigurationsCommandInput): DescribeLaunchConfigurationsCommand {
  return new DescribeLaunchConfigurationsCommand({ MaxRecords: 100, ...which });
}

function configurationsIn({ LaunchConfigurations }: DescribeLaunchConfigurationsCommandOutput): LaunchConfiguration[] | undefined {
  return LaunchConfigurations;
}

/** Turns a launch template whose default moved into the groups that follow its default. */
export const groupsThatFollow = followersOf(['$Default']);

/** Turns a launch template that changed into the groups that launch something else by that. */
export const groupsThatChange = followersOf(['$Default', '$Latest']);

function followersOf(versions: readonly string[]) {
  return async <Found extends Target>(templates: readonly Found[], read: Reader): Promise<Map<string, Found[]>> => {
    const groups = await allGroups(read);
    const follows = (id: string) =>
      groups.filter((group) => pointersOf(group).some((one) => one.template === id && versions.includes(one.follows)));
    return new Map(
      templates.map((target) => {
        if (target.type !== LAUNCH_TEMPLATE) throw new TypeError(`groups follow launch templates, not ${target.type}`);
        return [target.id, follows(target.id).flatMap(({ AutoScalingGroupName: id }) => (id ? [{ ...target, type: GROUP, id }] : []))];
      }),
    );
  };
}
