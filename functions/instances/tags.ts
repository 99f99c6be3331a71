import type { Instance } from '@aws-sdk/client-ec2';
import { listAt, stringAt } from '#shared/control/record.ts';
import { ec2TagCommands } from '#shared/tags/ec2.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { instancesById, instancesWhere, parentReads, parentsOfInstances } from '#shared/tags/parents.ts';
import { stacks } from '#shared/tags/stack.ts';
import { allTags, ec2TagCalls, ec2TagTargets, isTagCall, type Taggable } from '#shared/tags/taggable.ts';

const INSTANCE = 'AWS::EC2::Instance';
const { permissions, ...commands } = ec2TagCommands('instance');
const launch = { eventSource: 'ec2.amazonaws.com', eventNames: ['RunInstances'] };

/** Instances, for the three tag controls; one that Auto Scaling launched inherits from its group and its launch template. */
export const taggable: Taggable = {
  noun: 'instance',
  plural: 'EC2 instances',
  resourceType: INSTANCE,
  makers: [launch],
  retaggers: [ec2TagCalls('i-', 'CreateTags', 'DeleteTags')],
  writers: [
    // the answer shows the tags of the launch template too
    { ...launch, where: { responseElements: { instancesSet: { items: { tagSet: { items: { key: [{ exists: true }] } } } } } } },
    ec2TagCalls('i-', 'CreateTags'),
  ],
  stacks,
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html',
  ],
  code: { cloudFormation: cloudFormationTags(INSTANCE), terraform: terraformTags('aws_instance') },

  targets(record) {
    if (isTagCall(record)) return ec2TagTargets(record, INSTANCE, 'i-');
    return listAt(record, 'responseElements', 'instancesSet').flatMap((one) => {
      const id = stringAt(one, 'instanceId');
      return id ? [{ type: INSTANCE, id }] : [];
    });
  },
  list: async (read) =>
    (await instancesWhere([{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }], read)).flatMap(
      ({ InstanceId }) => InstanceId ?? [],
    ),

  async inspect(ids, read) {
    const instances = await read.many(instancesById, ids);
    const parents = await parentsOfInstances([...instances.values()], read);
    return new Map(
      [...instances].map(([id, instance]) => {
        const leave = reasonToLeave(instance);
        // no day: `LaunchTime` is that of the last start
        return [id, { tags: allTags(instance.Tags), fields: [], parents: parents.get(id) ?? [], ...(leave && { leave }) }];
      }),
    );
  },

  ...commands,
  permissions: { reads: parentReads, ...permissions },
};

function reasonToLeave({ State, Operator }: Instance): string | undefined {
  if (State?.Name === 'terminated' || State?.Name === 'shutting-down') return 'The instance is terminated.';
  return Operator?.Managed ? `${Operator.Principal ?? 'An AWS service'} manages it, so it is left alone.` : undefined;
}
