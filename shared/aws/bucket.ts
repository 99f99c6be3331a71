import { at } from '#shared/control/record.ts';
import type { Permission, Place, Reader } from '#shared/control/types.ts';
import { classify, errorCode } from './errors.ts';

/** What is known of a bucket that something writes to, by its name alone. */
export type Bucket =
  /** The account's own. `key` is its customer key or AWS's managed one; absent where S3 encrypts with keys of its own. */
  | { readonly is: 'own'; readonly isEncrypted: boolean; readonly key?: string; readonly isPublic: boolean | 'unknown' }
  | { readonly is: 'missing' }
  /** Another account's, or hidden: AWS answers both alike, and its owner has to say the rest. */
  | { readonly is: 'hidden' }
  /** In another Region, which the function does not ask. */
  | { readonly is: 'elsewhere' }
  /** Not the name of a bucket. */
  | { readonly is: 'no name' };

const anyBucket = 'arn:{partition}:s3:::*';

/** What a look at a bucket takes; few events need it. */
export const bucketReads: readonly Permission[] = [
  { action: 's3:GetEncryptionConfiguration', resource: anyBucket },
  { action: 's3:GetBucketPolicyStatus', resource: anyBucket },
];

/** Looks at a bucket: whose it is, how it encrypts by default, and whether its policy makes it public. */
export async function bucketNamed(name: string, read: Reader, { account }: Place): Promise<Bucket> {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return { is: 'no name' };
  // loaded only where something names a bucket
  const { GetBucketEncryptionCommand, GetBucketPolicyStatusCommand } = await import('@aws-sdk/client-s3');
  const of = { Bucket: name, ExpectedBucketOwner: account };
  const isPublic = async (): Promise<boolean | 'unknown'> => {
    try {
      const { PolicyStatus } = await read(new GetBucketPolicyStatusCommand(of));
      return PolicyStatus?.IsPublic === true;
    } catch (error) {
      if (errorCode(error) === 'NoSuchBucketPolicy') return false;
      if (classify(error) === 'denied') return 'unknown';
      throw error;
    }
  };
  try {
    const { ServerSideEncryptionConfiguration } = await read(new GetBucketEncryptionCommand(of));
    const [rule] = (ServerSideEncryptionConfiguration?.Rules ?? []).flatMap((one) => one.ApplyServerSideEncryptionByDefault ?? []);
    const key = rule?.SSEAlgorithm?.startsWith('aws:kms') ? (rule.KMSMasterKeyID ?? 'alias/aws/s3') : undefined;
    return { is: 'own', isEncrypted: rule !== undefined, isPublic: await isPublic(), ...(key && { key }) };
  } catch (error) {
    // since 2023 every bucket encrypts, so that AWS no longer says this: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
    if (errorCode(error) === 'ServerSideEncryptionConfigurationNotFoundError')
      return { is: 'own', isEncrypted: false, isPublic: await isPublic() };
    if (errorCode(error) === 'NoSuchBucket') return { is: 'missing' };
    if (classify(error) === 'denied') return { is: 'hidden' };
    // where the signature is read before the bucket is looked for, S3 names the Region by this error in the place of a redirect
    const isElsewhere = at(error, '$metadata', 'httpStatusCode') === 301 || errorCode(error) === 'AuthorizationHeaderMalformed';
    if (isElsewhere) return { is: 'elsewhere' };
    throw error;
  }
}
