import type { Answers } from './answers.ts';
import { awsError, place } from './harness.ts';

/** A bucket; what is left out is as AWS makes one. */
interface BucketOf {
  readonly owner?: string;
  readonly algorithm?: 'AES256' | 'aws:kms' | 'none';
  readonly key?: string;
  readonly isPublic?: boolean;
  readonly region?: string;
}

/** Where output and logs can go. */
export interface Destinations {
  readonly buckets?: { readonly [name: string]: BucketOf };
  /** Log groups with their keys, if they have one. */
  readonly groups?: { readonly [name: string]: string | undefined };
}

/** What AWS answers of buckets and log groups. */
export function destinationAnswers({ buckets = {}, groups = {} }: Destinations): Answers {
  const bucket = ({ Bucket, ExpectedBucketOwner }: { Bucket: string; ExpectedBucketOwner?: string }): BucketOf => {
    const found = buckets[Bucket];
    if (!found) throw awsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if ((found.owner ?? place.account) !== ExpectedBucketOwner) throw awsError('AccessDenied', 'Access Denied', 403);
    if (found.region !== undefined)
      throw awsError('PermanentRedirect', 'The bucket you are attempting to access must be addressed elsewhere.', 301);
    return found;
  };
  return {
    's3:GetEncryptionConfiguration': (input: { Bucket: string; ExpectedBucketOwner?: string }) => {
      const { algorithm: SSEAlgorithm = 'AES256', key: KMSMasterKeyID } = bucket(input);
      if (SSEAlgorithm === 'none') throw awsError('ServerSideEncryptionConfigurationNotFoundError', 'not found', 404);
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm, ...(KMSMasterKeyID !== undefined && { KMSMasterKeyID }) };
      return { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] } };
    },
    's3:GetBucketPolicyStatus': (input: { Bucket: string; ExpectedBucketOwner?: string }) => {
      const { isPublic } = bucket(input);
      if (isPublic === undefined) throw awsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
      return { PolicyStatus: { IsPublic: isPublic } };
    },
    'logs:DescribeLogGroups': ({ logGroupNamePrefix = '', nextToken }: { logGroupNamePrefix?: string; nextToken?: string }) => {
      const all = Object.entries(groups).filter(([name]) => name.startsWith(logGroupNamePrefix));
      const start = Number(nextToken ?? 0);
      const logGroups = all.slice(start, start + 1).map(([logGroupName, kmsKeyId]) => ({ logGroupName, ...(kmsKeyId && { kmsKeyId }) }));
      return { logGroups, ...(all.length > start + 1 && { nextToken: String(start + 1) }) };
    },
  };
}
