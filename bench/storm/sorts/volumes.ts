import { CreateVolumeCommand, DisableEbsEncryptionByDefaultCommand, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

const small = { AvailabilityZone: 'us-east-1a', Size: 1 };

/** What the storm makes of this. */
export const volumes: readonly Sort[] = [
  {
    kind: 'volume',
    control: 'volume-encrypted',
    status: 'superseded',
    weight: 34,
    make: async ({ ec2 }) => (await ec2.send(new CreateVolumeCommand(small))).VolumeId ?? '',
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
