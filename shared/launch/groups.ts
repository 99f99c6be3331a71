import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
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

/** Every group that is asked for, or all of the Region, page by page. */
export async function allGroups(read: Reader, which: { AutoScalingGroupNames?: string[] } = {}): Promise<AutoScalingGroup[]> {
  const found: AutoScalingGroup[] = [];
  let token: string | undefined;
  do {
    const page = await read(new DescribeAutoScalingGroupsCommand({ ...which, MaxRecords: 100, ...(token && { NextToken: token }) }));
    found.push(...(page.AutoScalingGroups ?? []));
    token = page.NextToken;
  } while (token);
  return found;
}
