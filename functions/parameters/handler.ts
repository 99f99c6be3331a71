import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { isSecret } from '#shared/detect/index.ts';
import { createHandler } from '#shared/engine/handler.ts';
import { controls } from './controls.ts';

/** The Lambda of Parameter Store's parameters. */
export const handler = createHandler(
  controls,
  {
    cloudtrail: () => new CloudTrailClient({}),
    ec2: () => new EC2Client({}),
    eventbridge: () => new EventBridgeClient({}),
    kms: () => new KMSClient({}),
    sqs: () => new SQSClient({}),
    ssm: () => new SSMClient({}),
  },
  isSecret,
);
