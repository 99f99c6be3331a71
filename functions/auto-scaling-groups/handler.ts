import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { isSecret } from '#shared/detect/index.ts';
import { createHandler } from '#shared/engine/handler.ts';
import { controls } from './controls.ts';

/** The Lambda of Auto Scaling groups and launch configurations. */
export const handler = createHandler(
  controls,
  {
    autoscaling: () => new AutoScalingClient({}),
    cloudformation: async () => new (await import('@aws-sdk/client-cloudformation')).CloudFormationClient({}),
    ec2: () => new EC2Client({}),
    eventbridge: () => new EventBridgeClient({}),
    kms: () => new KMSClient({}),
    sqs: () => new SQSClient({}),
  },
  isSecret,
);
