import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling';
import { type CloudTrailRecord, listAt, stringAt } from '#shared/control/record.ts';
import { allGroups, groupsByName } from '#shared/launch/groups.ts';
import { cloudFormationTags } from '#shared/tags/iac.ts';
import { stacks } from '#shared/tags/stack.ts';
import { allTags, isTagCall, type Taggable } from '#shared/tags/taggable.ts';
import { anyGroup, GROUP } from './groups.ts';

const autoScaling = 'autoscaling.amazonaws.com';
const named = { Null: { 'aws:TagKeys': 'false' } };
const place = (ResourceId: string, Key: string) => ({ ResourceId, ResourceType: 'auto-scaling-group', Key });

/** Auto Scaling groups, for the three tag controls. A group's name is its id and shows in every finding, so it is not judged. */
export const taggable: Taggable = {
  noun: 'auto-scaling-group',
  plural: 'Auto Scaling groups',
  resourceType: GROUP,
  makers: [{ eventSource: autoScaling, eventNames: ['CreateAutoScalingGroup'] }],
  retaggers: [{ eventSource: autoScaling, eventNames: ['CreateOrUpdateTags', 'DeleteTags'] }],
  writers: [
    {
      eventSource: autoScaling,
      eventNames: ['CreateAutoScalingGroup'],
      where: { requestParameters: { tags: { key: [{ exists: true }] } } },
    },
    { eventSource: autoScaling, eventNames: ['CreateOrUpdateTags'] },
  ],
  stacks,
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

  targets: (record) => namesIn(record).map((id) => ({ type: GROUP, id })),
  list: async (read) => (await allGroups(read)).flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []),

  async inspect(names, read) {
    const groups = await read.many(groupsByName, names);
    return new Map(
      [...groups].map(([name, { Tags, CreatedTime, Status }]) => [
        name,
        {
          tags: allTags(Tags),
          fields: [],
          parents: [],
          ...(CreatedTime && { day: CreatedTime.toISOString().slice(0, 10) }),
          ...(Status && { leave: `The group is being deleted (${Status}).` }),
        },
      ]),
    );
  },

  // not propagated: what a group launches is tagged by its own control, and a launch must not fail for one tag too many
  set: (name, tags) =>
    new CreateOrUpdateTagsCommand({ Tags: tags.map(({ Key, Value }) => ({ ...place(name, Key), Value, PropagateAtLaunch: false })) }),
  unset: (name, keys) => new DeleteTagsCommand({ Tags: keys.map((Key) => place(name, Key)) }),
  permissions: {
    reads: [{ action: 'autoscaling:DescribeAutoScalingGroups' }],
    set: { action: 'autoscaling:CreateOrUpdateTags', resource: anyGroup, conditions: named },
    unset: { action: 'autoscaling:DeleteTags', resource: anyGroup, conditions: named },
  },
};

function namesIn(record: CloudTrailRecord): string[] {
  const name = stringAt(record, 'requestParameters', 'autoScalingGroupName');
  if (!isTagCall(record)) return name ? [name] : [];
  const tags = listAt(record, 'requestParameters', 'tags');
  return [...new Set(tags.flatMap((tag) => stringAt(tag, 'resourceId') ?? []))];
}
