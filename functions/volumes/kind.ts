import { DescribeVolumesCommand, type Volume } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { valuesAt } from '#shared/control/example.ts';
import type { Parent } from '#shared/control/kind.ts';
import { allTags } from '#shared/control/tag.ts';
import type { Reader } from '#shared/control/types.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { instancesById, parentReads, parentsOfInstances } from '#shared/tags/parents.ts';
import { INSTANCE, VOLUME, volumesBehind } from './volumes.ts';

const EC2 = 'ec2.amazonaws.com';
/** A launch names no volumes, and they make no CreateVolume event. */
const launched = 'responseElements.instancesSet[].instanceId';
const list = cloudFormationTags(VOLUME);
const map = terraformTags('aws_ebs_volume');

/** EBS volumes; one that is attached inherits tags from its instance, and from what that came from. */
export const volumes = ec2Kind({
  noun: 'volume',
  plural: 'EBS volumes',
  name: 'Volume',
  idPrefix: 'vol-',
  page: 'VolumeDetails:volumeId={id}',
  securityHub: 'AwsEc2Volume',
  created: { CreateVolume: 'responseElements.volumeId', RunInstances: launched },
  describe: (input) => new DescribeVolumesCommand(input),
  itemsOf: ({ Volumes }) => Volumes,
  idOf: ({ VolumeId }) => VolumeId,
  leave: ({ State }) => (State === 'deleting' || State === 'deleted' ? 'The volume is being deleted.' : undefined),
  targets(record) {
    if (record.eventName === 'RunInstances') return valuesAt(record, launched).map((id) => ({ type: INSTANCE, id }));
    const paths = ['responseElements.volumeId', 'requestParameters.volumeId'];
    return paths
      .flatMap((path) => valuesAt(record, path))
      .slice(0, 1)
      .map((id) => ({ type: VOLUME, id }));
  },
  find: volumesBehind,
  tags: {
    terraform: 'aws_ebs_volume',
    written: [
      {
        eventSource: EC2,
        eventNames: ['CreateVolume'],
        where: { requestParameters: { tagSpecificationSet: { items: { resourceType: ['volume'] } } } },
      },
      // a launch template's tags for volumes do not show in the record
      { eventSource: EC2, eventNames: ['RunInstances'] },
    ],
    reads: parentReads,
    parents,
    madeAt: ({ CreateTime }) => CreateTime,
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html'],
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
  },
});

async function parents(found: ReadonlyMap<string, Volume>, read: Reader): Promise<Map<string, Parent[]>> {
  const attached = [...found].flatMap(([id, volume]): [string, string][] => {
    const instance = instanceOf(volume);
    return instance ? [[id, instance]] : [];
  });
  const instances = await read.many(
    instancesById,
    attached.map(([, instance]) => instance),
  );
  const origins = await parentsOfInstances([...instances.values()], read);
  return new Map(
    attached.flatMap(([id, its]): [string, Parent[]][] => {
      const instance = instances.get(its);
      return instance ? [[id, [{ is: 'instance', id: its, tags: allTags(instance.Tags) }, ...(origins.get(its) ?? [])]]] : [];
    }),
  );
}

/** The one instance that a volume is attached to; of several none is its origin. */
function instanceOf({ Attachments = [] }: Volume): string | undefined {
  return Attachments.length === 1 ? Attachments[0]?.InstanceId : undefined;
}
