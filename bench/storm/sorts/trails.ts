import { CreateTrailCommand, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { Account, Sort } from './sort.ts';

const S3BucketName = 'storm-logs';

/** A trail that logs all the time: without one no call would be an event any more. */
export async function coverAll({ trails, s3 }: Account): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: S3BucketName }));
  await trails.send(new CreateTrailCommand({ Name: 'management-events', S3BucketName }));
  await trails.send(new StartLoggingCommand({ Name: 'management-events' }));
}

/** What the storm makes of this: a second trail that somebody stops is only reported. */
export const trails: readonly Sort[] = [
  {
    kind: 'trail',
    control: 'trail-logging',
    status: 'open',
    weight: 1,
    async make(account, name) {
      await account.trails.send(new CreateTrailCommand({ Name: name, S3BucketName }));
      await account.trails.send(new StopLoggingCommand({ Name: name }));
      return name;
    },
  },
];
