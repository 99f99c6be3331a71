import { blocked, type Flags } from '../../../functions/account/bucket-public-access/flags.ts';
import { callEvent } from '../../fixtures/events.ts';
import { awsError, place } from '../harness.ts';
import { type Answering, answering } from './answering.ts';

/** A bucket of the account: where it is, what it blocks itself, and who may use it. */
export interface Bucket {
  readonly region?: string;
  readonly own?: Flags;
  readonly hasPublicPolicy?: boolean;
  readonly isListedFor?: 'AllUsers' | 'AuthenticatedUsers';
  /** An error that AWS answers to each call about it. */
  readonly refuses?: Error;
}

/** An S3 that remembers the block of the account. */
export interface BucketsWorld extends Answering {
  block: Partial<Flags> | undefined;
}

/** A bucket as AWS makes one since April 2023. */
export const closed: Bucket = { own: blocked };

/** The account's block, undefined where nobody set one, and its buckets. */
export function bucketsWorld(block: Partial<Flags> | undefined, buckets: { readonly [name: string]: Bucket } = {}): BucketsWorld {
  const isOurs = (AccountId: string | undefined) => {
    if (AccountId !== place.account) throw awsError('AccessDenied', 'Access Denied', 403);
  };
  const bucketOf = ({ Bucket = '', ExpectedBucketOwner }: { Bucket?: string; ExpectedBucketOwner?: string }): Bucket => {
    isOurs(ExpectedBucketOwner);
    const found = buckets[Bucket];
    if (!found) throw awsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (found.refuses) throw found.refuses;
    return found;
  };
  const inner = answering({
    's3:GetAccountPublicAccessBlock': ({ AccountId }: { AccountId: string }) => {
      isOurs(AccountId);
      if (!world.block) throw awsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', 404);
      return { PublicAccessBlockConfiguration: world.block };
    },
    // both of the calls that change it need this permission
    's3:PutAccountPublicAccessBlock': (input: { AccountId: string; PublicAccessBlockConfiguration?: Flags }) => {
      isOurs(input.AccountId);
      world.block = input.PublicAccessBlockConfiguration;
      return {};
    },
    's3:ListAllMyBuckets': ({ ContinuationToken }: { ContinuationToken?: string }) =>
      ContinuationToken
        ? { Buckets: Object.entries(buckets).map(([Name, { region = 'us-east-1' }]) => ({ Name, BucketRegion: region })) }
        : { Buckets: [], ContinuationToken: 'more' },
    's3:GetBucketPublicAccessBlock': (input: object) => {
      const { own } = bucketOf(input);
      if (!own) throw awsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', 404);
      return { PublicAccessBlockConfiguration: own };
    },
    's3:GetBucketPolicyStatus': (input: object) => {
      const { hasPublicPolicy } = bucketOf(input);
      if (hasPublicPolicy === undefined) throw awsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
      return { PolicyStatus: { IsPublic: hasPublicPolicy } };
    },
    's3:GetBucketAcl': (input: object) => {
      const { isListedFor } = bucketOf(input);
      const owner = { Grantee: { ID: 'owner', Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' };
      const all = { Grantee: { URI: `http://acs.amazonaws.com/groups/global/${isListedFor}`, Type: 'Group' }, Permission: 'READ' };
      return { Grants: [owner, ...(isListedFor ? [all] : [])] };
    },
  });
  const world: BucketsWorld = Object.assign(inner, { block });
  return world;
}

/** A call about the block of the account. */
export function blockCall(
  eventName: 'PutAccountPublicAccessBlock' | 'DeleteAccountPublicAccessBlock',
  flags?: Partial<Flags>,
  fields: object = {},
) {
  const requestParameters = {
    accountId: place.account,
    Host: `${place.account}.s3-control.us-east-1.amazonaws.com`,
    ...(flags && { PublicAccessBlockConfiguration: { xmlns: 'http://awss3control.amazonaws.com/doc/2018-08-20/', ...flags } }),
  };
  return callEvent(eventName, { requestParameters, awsRegion: 'us-east-1', ...fields }, 's3.amazonaws.com');
}
