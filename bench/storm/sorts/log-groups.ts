import { CreateLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { gathered, judged, type Sort } from './sort.ts';

/** What the storm makes of this. */
export const logGroups: readonly Sort[] = [
  {
    kind: 'log-group',
    control: 'log-group-key',
    status: 'fixed',
    weight: 6,
    async make({ logs }, name) {
      await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      return name;
    },
    async ends({ logs, key }, ids) {
      const found = await gathered(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups);
      return judged(ids, (id) => ({
        isRight: found.some(({ logGroupName, kmsKeyId }) => logGroupName === id && kmsKeyId === key),
        twice: 0,
      }));
    },
  },
];
