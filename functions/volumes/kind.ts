import { DescribeVolumesCommand, type Volume } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { valuesAt } from '#shared/control/example.ts';
import type { Parent } from '#shared/control/kind.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { allTags } from '#shared/control/tag.ts';
import type { Reader, Trigger } from '#shared/control/types.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { instancesById, parentReads, parentsOfInstances } from '#shared/tags/parents.ts';
import { INSTANCE, newRootOf, VOLUME, volumesBehind } from './volumes.ts';

const EC2 = 'ec2.amazonaws.com';
/** A launch names no volumes, and they make no CreateVolume event. */
const launched = 'responseElements.instancesSet[].instanceId';
const copied = 'responseElements.CopyVolumesResponse.volumeSet[].volumeId';
const rooted = 'requestParameters.CreateReplaceRootVolumeTaskRequest';
/** It brings a volume back as it was, with its tags. */
const returned: Trigger = { eventSource: EC2, eventNames: ['RestoreVolumeFromRecycleBin'] };

/** The calls that make a volume which is not encrypted, and say so. */
export const madeUnencrypted: readonly Trigger[] = [
  { eventSource: EC2, eventNames: ['CreateVolume'], where: { responseElements: { encrypted: [false] } } },
  // no record of it is public, so both styles of EC2's records are matched
  {
    eventSource: EC2,
    eventNames: ['CopyVolumes'],
    where: { responseElements: { CopyVolumesResponse: { volumeSet: { item: { encrypted: [false] } } } } },
  },
  { eventSource: EC2, eventNames: ['CopyVolumes'], where: { responseElements: { volumeSet: { items: { encrypted: [false] } } } } },
];
const list = cloudFormationTags(VOLUME);
const map = terraformTags('aws_ebs_volume');

/** Where a record holds the volume that a call made, or else the one that it was given. */
const named = [
  'responseElements.volumeId',
  copied,
  'responseElements.volumeSet[].volumeId',
  'requestParameters.volumeId',
  'requestParameters.RestoreVolumeFromRecycleBinRequest.VolumeId',
  `${rooted}.VolumeId`,
];

/** EBS volumes; one that is attached inherits tags from its instance, and from what that came from. */
export const volumes = ec2Kind({
  noun: 'volume',
  plural: 'EBS volumes',
  name: 'Volume',
  idPrefix: 'vol-',
  page: 'VolumeDetails:volumeId={id}',
  securityHub: 'AwsEc2Volume',
  created: {
    CreateVolume: 'responseElements.volumeId',
    RunInstances: launched,
    CopyVolumes: copied,
    // its tags are those of the task
    CreateReplaceRootVolumeTask: { id: `${rooted}.InstanceId`, takesTags: false },
  },
  shownBy: ['BlockDeviceMappings'],
  unwatched: {
    'Each launch is recorded as RunInstances, by the service that makes it.': [
      'CreateFleet',
      'ModifyFleet',
      'RequestSpotFleet',
      'RequestSpotInstances',
    ],
    'AWS sells no scheduled instances any more.': ['RunScheduledInstances'],
    'The volume appears when the import ends, long after the call.': ['ImportVolume'],
    'It makes no volume: a template, an image or a snapshot is judged by what is launched or made from it.': [
      'CreateImage',
      'CreateLaunchTemplate',
      'CreateLaunchTemplateVersion',
      'CreateSnapshot',
      'CreateSnapshots',
      'RegisterImage',
      'RestoreSnapshotFromRecycleBin',
    ],
    'It changes neither encryption nor tags.': [
      'CreateDelegateMacVolumeOwnershipTask',
      'EnableVolumeIO',
      'ModifyInstanceAttribute',
      'ModifyVolume',
      'ModifyVolumeAttribute',
    ],
    'Most such calls are about sound volumes, and each would cost an invocation.': ['DeleteVolume', 'DetachVolume'],
  },
  isByMaker,
  describe: (input) => new DescribeVolumesCommand(input),
  itemsOf: ({ Volumes }) => Volumes,
  idOf: ({ VolumeId }) => VolumeId,
  leave: ({ State }) => (State === 'deleting' || State === 'deleted' ? 'The volume is being deleted.' : undefined),
  targets(record) {
    if (record.eventName === 'RunInstances') return valuesAt(record, launched).map((id) => ({ type: INSTANCE, id }));
    if (record.eventName === 'CreateReplaceRootVolumeTask' && isByMaker(record)) {
      const [instance] = [`${rooted}.InstanceId`, 'requestParameters.instanceId'].flatMap((path) => valuesAt(record, path));
      return instance ? [newRootOf(instance, record.eventTime)] : [];
    }
    const found = named.map((path) => valuesAt(record, path)).find((ids) => ids.length > 0) ?? [];
    return found.map((id) => ({ type: VOLUME, id }));
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
      // a launch template's tags for volumes do not show in the record, nor those of the root that is replaced
      { eventSource: EC2, eventNames: ['RunInstances', 'CopyVolumes', 'CreateReplaceRootVolumeTask'] },
    ],
    returned: [returned],
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

/** Whether the caller made the volume: not where it was there before, and is attached, brought back, or given to an instance as its root. */
function isByMaker(record: CloudTrailRecord): boolean {
  if (record.eventName !== 'CreateReplaceRootVolumeTask')
    return !['AttachVolume', 'RestoreVolumeFromRecycleBin'].includes(record.eventName);
  return [`${rooted}.VolumeId`, 'requestParameters.volumeId'].every((path) => valuesAt(record, path).length === 0);
}

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
