import { CreateSnapshotCommand, CreateVolumeCommand, ModifySnapshotAttributeCommand, paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

/** What the storm makes of this; a copy of a snapshot would wait for a quarter of an hour after each kill. */
export const snapshots: readonly Sort[] = [
  {
    kind: 'snapshot',
    control: 'snapshot-private',
    status: 'fixed',
    weight: 6,
    async make({ ec2 }) {
      const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
      const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
      const Attribute = 'createVolumePermission';
      await ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, Attribute, OperationType: 'add', GroupNames: ['all'] }));
      return SnapshotId;
    },
    async ends({ ec2 }, ids) {
      const listed = paginateDescribeSnapshots({ client: ec2 }, { OwnerIds: ['self'], RestorableByUserIds: ['all'] });
      const open = new Set((await gathered(listed, ({ Snapshots }) => Snapshots)).map(({ SnapshotId }) => SnapshotId));
      return judged(ids, (id) => ({ isRight: !open.has(id), twice: 0 }));
    },
  },
];
