import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ec2Kind } from '#shared/aws/ec2-kind.ts';
import { instancesById, parentReads, parentsOfInstances } from '#shared/tags/parents.ts';
import { unwatched } from './unwatched.ts';

/** EC2 instances; one that Auto Scaling launched inherits tags from its group and its launch template. */
export const instances = ec2Kind({
  noun: 'instance',
  plural: 'EC2 instances',
  name: 'Instance',
  idPrefix: 'i-',
  page: 'InstanceDetails:instanceId={id}',
  securityHub: 'AwsEc2Instance',
  named: [
    'responseElements.instanceId',
    'requestParameters.instanceId',
    'requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId',
  ],
  created: { RunInstances: 'responseElements.instancesSet[].instanceId' },
  shownBy: ['BlockDeviceMappings'],
  unwatched,
  // who changes an instance need not have made it
  isByMaker: ({ eventName }) => !eventName.startsWith('Modify'),
  describe: (input) => new DescribeInstancesCommand(input),
  itemsOf: ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? []),
  idOf: ({ InstanceId }) => InstanceId,
  items: instancesById,
  listed: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }],
  leave: ({ State }) => (State?.Name === 'terminated' || State?.Name === 'shutting-down' ? 'The instance is terminated.' : undefined),
  tags: {
    terraform: 'aws_instance',
    written: [
      {
        eventSource: 'ec2.amazonaws.com',
        eventNames: ['RunInstances'],
        // the answer shows the tags of the launch template too
        where: { responseElements: { instancesSet: { items: { tagSet: { items: { key: [{ exists: true }] } } } } } },
      },
    ],
    reads: parentReads,
    // no day: `LaunchTime` is that of the last start
    parents: async (found, read) => await parentsOfInstances([...found.values()], read),
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html'],
  },
});
