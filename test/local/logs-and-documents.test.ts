import { expect, test } from 'vitest';
import { readError } from '../../local/emulator/aws-error.ts';
import { buckets } from '../../local/emulator/gaps/buckets.ts';
import { documents } from '../../local/emulator/gaps/documents.ts';
import { logGroups } from '../../local/emulator/gaps/log-groups.ts';
import { jsonAnswer } from '../../local/http.ts';
import { parseJson } from '../../local/json.ts';
import { jsonCall } from './calls.ts';

const arn = 'arn:aws:logs:us-east-1:123456789012:log-group:/shop/orders';
const key = 'arn:aws:kms:us-east-1:123456789012:key/k1';
const allow = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'logs.us-east-1.amazonaws.com' },
  Action: ['kms:GenerateDataKey*'],
  Resource: '*',
  ...more,
});
const context = (groups: string) => ({ Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } } });

/** The additions over one log group and one key, of which moto says this. */
function start(statements: object[] = [allow()], KeyState = 'Enabled', kmsKeyId?: string) {
  const additions = logGroups();
  const group = { logGroupName: '/shop/orders', arn: `${arn}:*`, ...(kmsKeyId && { kmsKeyId }) };
  const listed = { logGroups: [{ logGroupName: '/shop/orders-old', arn: 'x' }, group] };
  const answers: { readonly [action: string]: object } = {
    DescribeLogGroups: listed,
    DescribeKey: { KeyMetadata: { KeyState } },
    GetKeyPolicy: { Policy: JSON.stringify({ Statement: statements }) },
  };
  const json = async (_service: string, action: string) => answers[action] ?? {};
  const around = { requestId: 'r-1', moto: { json }, forward: async () => jsonAnswer(listed) };
  return async (action: string, body: object = {}) => {
    const addition = additions[`logs:${action}`];
    if (!addition) throw new Error(`there is no ${action}`);
    const answer = await addition(jsonCall('logs', action, body), around as never);
    return readError(answer)?.code ?? parseJson(answer.body.toString('utf8'));
  };
}

const logGroupName = '/shop/orders';
const shown = (kmsKeyId?: string) => ({
  logGroups: [
    { logGroupName: '/shop/orders-old', arn: 'x' },
    { logGroupName, arn: `${arn}:*`, ...(kmsKeyId && { kmsKeyId }) },
  ],
});

test('a log group shows the key that it got, and none once it is taken', async () => {
  const ask = start();
  expect(await ask('DescribeLogGroups')).toEqual(shown());
  expect(await ask('AssociateKmsKey', { logGroupName, kmsKeyId: key })).toEqual({});
  expect(await ask('DescribeLogGroups')).toEqual(shown(key));
  expect(await ask('DisassociateKmsKey', { resourceIdentifier: arn })).toEqual({});
  expect(await ask('DescribeLogGroups')).toEqual(shown());
  await ask('AssociateKmsKey', { logGroupName, kmsKeyId: key });
  await ask('DeleteLogGroup', { logGroupName });
  expect(await ask('DescribeLogGroups')).toEqual(shown());
  const made = start([], 'Enabled', 'k0');
  await made('DisassociateKmsKey', { logGroupName });
  expect(await made('DescribeLogGroups')).toEqual(shown());
});

test('what AWS refuses is refused by its names', async () => {
  const set = (body: object, ...more: Parameters<typeof start>) => start(...more)('AssociateKmsKey', { kmsKeyId: key, ...body });
  expect(await set({ logGroupName: '/shop' })).toBe('ResourceNotFoundException');
  expect(await set({})).toBe('InvalidParameterException');
  expect(await set({ logGroupName, resourceIdentifier: arn })).toBe('InvalidParameterException');
  expect(await set({ logGroupName, kmsKeyId: 'alias/logs' })).toBe('InvalidParameterException');
  expect(await set({ logGroupName }, [allow()], 'Disabled')).toBe('InvalidParameterException');
  for (const statements of [
    [],
    [allow({ Principal: { AWS: '*' } })],
    [allow({ Action: 'kms:DescribeKey' })],
    [allow(context('arn:aws:logs:*:*:log-group:/other'))],
  ])
    expect(await set({ logGroupName }, statements)).toBe('AccessDeniedException');
  expect(await set({ logGroupName }, [allow(context('arn:aws:logs:*:*:log-group:/shop/*'))])).toEqual({});
  const ask = start();
  for (const action of ['TagResource', 'UntagResource', 'ListTagsForResource'])
    expect(await ask(action, { resourceArn: `${arn}:*` })).toBe('InvalidParameterException');
  expect(await ask('ListTagsForResource', { resourceArn: arn })).toEqual(shown());
});

test('a bucket encrypts though nobody set it, and another failure is none of that', async () => {
  const look = async (Code: string) => {
    const body = Buffer.from(`<Error><Code>${Code}</Code></Error>`);
    const around = { forward: async () => ({ status: 404, headers: {}, body }) };
    const answer = await buckets['s3:GetBucketEncryption']?.(jsonCall('s3', 'GetBucketEncryption', {}), around as never);
    return answer?.body.toString('utf8');
  };
  expect(await look('ServerSideEncryptionConfigurationNotFoundError')).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
  expect(await look('NoSuchBucket')).toContain('NoSuchBucket');
});

test('a document is shared with everybody whatever the case of the word', async () => {
  const sent: unknown[] = [];
  const forward = async ({ request }: { request: { body: Buffer } }) => {
    sent.push(JSON.parse(request.body.toString('utf8')));
    return jsonAnswer({});
  };
  const share = (body: object) =>
    documents['ssm:ModifyDocumentPermission']?.(jsonCall('ssm', 'ModifyDocumentPermission', body), { forward } as never);
  await share({ Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['All'] });
  await share({ Name: 'deploy', PermissionType: 'Share', AccountIdsToRemove: ['ALL', '444455556666'] });
  expect(sent).toEqual([
    { Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['all'] },
    { Name: 'deploy', PermissionType: 'Share', AccountIdsToRemove: ['all', '444455556666'] },
  ]);
});
