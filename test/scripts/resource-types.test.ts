import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesOf, typesOf } from '../../scripts/scaffold/types.ts';
import { sdkClients } from '../../scripts/sdk.ts';

const root = join(import.meta.dirname, '..', '..');

test.each([
  ['bucket-versioned', 'AWS::S3::Bucket'],
  ['launch-template-encrypted', 'AWS::EC2::LaunchTemplate'],
  ['db-instance-private', 'AWS::RDS::DBInstance'],
  ['image-private', 'AWS::EC2::Image'],
  ['key-rotated', 'AWS::KMS::Key'],
])('%s is about %s', async (id, type) => {
  const [first] = await typesOf(root, id, await sdkClients(root));
  expect(first?.type).toBe(type);
});

test.each([
  ['S3', ['s3']],
  ['Logs', ['cloudwatch-logs']],
  ['AutoScaling', ['autoscaling', 'auto-scaling']],
  ['ElasticLoadBalancingV2', ['elasticloadbalancingv2', 'elastic-load-balancing-v2']],
  ['EMRContainers', ['emrcontainers', 'emr-containers']],
])('the client of %s is one of %j', (service, names) => {
  expect(packagesOf(service)).toEqual(names.map((name) => `@aws-sdk/client-${name}`));
});
