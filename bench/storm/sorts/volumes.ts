import { CreateVolumeCommand, DisableEbsEncryptionByDefaultCommand, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

/** What the storm makes of this. */
export const volumes: readonly Sort[] = [
  {
    kind: 'volume',
    control: 'volume-encrypted',
    status: 'superseded',
    weight: 34,
    async make({ ec2, settings }) {
      const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${settings.region}a`, Size: 1 }));
      return VolumeId ?? '';
    },
    async ends({ ec2 }, ids) {
      const all = await gathered(paginateDescribeVolumes({ client: ec2 }, {}), ({ Volumes }) => Volumes);
      return judged(ids, (id) => {
        const copies = all.filter(({ SourceVolumeId }) => SourceVolumeId === id);
        const mark = all.find(({ VolumeId }) => VolumeId === id)?.Tags?.find(({ Key }) => Key === 'redress:superseded-by')?.Value;
        return { isRight: copies.some(({ VolumeId, Encrypted }) => VolumeId === mark && Encrypted), twice: copies.length - 1 };
      });
    },
  },
  {
    kind: 'ebs-default-encryption',
    control: 'ebs-default-encryption',
    status: 'would-fix',
    weight: 2,
    async make({ ec2, id }) {
      await ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
      return id;
    },
  },
];
