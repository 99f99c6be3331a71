import { token } from '../../fixtures/secrets.ts';
import { awsError } from '../harness.ts';
import type { InvalidCase } from '../tester.ts';
import { writeDocument } from './events.ts';
import { bucket, content, group, name, preferencesWorld as world } from './preferences.ts';

/** Both flags, set. */
export const on = { s3EncryptionEnabled: true, cloudWatchEncryptionEnabled: true };
/** What only a person can do something about. */
export const found = { event: writeDocument(name, 'UpdateDocument'), sends: [], status: 'open', secret: token } as const;
/** The bucket of the preferences, in another account. */
export const elsewhere = { [bucket]: { owner: '444455556666' } };
const noBucket = { s3BucketName: '' };
const noGroup = { cloudWatchLogGroupName: undefined };

/** Places that Session Manager cannot log to, or that nobody demands to be encrypted. */
export const placeCases: readonly InvalidCase[] = [
  {
    ...found,
    // https://github.com/bridgecrewio/terraform-aws-session-manager/issues/25
    name: 'a log group without a key that is demanded (terraform-aws-session-manager#25)',
    world: world([content(on)], { groups: { [group]: undefined } }),
    says: 'Sessions fail to start: `cloudWatchEncryptionEnabled` is set, and the log group /ssm/sessions has no customer key.',
    advice: /or set `cloudWatchEncryptionEnabled` to false until then/,
  },
  {
    ...found,
    name: 'a bucket that is not encrypted, and is demanded to be',
    world: world([content({ ...on, ...noGroup })], { buckets: { [bucket]: { algorithm: 'none' } } }),
    says: /^Sessions fail to start: `s3EncryptionEnabled` is set, and the bucket shop-session-logs is not encrypted\.$/,
  },
  {
    ...found,
    name: 'a bucket that is not encrypted, and need not be',
    world: world([content(noGroup)], { buckets: { [bucket]: { algorithm: 'none' } } }),
    says: /^Nothing demands that the bucket shop-session-logs is encrypted \(`s3EncryptionEnabled`\), and it is not\.$/,
  },
  {
    ...found,
    name: 'a public bucket',
    world: world([content({ ...on, ...noGroup })], { buckets: { [bucket]: { isPublic: true } } }),
    says: 'The policy of the bucket shop-session-logs makes it public, with every session in it.',
  },
  {
    ...found,
    name: 'places that are not there',
    world: world([content({ cloudWatchEncryptionEnabled: true })], { buckets: {}, groups: { [`${group}-others`]: undefined } }),
    says: /^Sessions fail to start: the log group \/ssm\/sessions does not exist\. No log arrives: the bucket shop-session-logs does not exist\.$/,
  },
  {
    ...found,
    name: 'places whose names are none, and any text',
    world: world([content({ s3BucketName: `s3://${token}`, cloudWatchLogGroupName: `arn:${token}` })]),
    says: /the bucket that the preferences name has no name that a bucket can have\. .*the log group that the preferences name has no name/,
  },
  {
    ...found,
    // https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/19
    name: "another account's bucket, whose policy has to let nodes look (landing-zone-accelerator-on-aws#19)",
    world: world([content(noGroup)], { buckets: elsewhere }),
    says: /Redress cannot see whether it is: it is of another account, or Redress may not look at it\.$/,
    advice: /Its policy has to allow your nodes `s3:GetEncryptionConfiguration`/,
  },
  {
    ...found,
    name: 'a bucket in another Region',
    world: world([content(noGroup)], { buckets: { [bucket]: { region: 'us-east-1' } } }),
    says: /it is in another Region\.$/,
  },
  {
    ...found,
    name: 'a log group that Redress may not look at',
    world: world([content(noBucket)], { refuses: { 'logs:DescribeLogGroups': awsError('AccessDeniedException') } }),
    says: /and Redress may not look at it\.$/,
  },
];
