import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
  type DescribeAutoScalingGroupsCommandOutput,
} from '@aws-sdk/client-auto-scaling';
import { onePage, pages } from '#shared/aws/pages.ts';
import type { Loader, Part, Reader } from '#shared/control/control.ts';

/** Groups by name; one that is gone is absent. */
export const groupsByName: Loader<AutoScalingGroup> = {
  name: 'groups by name',
  max: 100,
  async load(names, read) {
    const found = await allGroups(read, { AutoScalingGroupNames: [...names] });
    return new Map(found.flatMap((group) => (group.AutoScalingGroupName ? [[group.AutoScalingGroupName, group]] : [])));
  },
};

/** Every group that is asked for, or all of the Region. */
export function allGroups(read: Reader, which: { AutoScalingGroupNames?: string[] } = {}): Promise<AutoScalingGroup[]> {
  return pages(read, (token) => describe({ ...which, ...token }), groupsIn);
}

/** A part of all groups of the Region. */
export function pageOfGroups(read: Reader, from: string | undefined): Promise<Part<AutoScalingGroup>> {
  return onePage(read, describe, groupsIn, from);
}

function describe(which: DescribeAutoScalingGroupsCommandInput): DescribeAutoScalingGroupsCommand {
  return new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, ...which });
}

function groupsIn({ AutoScalingGroups }: DescribeAutoScalingGroupsCommandOutput): AutoScalingGroup[] | undefined {
  return AutoScalingGroups;
}
