import { paginateDescribeInstances, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

/** What the storm makes of this. */
export const instances: readonly Sort[] = [
  {
    kind: 'instance',
    control: 'instance-owner-tag',
    status: 'fixed',
    weight: 12,
    async make({ ec2, image }) {
      const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
      return Instances?.[0]?.InstanceId ?? '';
    },
    async ends({ ec2 }, ids) {
      const found = await gathered(paginateDescribeInstances({ client: ec2 }, {}), ({ Reservations }) =>
        Reservations?.flatMap(({ Instances }) => Instances ?? []),
      );
      return judged(ids, (id) => {
        const tags = found.find(({ InstanceId }) => InstanceId === id)?.Tags ?? [];
        return { isRight: tags.some(({ Key, Value }) => Key === 'created:owner' && Value === 'dana'), twice: 0 };
      });
    },
  },
];
