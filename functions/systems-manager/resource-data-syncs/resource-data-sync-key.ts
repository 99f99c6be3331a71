import { bucketReads } from '#shared/aws/bucket.ts';
import { defineControl, type Json, type Trigger } from '#shared/control/control.ts';
import { knownBuckets, type Trouble, troublesOfBucket, verdictOnPlaces } from '../destinations/troubles.ts';
import { resourceDataSyncs } from './kind.ts';

const ofBuckets = (syncType: Json): Trigger => ({
  ...resourceDataSyncs.calls('CreateResourceDataSync'),
  where: { requestParameters: { syncType } },
});

export default defineControl(resourceDataSyncs, {
  id: 'resource-data-sync-key',
  title: 'Resource data syncs write to private buckets under a customer key',
  why: 'A sync copies what runs on each node, down to its software and its network, to a bucket that others may read.',
  remediation: 'Reports only; changes nothing: the key of a sync cannot be changed.',
  severity: 'medium',
  defaultMode: 'observe',
  maxMode: 'observe',
  // without a type it is to a bucket
  triggers: [ofBuckets([{ exists: false }]), ofBuckets(['SyncToDestination'])],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { reads: bucketReads },
  common: { knownBuckets },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ResourceDataSyncS3Destination.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-create-resource-data-sync.html',
  ],
  iac: {
    cloudFormation:
      'set `KMSKeyArn` and a private `BucketName` of your own in `S3Destination` of the AWS::SSM::ResourceDataSync. This replaces the sync.',
    terraform:
      'set `kms_key_arn` and a private `bucket_name` of your own in `s3_destination` of the aws_ssm_resource_data_sync. This replaces the sync.',
    cdk: 'set `kmsKeyArn` and a private `bucketName` of your own in `s3Destination` of the `ssm.CfnResourceDataSync`. This replaces the sync.',
  },
  prevention: {
    none: 'No condition key of Systems Manager shows the bucket or the key of a sync. Give the bucket a default encryption with a customer key.',
  },
  // nothing is fixed, so that whoever manages it has to know
  reportsManaged: true,

  async inspectOne({ S3Destination }, read, { settings, ...place }) {
    const { BucketName = '', AWSKMSKeyARN } = S3Destination ?? {};
    const found = await troublesOfBucket(BucketName, settings.knownBuckets, read, place);
    // [U] without a key of the sync, S3 takes the default encryption of the bucket
    return { troubles: found.flatMap((one) => (one.isOfKey ? (AWSKMSKeyARN ? [] : [orAgain(one)]) : [one])) };
  },

  judge: ({ troubles }) => verdictOnPlaces('Its data', troubles, 'Its data goes to a private bucket under a customer key.'),

  before: ({ troubles }) => ({ troubles: troubles.map(({ says }) => says) }),
});

function orAgain(one: Trouble): Trouble {
  return { ...one, advice: `${one.advice} Or delete the sync, and make it again with a key: no call changes it.` };
}
