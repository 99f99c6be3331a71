import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Reader } from '#shared/control/control.ts';

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
  return pages(
    read,
    (token) => new DescribeAutoScalingGroupsCommand({ ...which, MaxRecords: 100, ...token }),
    ({ AutoScalingGroups }) => AutoScalingGroups,
  );
}
