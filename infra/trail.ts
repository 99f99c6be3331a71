import { Trail as CloudTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './nag.ts';

/** A trail for management events, without which EventBridge gets none; for accounts that have no trail yet. */
export class Trail extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      // an account's record of who did what outlives whoever asked for it
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          expiration: Duration.days(365),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'The bucket holds CloudTrail logs, and only CloudTrail writes there; its access log would need a bucket whose access log would need one.',
    );
    // one Region, as the stack: two stacks with a trail of all Regions would log everything twice
    new CloudTrail(this, 'Trail', {
      trailName: 'redress',
      // the CDK's own types do not know exactOptionalPropertyTypes
      bucket: bucket as IBucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: true,
      enableFileValidation: true,
    });
  }
}
