import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { isTagCall } from '#shared/control/tag.ts';
import type { Trigger } from '#shared/control/types.ts';
import { terraformTags } from '#shared/tags/iac.ts';
import { unwatched } from './unwatched.ts';

const EC2 = 'ec2.amazonaws.com';
const RESTORED = 'RestoreSnapshotFromRecycleBin';
const several = 'responseElements.CreateSnapshotsResponse.snapshotSet[].snapshotId';

/** It brings a snapshot back with its tags. */
export const restored: Trigger = { eventSource: EC2, eventNames: [RESTORED] };
/** EBS's own way to make a snapshot, block by block. */
export const EBS = 'ebs.amazonaws.com';

// CloudFormation and the CDK have no snapshot of their own: a policy makes them
const policy = 'the schedule of the AWS::DLM::LifecyclePolicy, for snapshots to come';

/** EBS snapshots of this account; their ARNs name no account. */
export const snapshots = ec2Kind({
  noun: 'snapshot',
  plural: 'EBS snapshots',
  name: 'Snapshot',
  idPrefix: 'snap-',
  arn: 'arn:{partition}:ec2:{region}::snapshot/{id}',
  page: 'SnapshotDetails:snapshotId={id}',
  securityHub: 'Other',
  created: {
    CreateSnapshot: 'responseElements.snapshotId',
    CreateSnapshots: several,
    // it is called in the Region of the copy
    CopySnapshot: 'responseElements.snapshotId',
    StartSnapshot: { id: 'responseElements.snapshotId', eventSource: EBS },
  },
  named: [
    'responseElements.snapshotId',
    several,
    // [U] no record of CreateSnapshots is public whole
    'responseElements.snapshotSet[].snapshotId',
    'requestParameters.snapshotId',
    // [U] as calls of its age are written
    `requestParameters.${RESTORED}Request.SnapshotId`,
    // what a service did by itself
    'serviceEventDetails.snapshotId',
  ],
  unwatched,
  // who writes a tag made that
  isByMaker: (record) =>
    isTagCall(record) || ['CreateSnapshot', 'CreateSnapshots', 'CopySnapshot', 'StartSnapshot'].includes(record.eventName),
  describe: (input) => new DescribeSnapshotsCommand({ OwnerIds: ['self'], ...input }),
  itemsOf: ({ Snapshots }) => Snapshots,
  idOf: ({ SnapshotId }) => SnapshotId,
  leave: ({ State }) => (State === 'error' ? 'The snapshot failed, so nothing can be made from it.' : undefined),
  tags: {
    terraform: 'aws_ebs_snapshot',
    returned: [restored],
    written: [
      { eventSource: EC2, eventNames: ['CreateSnapshot'], where: { responseElements: { tagSet: { items: { key: [{ exists: true }] } } } } },
      { eventSource: EC2, eventNames: ['CreateSnapshot'], where: { requestParameters: { description: [{ exists: true }] } } },
      { eventSource: EC2, eventNames: ['CreateSnapshots', 'CopySnapshot'] },
      { eventSource: EBS, eventNames: ['StartSnapshot'] },
    ],
    fields: async ({ Description = '' }) => [{ name: 'description', value: Description }],
    madeAt: ({ StartTime }) => StartTime,
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html'],
    code: {
      cloudFormation: {
        tag: (key, value) => `\`TagsToAdd: [{ Key: ${key}, Value: ${value} }]\` in ${policy}`,
        texts: `\`TagsToAdd\` in ${policy}`,
      },
      cdk: {
        tag: (key, value) => `\`tagsToAdd: [{ key: '${key}', value: '${value}' }]\` in the schedule of the dlm.CfnLifecyclePolicy`,
        texts: '`tagsToAdd` in the schedule of the dlm.CfnLifecyclePolicy',
      },
      terraform: terraformTags('aws_ebs_snapshot, aws_ebs_snapshot_copy or aws_ebs_snapshot_import', 'description'),
    },
  },
});
