import type { Volume } from '@aws-sdk/client-ec2';
import { stringAt } from '#shared/control/record.ts';
import { ec2TagCommands } from '#shared/tags/ec2.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { instancesById, parentReads, parentsOfInstances } from '#shared/tags/parents.ts';
import { stacks } from '#shared/tags/stack.ts';
import { allTags, ec2TagCalls, ec2TagTargets, isTagCall, type Parent, type Taggable } from '#shared/tags/taggable.ts';
import { launchedIn, VOLUME, volumesBehind, volumesById, volumesWhere } from './volumes.ts';

const { permissions, ...commands } = ec2TagCommands('volume');
const ec2 = 'ec2.amazonaws.com';
const list = cloudFormationTags(VOLUME);
const map = terraformTags('aws_ebs_volume');

/** Volumes, for the three tag controls; a volume that is attached inherits from its instance, and from what that came from. */
export const taggable: Taggable = {
  noun: 'volume',
  plural: 'EBS volumes',
  resourceType: VOLUME,
  makers: [{ eventSource: ec2, eventNames: ['CreateVolume', 'RunInstances'] }],
  retaggers: [ec2TagCalls('vol-', 'CreateTags', 'DeleteTags')],
  writers: [
    {
      eventSource: ec2,
      eventNames: ['CreateVolume'],
      where: { requestParameters: { tagSpecificationSet: { items: { resourceType: ['volume'] } } } },
    },
    // a launch template's tags for volumes do not show in the record
    { eventSource: ec2, eventNames: ['RunInstances'] },
    ec2TagCalls('vol-', 'CreateTags'),
  ],
  stacks,
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html',
  ],
  code: {
    cloudFormation: {
      tag: (key, value) => `${list.tag(key, value)}, or with \`PropagateTagsToVolumeOnCreation: true\` on its AWS::EC2::Instance`,
      texts: `${list.texts}, or of its AWS::EC2::Instance`,
    },
    terraform: {
      tag: (key, value) => `${map.tag(key, value)}, or as \`volume_tags\` on its aws_instance`,
      texts: `${map.texts}, or of \`volume_tags\` of its aws_instance`,
    },
    cdk: { besides: ', and set `propagateTagsToVolumeOnCreation: true` where an ec2.Instance makes it' },
  },

  targets(record) {
    if (isTagCall(record)) return ec2TagTargets(record, VOLUME, 'vol-');
    if (record.eventName === 'RunInstances') return launchedIn(record);
    const id = stringAt(record, 'responseElements', 'volumeId');
    return id ? [{ type: VOLUME, id }] : [];
  },
  find: volumesBehind,
  list: async (read) => (await volumesWhere([], read)).flatMap(({ VolumeId }) => VolumeId ?? []),

  async inspect(ids, read) {
    const volumes = await read.many(volumesById, ids);
    const instances = await read.many(
      instancesById,
      [...volumes.values()].flatMap((volume) => instanceOf(volume) ?? []),
    );
    const parents = await parentsOfInstances([...instances.values()], read);
    return new Map(
      [...volumes].map(([id, volume]) => {
        const instance = instances.get(instanceOf(volume) ?? '');
        const its: Parent[] = instance?.InstanceId
          ? [{ is: 'instance', id: instance.InstanceId, tags: allTags(instance.Tags) }, ...(parents.get(instance.InstanceId) ?? [])]
          : [];
        const day = volume.CreateTime?.toISOString().slice(0, 10);
        const leave = reasonToLeave(volume);
        return [id, { tags: allTags(volume.Tags), fields: [], parents: its, ...(day && { day }), ...(leave && { leave }) }];
      }),
    );
  },

  ...commands,
  permissions: { reads: [{ action: 'ec2:DescribeVolumes' }, ...parentReads], ...permissions },
};

/** The one instance that a volume is attached to; of several none is its origin. */
function instanceOf({ Attachments = [] }: Volume): string | undefined {
  return Attachments.length === 1 ? Attachments[0]?.InstanceId : undefined;
}

function reasonToLeave({ State, Operator }: Volume): string | undefined {
  if (State === 'deleting' || State === 'deleted') return 'The volume is being deleted.';
  return Operator?.Managed ? `${Operator.Principal ?? 'An AWS service'} manages it, so it is left alone.` : undefined;
}
