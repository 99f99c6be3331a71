import { expect, test } from 'vitest';
import { bucketNamed } from '#shared/aws/bucket.ts';
import type { Answers } from '../../../test/support/answers.ts';
import { awsError, place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { logGroupNamed } from './log-group.ts';

const refused =
  (name: string, status = 400) =>
  () => {
    throw awsError(name, name, status);
  };
const rule = (one: object) => () => ({ ServerSideEncryptionConfiguration: { Rules: [{}, { ApplyServerSideEncryptionByDefault: one }] } });
const bucket = (encryption: Answers[string], policy: Answers[string] = refused('NoSuchBucketPolicy', 404)) => {
  const { read, sent } = readerOver({ 's3:GetEncryptionConfiguration': encryption, 's3:GetBucketPolicyStatus': policy });
  return { looked: bucketNamed('logs', read, place), sent };
};

test('a bucket of the account shows its key, and whether its policy makes it public', async () => {
  const own = { is: 'own', isEncrypted: true };
  const policy = (IsPublic?: boolean) => () => ({ PolicyStatus: { IsPublic } });
  expect(await bucket(rule({ SSEAlgorithm: 'AES256' })).looked).toEqual({ ...own, isPublic: false });
  expect(await bucket(rule({ SSEAlgorithm: 'aws:kms' }), policy(true)).looked).toEqual({ ...own, key: 'alias/aws/s3', isPublic: true });
  expect(await bucket(rule({ SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: 'k' }), policy()).looked).toEqual({
    ...own,
    key: 'k',
    isPublic: false,
  });
  expect(await bucket(rule({ SSEAlgorithm: 'AES256' }), refused('AccessDenied', 403)).looked).toEqual({ ...own, isPublic: 'unknown' });
  expect(await bucket(() => ({})).looked).toEqual({ is: 'own', isEncrypted: false, isPublic: false });
});

test('AWS is asked for a bucket of the account alone, so that nobody else’s answers in its name', async () => {
  const { looked, sent } = bucket(rule({ SSEAlgorithm: 'AES256' }));
  await looked;
  expect(sent.map(([, input]) => input)).toEqual(Array(2).fill({ Bucket: 'logs', ExpectedBucketOwner: place.account }));
});

test('a bucket that cannot be looked at is said as what it is, and a failure is no answer', async () => {
  expect(await bucket(refused('NoSuchBucket', 404)).looked).toEqual({ is: 'missing' });
  expect(await bucket(refused('AccessDenied', 403)).looked).toEqual({ is: 'hidden' });
  expect(await bucket(refused('PermanentRedirect', 301)).looked).toEqual({ is: 'elsewhere' });
  expect(await bucket(refused('AuthorizationHeaderMalformed', 400)).looked).toEqual({ is: 'elsewhere' });
  const none = refused('ServerSideEncryptionConfigurationNotFoundError', 404);
  expect(await bucket(none).looked).toEqual({ is: 'own', isEncrypted: false, isPublic: false });
  await expect(bucket(refused('SlowDown', 503)).looked).rejects.toThrow('SlowDown');
  await expect(bucket(rule({}), refused('SlowDown', 503)).looked).rejects.toThrow('SlowDown');
  const { read, sent } = readerOver({});
  for (const name of ['s3://logs', 'Logs', 'a', '{{ bucket }}', 'arn:aws:s3:::logs', '-logs'])
    expect(await bucketNamed(name, read, place)).toEqual({ is: 'no name' });
  expect(sent).toEqual([]);
});

test('a log group is found by its whole name, on whatever page', async () => {
  const pages: { readonly [token: string]: object } = {
    first: { logGroups: [{ logGroupName: '/ssm/a-b', kmsKeyId: 'other' }], nextToken: 'second' },
    second: { logGroups: [{ logGroupName: '/ssm/a', kmsKeyId: 'k' }] },
  };
  const look = (name: string, answer: Answers[string]) => logGroupNamed(name, readerOver({ 'logs:DescribeLogGroups': answer }).read);
  const answer = ({ nextToken = 'first' }: { nextToken?: string }) => pages[nextToken] ?? {};
  expect(await look('/ssm/a', answer)).toEqual({ is: 'own', key: 'k' });
  expect(await look('/ssm/a', () => ({ logGroups: [{ logGroupName: '/ssm/a' }] }))).toEqual({ is: 'own' });
  expect(await look('/ssm', answer)).toEqual({ is: 'missing' });
  expect(await look('/ssm/a', refused('AccessDeniedException'))).toEqual({ is: 'hidden' });
  expect(await look('arn:aws:logs:eu-west-1:111122223333:log-group:/ssm/a', answer)).toEqual({ is: 'no name' });
  await expect(look('/ssm/a', refused('ThrottlingException'))).rejects.toThrow('ThrottlingException');
});
