import { CopySnapshotCommand, CopyVolumesCommand } from '@aws-sdk/client-ec2';
import { GetParametersCommand, PutParameterCommand, SSMClient, UpdateOpsItemCommand } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { classify } from './errors.ts';
import { hiddenFor, onlyOnce } from './once.ts';

const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
const put = () => new PutParameterCommand({ Name: '/a', Value: 'b', Overwrite: true });
const reset = () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
const answering = (statusCode: number, name: string) => async () => ({
  response: { statusCode, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: Buffer.from(JSON.stringify({ __type: name })) },
});

/** Sends a command whose calls all end so; answers how many there were, and what the error means. */
async function send(command: PutParameterCommand | GetParametersCommand | UpdateOpsItemCommand, handle: () => Promise<unknown>) {
  let calls = 0;
  const requestHandler = {
    handle: () => {
      calls += 1;
      return handle();
    },
  };
  const client = new SSMClient({ region: 'eu-west-1', credentials, requestHandler: requestHandler as never });
  const error: unknown = await client.send(onlyOnce(command) as PutParameterCommand).catch((thrown: unknown) => thrown);
  return { calls, is: classify(error) };
}

describe('a call that would do its work twice', () => {
  test('is sent once, if AWS does not say what became of it', async () => {
    expect(await send(put(), reset)).toEqual({ calls: 1, is: 'unavailable' });
    expect(await send(put(), answering(500, 'InternalServerError'))).toEqual({ calls: 1, is: 'unavailable' });
    // a person may have written a text since
    expect(await send(new UpdateOpsItemCommand({ OpsItemId: 'oi-1', Title: 'x' }), reset)).toEqual({ calls: 1, is: 'unavailable' });
  });
  test('is sent again, if AWS turned it away', async () => {
    expect(await send(put(), answering(400, 'ThrottlingException'))).toEqual({ calls: 3, is: 'throttled' });
  });
  test('is not sent again, if AWS refused it', async () => {
    expect(await send(put(), answering(400, 'ParameterMaxVersionLimitExceeded'))).toEqual({ calls: 1, is: 'refused' });
  });
});

test('every other call is sent again', async () => {
  expect(await send(new GetParametersCommand({ Names: ['/a'] }), reset)).toEqual({ calls: 3, is: 'unavailable' });
});

test('only a copy of a snapshot may be hidden for a while, of what takes no token', () => {
  expect(hiddenFor(new CopySnapshotCommand({ SourceRegion: 'eu-west-1', SourceSnapshotId: 'snap-1' }))).toBe(900);
  expect([put(), new CopyVolumesCommand({ SourceVolumeId: 'vol-1' })].map(hiddenFor)).toEqual([0, 0]);
});
