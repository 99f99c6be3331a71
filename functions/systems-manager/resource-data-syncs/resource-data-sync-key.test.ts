import { scheduled } from '../../../test/fixtures/events.ts';
import { ssmCall } from '../../../test/support/commands/events.ts';
import { type Account, runsWorld } from '../../../test/support/commands/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './resource-data-sync-key.ts';

const BucketName = 'shop-inventory';
const AWSKMSKeyARN = 'arn:aws:kms:eu-west-1:111122223333:key/0f';
const made = ssmCall('CreateResourceDataSync', { syncName: 'inventory', s3Destination: { bucketName: BucketName } });
const world =
  (buckets: NonNullable<Account['buckets']>, more: object = {}) =>
  () =>
    runsWorld({
      syncs: { inventory: { S3Destination: { BucketName, SyncFormat: 'JsonSerDe', Region: 'eu-west-1', ...more } } },
      buckets,
    });
const found = { sends: [], status: 'open', event: made } as const;

testControl(control, {
  valid: [
    { name: 'a sync with a key', world: world({ [BucketName]: {} }, { AWSKMSKeyARN }), event: made },
    { name: 'one whose bucket has a key', world: world({ [BucketName]: { algorithm: 'aws:kms', key: AWSKMSKeyARN } }), event: made },
    {
      // https://github.com/ministryofjustice/modernisation-platform/pull/8485
      name: 'a central bucket of another account, which a person has asked about (modernisation-platform#8485)',
      world: world({ [BucketName]: { owner: '444455556666' } }),
      common: { knownBuckets: [BucketName] },
      event: made,
    },
    {
      name: 'one that gathers within Systems Manager',
      world: () => runsWorld({ syncs: { explorer: { SyncType: 'SyncFromSource' } } }),
      event: scheduled(),
    },
  ],
  invalid: [
    {
      ...found,
      name: 'a sync without any key',
      world: world({ [BucketName]: {} }),
      says: 'Its data goes to the bucket shop-inventory, which has no customer key.',
      advice: /Or delete the sync, and make it again with a key: no call changes it\.$/,
    },
    {
      ...found,
      // https://github.com/cloud-custodian/cloud-custodian/issues/6621
      name: 'a bucket of a stranger, whatever its key (cloud-custodian#6621)',
      world: world({ [BucketName]: { owner: '444455556666' } }, { AWSKMSKeyARN }),
      says: 'Its data goes to the bucket shop-inventory, which is of another account, or Redress may not look at it.',
    },
    {
      ...found,
      name: 'a public bucket, whatever its key',
      world: world({ [BucketName]: { isPublic: true } }, { AWSKMSKeyARN }),
      says: 'Its data goes to the bucket shop-inventory, whose policy makes it public.',
    },
    {
      ...found,
      name: 'one that only the sweep sees',
      event: scheduled(),
      world: world({}),
      says: 'Its data goes to the bucket shop-inventory, which does not exist.',
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => runsWorld(), event: made, says: 'The resource is gone.' }],
});
