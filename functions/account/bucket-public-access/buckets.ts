import type { Grant } from '@aws-sdk/client-s3';
import { classify, errorCode } from '#shared/aws/errors.ts';
import { ifThere } from '#shared/aws/loaders.ts';
import { firstItems, onePageBy } from '#shared/aws/pages.ts';
import type { Permission, Place, Reader } from '#shared/control/types.ts';
import { NAMED, type Public } from '../public.ts';
import { flagsOf } from './flags.ts';

/** What is known of the account's public buckets. */
export interface PublicBuckets {
  readonly open: Public;
  /** Why others may be public too, as a sentence; undefined if all were looked at. */
  readonly unseen?: string;
}

const anyBucket = 'arn:{partition}:s3:::*';

/** What that takes. */
export const bucketReads: readonly Permission[] = [
  { action: 's3:ListAllMyBuckets' },
  ...['s3:GetBucketPublicAccessBlock', 's3:GetBucketPolicyStatus', 's3:GetBucketAcl'].map((action) => ({
    action,
    resource: anyBucket,
  })),
];

/** So many buckets of the Region are looked at, each by up to three calls; an account may have 10,000. */
const MOST = 200;
const AT_ONCE = 10;
/** Whom an access list names for everybody, with and without an AWS account. */
const everybody = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** The public buckets of this Region that a block of the account would close; each has to be asked in its own Region. */
export async function publicBuckets(read: Reader, { account, region }: Place): Promise<PublicBuckets> {
  const { ListBucketsCommand } = await import('@aws-sdk/client-s3');
  const { items, isComplete } = await firstItems(1000, (from) =>
    onePageBy(
      read,
      (ContinuationToken) => new ListBucketsCommand({ MaxBuckets: 1000, ...(ContinuationToken && { ContinuationToken }) }),
      ({ Buckets }) => Buckets,
      ({ ContinuationToken }) => ContinuationToken,
      from,
    ),
  );
  // where AWS does not say the Region, the bucket is asked
  const here = items.filter(({ BucketRegion = region }) => BucketRegion === region).flatMap(({ Name }) => Name ?? []);
  const asked = here.slice(0, MOST);
  const found: { readonly name: string; readonly is: Looked }[] = [];
  for (let at = 0; at < asked.length; at += AT_ONCE)
    found.push(...(await Promise.all(asked.slice(at, at + AT_ONCE).map(async (name) => ({ name, is: await look(name, account, read) })))));
  const open = found.filter(({ is }) => is === 'public').map(({ name }) => name);
  const hidden = found.filter(({ is }) => is === 'hidden').length;
  const elsewhere = items.length - here.length;
  const why = [
    elsewhere > 0 || !isComplete ? 'Buckets of other Regions were not looked at.' : [],
    here.length > asked.length ? `Only the first ${MOST} buckets of this Region were looked at.` : [],
    hidden > 0 ? `${hidden} of its buckets could not be looked at.` : [],
  ].flat();
  return {
    open: { ids: open.toSorted().slice(0, NAMED), isComplete: open.length <= NAMED },
    ...(why.length > 0 && { unseen: why.join(' ') }),
  };
}

type Looked = 'public' | 'closed' | 'hidden';

/** Whether anybody may use a bucket, by its policy or its access list, and no block of its own prevents that. */
async function look(Bucket: string, ExpectedBucketOwner: string, read: Reader): Promise<Looked> {
  const { GetBucketAclCommand, GetBucketPolicyStatusCommand, GetPublicAccessBlockCommand } = await import('@aws-sdk/client-s3');
  const of = { Bucket, ExpectedBucketOwner };
  try {
    const own = flagsOf((await ifThere(read(new GetPublicAccessBlockCommand(of))))?.PublicAccessBlockConfiguration);
    if (!own.RestrictPublicBuckets) {
      const policy = await ifThere(read(new GetBucketPolicyStatusCommand(of)));
      if (policy?.PolicyStatus?.IsPublic === true) return 'public';
    }
    if (own.IgnorePublicAcls) return 'closed';
    const list = await ifThere(read(new GetBucketAclCommand(of)));
    return (list?.Grants ?? []).some(isForAll) ? 'public' : 'closed';
  } catch (error) {
    // a bucket's own policy may shut Redress out, and one of another Region is named by an error
    if (classify(error) === 'denied' || ['PermanentRedirect', 'AuthorizationHeaderMalformed'].includes(errorCode(error))) return 'hidden';
    throw error;
  }
}

function isForAll({ Grantee }: Grant): boolean {
  return everybody.test(Grantee?.URI ?? '');
}
