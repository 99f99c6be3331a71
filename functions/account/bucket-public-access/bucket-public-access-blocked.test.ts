import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { type Bucket, blockCall, bucketsWorld, closed } from '../../../test/support/account/buckets.ts';
import { awsError, Harness, place } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './bucket-public-access-blocked.ts';
import { blocked } from './flags.ts';

const AccountId = place.account;
const open = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };
const half = { ...open, BlockPublicAcls: true, BlockPublicPolicy: true };
const world =
  (...props: Parameters<typeof bucketsWorld>) =>
  () =>
    bucketsWorld(...props);
const put = (PublicAccessBlockConfiguration: object) => new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration });
const changed = blockCall('PutAccountPublicAccessBlock', open);
const deleted = blockCall('DeleteAccountPublicAccessBlock');
const many = (count: number, bucket: Bucket) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`bucket-${n + 100}`, bucket]));

testControl(control, {
  valid: [
    {
      name: 'an account that blocks all, whatever its buckets say',
      world: world(blocked, { www: { hasPublicPolicy: true } }),
      event: changed,
    },
  ],
  invalid: [
    {
      name: 'an account whose block was deleted, with no public bucket',
      world: world(undefined, { data: closed, logs: {}, old: { hasPublicPolicy: false } }),
      event: deleted,
      sends: [put(blocked)],
      status: 'fixed',
      says: 'Found: Public access to S3 buckets is not blocked for the account: the account has no such block. No bucket was found to be public. Now: Public access to S3 buckets is blocked for the account.',
    },
    {
      name: 'an account with two flags off, as shipped',
      world: world(half),
      event: changed,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /these flags are off: IgnorePublicAcls, RestrictPublicBuckets\. No bucket/,
      advice: /through CloudFront/,
    },
    {
      // https://github.com/k2m30/a9s/issues/544: a bucket is public by what its own block and that of the account leave
      name: 'public buckets of the Region, which a person looks at first (a9s#544)',
      world: world(open, {
        'by-list': { isListedFor: 'AuthenticatedUsers' },
        'by-policy': { hasPublicPolicy: true },
        'closed-itself': { own: blocked, hasPublicPolicy: true, isListedFor: 'AllUsers' },
        'list-ignored': { own: { ...open, IgnorePublicAcls: true }, isListedFor: 'AllUsers' },
        'policy-restricted': { own: { ...open, RestrictPublicBuckets: true }, hasPublicPolicy: true },
        'restricted-and-listed': { own: { ...open, RestrictPublicBuckets: true }, isListedFor: 'AllUsers' },
      }),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /Public now: by-list, by-policy and restricted-and-listed\. A person should look first: by-list, by-policy and restricted-and-listed are public, and would close at once\.$/,
      advice: /exempt this setting/,
    },
    {
      // https://github.com/nozaq/terraform-aws-secure-baseline/pull/188: the block of the account overrides what existing buckets say
      name: 'a website, once a person has looked (terraform-aws-secure-baseline#188)',
      world: world(undefined, { www: { hasPublicPolicy: true } }),
      event: scheduled(),
      isApproved: true,
      sends: [put(blocked)],
      status: 'fixed',
      says: /Public now: www\. Now: Public access/,
    },
    {
      name: 'buckets that cannot be looked at',
      world: world(open, {
        abroad: { region: 'eu-west-1', hasPublicPolicy: true },
        moved: { refuses: awsError('PermanentRedirect', 'elsewhere', 301) },
        shut: { refuses: awsError('AccessDenied', 'Access Denied', 403) },
      }),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /No bucket was found to be public\. Buckets of other Regions were not looked at\. 2 of its buckets could not be looked at\. A person should look first: Buckets/,
    },
    {
      name: 'more buckets than are looked at',
      world: world(open, many(205, closed)),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /Only the first 200 buckets of this Region were looked at/,
    },
    {
      name: 'more public buckets than a sentence holds',
      world: world(open, many(12, { hasPublicPolicy: true })),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /bucket-108, bucket-109 and others are public/,
    },
  ],
  skipped: [],
  undo: [
    { name: 'with the four flags as they were', world: world(half), event: changed, sends: [put(half)] },
    {
      name: 'without a block where there was none',
      world: world(undefined),
      event: deleted,
      sends: [new DeletePublicAccessBlockCommand({ AccountId })],
    },
  ],
});

test('one Region judges for all: what another one sees starts nothing there', async () => {
  const harness = new Harness({ controls: [control], world: bucketsWorld(open) });
  harness.put(messageFor(control.id, changed));
  await harness.settle();
  expect([harness.announced, harness.reads]).toEqual([[], []]);
});
