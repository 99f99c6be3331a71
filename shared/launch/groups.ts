import type {
  AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingGroupsCommandInput,
  DescribeAutoScalingGroupsCommandOutput,
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
export async function allGroups(read: Reader, which: { AutoScalingGroupNames?: string[] } = {}): Promise<AutoScalingGroup[]> {
  const describe = await describing();
  return pages(read, (token) => describe({ ...which, ...token }), groupsIn);
}

/** A part of all groups of the Region. */
export async function pageOfGroups(read: Reader, from: string | undefined): Promise<Part<AutoScalingGroup>> {
  return onePage(read, await describing(), groupsIn, from);
}

/** What makes the call; loaded when needed, for most events of other kinds ask for no group. */
async function describing(): Promise<(which: DescribeAutoScalingGroupsCommandInput) => DescribeAutoScalingGroupsCommand> {
  const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
  return (which) => new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, ...which });
}

function groupsIn({ AutoScalingGroups }: DescribeAutoScalingGroupsCommandOutput): AutoScalingGroup[] | undefined {
  return AutoScalingGroups;
}
