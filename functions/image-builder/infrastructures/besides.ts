import type { InfrastructureConfiguration } from '@aws-sdk/client-imagebuilder';
import { bucketNamed } from '#shared/aws/bucket.ts';
import type { Place, Reader, Severity } from '#shared/control/types.ts';

/** What else is wrong with the instances that build, which a person has to judge. */
export interface Besides {
  readonly says: string;
  readonly advice: string;
  readonly severity: Severity;
}

/** Looks at what Redress does not change: keys for logins, instances that are kept, and where notices and logs go. */
export async function besidesOf(config: InfrastructureConfiguration, read: Reader, place: Place): Promise<readonly Besides[]> {
  const { keyPair, terminateInstanceOnFailure, snsTopicArn, logging } = config;
  const found: Besides[] = [];
  if (keyPair)
    found.push({
      says: 'Its build instances take a key pair, so whoever has the key can log in while an image is built.',
      advice: 'Remove the key pair, and use Session Manager to look at a build.',
      severity: 'low',
    });
  if (terminateInstanceOnFailure === false)
    found.push({
      says: 'It keeps the instance of a build that fails, with its role, until somebody terminates it.',
      advice: 'Set `terminateInstanceOnFailure` to true once the failure is understood, and terminate what was kept.',
      severity: 'low',
    });
  const owner = snsTopicArn?.split(':')[4];
  if (owner && owner !== place.account)
    found.push({
      says: `It notifies a topic of the account ${owner}.`,
      // https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-sns.html
      advice: 'Name a topic of this account. Image Builder cannot publish to a topic under a key of another account.',
      severity: 'medium',
    });
  const bucket = logging?.s3Logs?.s3BucketName;
  return bucket ? [...found, ...(await besidesOfBucket(bucket, read, place))] : found;
}

async function besidesOfBucket(name: string, read: Reader, place: Place): Promise<readonly Besides[]> {
  const bucket = await bucketNamed(name, read, place);
  const one = (says: string, advice: string, severity: Severity = 'medium') => [{ says, advice, severity }];
  if (bucket.is === 'own' && bucket.isPublic === true)
    return one(
      `Its build logs go to the bucket ${name}, which is public.`,
      'Block public access to the bucket: logs show how images are built.',
    );
  if (bucket.is === 'own' && !bucket.isEncrypted)
    return one(`Its build logs go to the bucket ${name}, which does not encrypt by default.`, 'Set default encryption on the bucket.');
  if (bucket.is === 'missing')
    return one(
      `Its build logs go to the bucket ${name}, which does not exist.`,
      'Name a bucket of this account: anybody could make one of that name.',
    );
  if (bucket.is === 'hidden')
    return one(
      `Its build logs go to the bucket ${name}, which belongs to another account or hides from Redress.`,
      'Check whose bucket it is.',
    );
  return [];
}
