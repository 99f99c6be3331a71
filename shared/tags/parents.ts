import { DescribeInstancesCommand, type Filter, type Instance } from '@aws-sdk/client-ec2';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Permission, Reader } from '#shared/control/control.ts';
import type { Parent } from '#shared/control/kind.ts';
import { allTags, tagOf } from '#shared/control/tag.ts';
import { groupsByName } from '#shared/launch/groups.ts';
import { templatesById } from '#shared/launch/reads.ts';

/** What it takes to look up where an instance came from. */
export const parentReads: readonly Permission[] = [
  { action: 'ec2:DescribeInstances' },
  { action: 'ec2:DescribeLaunchTemplates' },
  { action: 'autoscaling:DescribeAutoScalingGroups' },
];

function instancesWhere(Filters: Filter[], read: Reader): Promise<Instance[]> {
  return pages(
    read,
    (token) => new DescribeInstancesCommand({ Filters, ...token }),
    ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? []),
  );
}

/** Instances by id; a filter takes 200 values. */
export const instancesById: Loader<Instance> = {
  name: 'instances by id',
  max: 200,
  load: async (ids, read) => {
    const found = await instancesWhere([{ Name: 'instance-id', Values: [...ids] }], read);
    return new Map(found.flatMap((one) => (one.InstanceId ? [[one.InstanceId, one]] : [])));
  },
};

/** Where instances came from, by the tags that Auto Scaling and EC2 leave on them; nearest first. */
export async function parentsOfInstances(instances: readonly Instance[], read: Reader): Promise<Map<string, Parent[]>> {
  const known = instances.map((one) => {
    const tags = allTags(one.Tags);
    return { id: one.InstanceId ?? '', group: tagOf(tags, 'aws:autoscaling:groupName'), template: tagOf(tags, 'aws:ec2launchtemplate:id') };
  });
  const [groups, templates] = await Promise.all([
    read.many(
      groupsByName,
      known.flatMap(({ group }) => group ?? []),
    ),
    read.many(
      templatesById,
      known.flatMap(({ template }) => template ?? []),
    ),
  ]);
  return new Map(
    known.map(({ id, group = '', template = '' }): [string, Parent[]] => {
      const [itsGroup, itsTemplate] = [groups.get(group), templates.get(template)];
      return [
        id,
        [
          ...(itsGroup ? [{ is: 'group' as const, id: group, tags: allTags(itsGroup.Tags) }] : []),
          ...(itsTemplate ? [{ is: 'template' as const, id: template, tags: allTags(itsTemplate.Tags) }] : []),
        ],
      ];
    }),
  );
}
