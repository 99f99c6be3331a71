import { expect, test } from 'vitest';
import { type AwsCall, iamAction } from '../../local/emulator/aws-call.ts';
import { readError } from '../../local/emulator/aws-error.ts';
import { detectors } from '../../local/emulator/gaps/detectors.ts';
import { keys } from '../../local/emulator/gaps/keys.ts';
import { type HttpAnswer, jsonAnswer } from '../../local/http.ts';
import { parseJson } from '../../local/json.ts';
import { namedEndpoint } from '../../local/runtime/localhost-names.ts';
import { requestOf } from '../../local/trail/shapes.ts';
import { jsonCall, restCall } from './calls.ts';

const said = (answer: HttpAnswer) => readError(answer)?.code ?? parseJson(answer.body.toString('utf8'));
const block = '/v20180820/configuration/publicAccessBlock';

test.each([
  ['guardduty', 'GET', '/detector', 'guardduty:ListDetectors'],
  ['guardduty', 'POST', '/detector', 'guardduty:CreateDetector'],
  ['guardduty', 'GET', '/detector/d1', 'guardduty:GetDetector'],
  ['guardduty', 'POST', '/detector/d1', 'guardduty:UpdateDetector'],
  ['guardduty', 'DELETE', '/detector/d1', 'guardduty:DeleteDetector'],
  ['guardduty', 'GET', '/detector/d1/administrator', 'guardduty:GetAdministratorAccount'],
  ['macie2', 'GET', '/macie', 'macie2:GetMacieSession'],
  ['macie2', 'POST', '/macie', 'macie2:EnableMacie'],
  ['macie2', 'PATCH', '/macie', 'macie2:UpdateMacieSession'],
  ['macie2', 'DELETE', '/macie', 'macie2:DisableMacie'],
  ['macie2', 'GET', '/administrator', 'macie2:GetAdministratorAccount'],
  ['s3', 'GET', block, 's3:GetAccountPublicAccessBlock'],
  ['s3', 'PUT', block, 's3:PutAccountPublicAccessBlock'],
  ['s3', 'DELETE', block, 's3:DeleteAccountPublicAccessBlock'],
  ['s3', 'GET', '/b?publicAccessBlock', 's3:GetBucketPublicAccessBlock'],
  ['s3', 'GET', '/b?acl', 's3:GetBucketAcl'],
])('%s %s %s is %s', (service, method, path, action) => {
  expect(iamAction(restCall(service, method, path))).toBe(action);
});

test('a record names the detector, and has the flags of the account as booleans', () => {
  expect(requestOf(restCall('guardduty', 'POST', '/detector/d1', { enable: false }))).toEqual({ detectorId: 'd1', enable: false });
  expect(requestOf(restCall('guardduty', 'DELETE', '/detector/d1'))).toEqual({ detectorId: 'd1' });
  const flags = '<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>';
  const xml = `<PublicAccessBlockConfiguration>${flags}</PublicAccessBlockConfiguration>`;
  const of = { accountId: '123456789012', host: 'localhost' };
  expect(requestOf(restCall('s3', 'PUT', block, xml))).toEqual({
    ...of,
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false },
  });
  expect(requestOf(restCall('s3', 'DELETE', block))).toEqual(of);
});

/** Asks an addition; what it sends on is answered as given. */
async function ask(
  additions: ReturnType<typeof detectors>,
  call: AwsCall,
  forward: (sent: AwsCall) => HttpAnswer = () => jsonAnswer({ sent: true }),
) {
  const addition = additions[iamAction(call)];
  if (!addition) throw new Error(`there is no ${iamAction(call)}`);
  return said(await addition(call, { requestId: 'r-1', forward: async (sent: AwsCall) => forward(sent) } as never));
}

test('Macie is denied while it is off, and has one session a Region', async () => {
  const macie = detectors(() => 0);
  const [get, enable, disable] = ['GET', 'POST', 'DELETE'].map((method) => restCall('macie2', method, '/macie'));
  if (!get || !enable || !disable) throw new Error('three calls');
  const pause = restCall('macie2', 'PATCH', '/macie', { status: 'PAUSED' });
  for (const call of [get, pause, disable, restCall('macie2', 'GET', '/administrator')])
    expect(await ask(macie, call)).toBe('AccessDeniedException');
  expect(await ask(macie, enable)).toEqual({});
  expect(await ask(macie, enable)).toBe('ConflictException');
  expect(await ask(macie, { ...get, region: 'eu-west-1' })).toBe('AccessDeniedException');
  expect(await ask(macie, pause)).toEqual({});
  const at = '1970-01-01T00:00:00.000Z';
  expect(await ask(macie, get)).toEqual({ status: 'PAUSED', findingPublishingFrequency: 'FIFTEEN_MINUTES', createdAt: at, updatedAt: at });
  expect(await ask(macie, restCall('macie2', 'GET', '/administrator'))).toEqual({});
  expect(await ask(macie, disable)).toEqual({});
  expect(await ask(macie, get)).toBe('AccessDeniedException');
});

test('GuardDuty makes one detector a Region', async () => {
  const create = restCall('guardduty', 'POST', '/detector', { enable: true });
  const having = (detectorIds: string[]) => (sent: AwsCall) =>
    jsonAnswer(sent.request.method === 'GET' ? { detectorIds } : { detectorId: 'd1' });
  expect(await ask(detectors(), create, having([]))).toEqual({ detectorId: 'd1' });
  expect(await ask(detectors(), create, having(['d1']))).toBe('BadRequestException');
});

test.each([
  ['EnableKey', ['Enabled', 'Disabled']],
  ['DisableKey', ['Enabled', 'Disabled']],
  ['CancelKeyDeletion', ['PendingDeletion', 'PendingReplicaDeletion']],
  ['ScheduleKeyDeletion', ['Enabled', 'Disabled', 'PendingImport', 'Unavailable']],
])('%s is taken in the states that AWS takes it in', async (action, states) => {
  const all = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingReplicaDeletion', 'PendingImport', 'Unavailable'];
  for (const KeyState of all) {
    const moto = (sent: AwsCall) =>
      jsonAnswer(sent.action === 'DescribeKey' ? { KeyMetadata: { KeyState, Arn: 'arn:aws:kms:us-east-1:1:key/k' } } : { done: true });
    const answer = await ask(keys, jsonCall('kms', `TrentService.${action}`, { KeyId: 'k' }), moto);
    expect(answer, KeyState).toEqual(states.includes(KeyState) ? { done: true } : 'KMSInvalidStateException');
  }
});

test('a key was never used, and one that is not there is not found', async () => {
  const last = jsonCall('kms', 'TrentService.GetKeyLastUsage', { KeyId: 'k' });
  const moto = () => jsonAnswer({ KeyMetadata: { KeyId: 'k', CreationDate: 7 } });
  const KeyId = 'arn:aws:kms:us-east-1:123456789012:key/k';
  expect(await ask(keys, last, moto)).toEqual({ KeyId, KeyCreationDate: 7, TrackingStartDate: 7 });
  expect(await ask(keys, last, () => jsonAnswer({ __type: 'NotFoundException' }, 400))).toBe('NotFoundException');
  const enable = jsonCall('kms', 'TrentService.EnableKey', { KeyId: 'k' });
  expect(await ask(keys, enable, () => jsonAnswer({ __type: 'NotFoundException' }, 400))).toBe('NotFoundException');
});

test('an endpoint has a name, so that the account can stand before it', () => {
  expect(new URL(namedEndpoint('http://127.0.0.1:4566').replace('//', '//123456789012.')).host).toBe('123456789012.localhost:4566');
});
