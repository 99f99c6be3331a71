import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { at, type Json, type JsonObject, listAt, stringAt } from '../../local/json.ts';
import { patience as soon } from '../support/patience.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { ec2, json } from './calls.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');
const zone = { AvailabilityZone: 'us-east-1a', Size: '1' };

let cloud: LocalCloud;
const troubles: string[] = [];

beforeAll(async () => {
  cloud = await startWatchedCloud({ template, onTrouble: (text) => troubles.push(text) });
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.onCall(undefined));

const call = (action: string, parameters: { readonly [name: string]: string } = {}, headers: { readonly [name: string]: string } = {}) =>
  ec2(cloud.endpoint, action, parameters, headers);
const echoed = (id: string | undefined): JsonObject | undefined => cloud.findings().find((finding) => finding.id === id);
const recordOf = (name: string): JsonObject | undefined => cloud.records().findLast((record) => record.eventName === name);
const tell = (body: object) =>
  json(cloud.endpoint, 'sqs', 'AmazonSQS.SendMessage', {
    QueueUrl: cloud.stack.outputs['EchoQueueUrl'],
    MessageBody: JSON.stringify(body),
  });
const id = (name: string): string => `${name}-${Math.random().toString(36).slice(2)}`;

async function createVolume(parameters: { readonly [name: string]: string } = {}): Promise<string> {
  const { xml, text } = await call('CreateVolume', { ...zone, ...parameters });
  expect(text).toContain('volumeId');
  return stringAt(xml, 'volumeId') ?? '';
}

describe('an event', () => {
  test('reaches the function as AWS would send it, and its finding comes back', async () => {
    await createVolume();
    const eventID = stringAt(recordOf('CreateVolume'), 'eventID');
    const finding = await vi.waitFor(() => echoed(eventID) ?? expect.fail('not there yet'), soon);
    expect(at(finding, 'message', 'event')).toMatchObject({
      account: '123456789012',
      region: 'us-east-1',
      source: 'aws.ec2',
      'detail-type': 'AWS API Call via CloudTrail',
    });
    expect(stringAt(finding, 'message', 'event', 'time')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(at(finding, 'arn')).toBe('arn:aws:lambda:us-east-1:123456789012:function:redress-echo');
    expect(at(finding, 'env')).toMatchObject({
      REDRESS_TABLE: 'redress-ledger',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: cloud.endpoint,
      REDRESS_QUEUE_URL: cloud.stack.outputs['EchoQueueUrl'],
    });
    expect(at(finding, 'env', 'HOME')).toBeUndefined();
    await vi.waitFor(() => expect(cloud.invocations()['redress-teller']).toBeGreaterThan(0), soon);
  });

  test('of a failed call, a dry run or an encrypted volume invokes nothing', async () => {
    const before = cloud.invocations();
    expect((await call('CreateVolume', { ...zone, DryRun: 'true' })).text).toContain('DryRunOperation');
    expect(recordOf('CreateVolume')).toMatchObject({ errorCode: 'Client.DryRunOperation', responseElements: null });
    expect((await call('AttachVolume', { VolumeId: 'vol-0', InstanceId: 'i-0', Device: '/dev/sdf' })).status).toBe(400);
    expect(recordOf('AttachVolume')).toMatchObject({ errorCode: expect.stringMatching(/^Client\.Invalid/) });
    await createVolume({ Encrypted: 'true' });
    await vi.waitFor(async () => expect(await cloud.queued()).toEqual({ now: 0, later: 0 }), soon);
    expect(cloud.invocations()).toEqual(before);
  });

  test('of a schedule and of the deployment is sent when asked for', async () => {
    await fetch(`${cloud.endpoint}/_local/sweep`, { method: 'POST' });
    await fetch(`${cloud.endpoint}/_local/deployed`, { method: 'POST' });
    const types = () => cloud.findings().map((finding) => stringAt(finding, 'message', 'event', 'detail-type'));
    await vi.waitFor(
      () => expect(types()).toEqual(expect.arrayContaining(['Scheduled Event', 'CloudFormation Stack Status Change'])),
      soon,
    );
    expect(types().filter((type) => type === 'Scheduled Event')).toHaveLength(1);
  });
});

describe('a queue', () => {
  test('gets back only the messages that the function says failed', async () => {
    const [good, bad] = [id('good'), id('bad')];
    await tell({ order: 'fail', id: bad });
    await tell({ id: good });
    await vi.waitFor(() => expect(cloud.announcements().filter((finding) => finding.id === bad).length).toBeGreaterThan(1), soon);
    expect(cloud.announcements().filter((finding) => finding.id === good)).toHaveLength(1);
  });

  test('gets back the whole batch after a crash, and the next call runs in a new process', async () => {
    const [victim, other] = [id('crash'), id('other')];
    const before = cloud.announcements().at(-1)?.['process'];
    expect(before).toEqual(expect.any(Number));
    await tell({ order: 'crash', id: victim });
    await tell({ id: other });
    const finding = await vi.waitFor(() => echoed(victim) ?? expect.fail('not there yet'), soon);
    expect(finding['process']).not.toBe(before);
    expect(finding['sender']).toMatch(/^AIDA/);
    expect(finding['sender']).toBe(at(cloud.records()[0], 'userIdentity', 'principalId'));
    await vi.waitFor(() => expect(echoed(other)).toBeDefined(), soon);
    expect(troubles.join()).toContain('its process ended');
  });

  test('moves a message to the dead letters when its function hangs time and again', async () => {
    const QueueUrl = `${cloud.endpoint}/123456789012/redress-echo-dlq`;
    await tell({ order: 'hang', id: id('hang') });
    await vi.waitFor(async () => {
      const request = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['DeadLetterQueueSourceArn'] };
      const { Messages } = await json(cloud.endpoint, 'sqs', 'AmazonSQS.ReceiveMessage', request);
      expect(JSON.stringify(Messages)).toContain('hang');
      expect(at(listAt({ Messages }, 'Messages')[0], 'Attributes', 'DeadLetterQueueSourceArn')).toMatch(/:redress-echo$/);
    }, soon);
    expect(troubles.join()).toContain('timed out after 2 s');
  });
});

describe('a hook on calls', () => {
  test('can end the function right after its call, whose message then comes back', async () => {
    const target = await createVolume({ Encrypted: 'true' });
    let kills = 0;
    cloud.onCall(({ when, api, function: name }) =>
      when === 'after' && name === 'redress-echo' && api === 'ec2:CreateTags' && ++kills === 1 ? 'kill' : undefined,
    );
    await tell({ order: 'call', id: target });
    await vi.waitFor(() => expect(echoed(target)).toBeDefined(), soon);
    expect(kills).toBe(2);
    expect(cloud.calls()).toContainEqual({ caller: 'redress-echo-us-east-1', api: 'ec2:CreateTags', count: 2 });
  });

  test('can let a call fail', async () => {
    cloud.onCall(({ api }) =>
      api === 'ec2:DescribeVolumes' ? { error: { code: 'RequestLimitExceeded', message: 'Slower.', status: 503 } } : undefined,
    );
    expect(await call('DescribeVolumes')).toMatchObject({
      status: 503,
      text: expect.stringContaining('<Code>RequestLimitExceeded</Code>'),
    });
  });
});

describe('the endpoint', () => {
  test('tells calls, invocations and findings', async () => {
    const get = async (path: string) => (await fetch(cloud.endpoint + path)).json() as Promise<Json>;
    expect(await get('/_local/calls')).toContainEqual({ caller: 'dana', api: 'ec2:CreateVolume', count: expect.any(Number) });
    expect(await get('/_local/invocations')).toEqual(cloud.invocations());
    expect(await get('/_local/findings')).toEqual(cloud.findings());
    expect(await get('/_local/findings?all=1')).toEqual(cloud.announcements());
    expect(cloud.announcements().length).toBeGreaterThan(cloud.findings().length);
    expect((await fetch(`${cloud.endpoint}/_local/nothing`)).status).toBe(404);
  });

  test('names itself in the outputs of the stack', async () => {
    const response = await fetch(cloud.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=k/20261122/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=DescribeStacks&StackName=Redress',
    });
    expect(await response.text()).toContain(`${cloud.endpoint}/123456789012/redress-echo<`);
  });

  test('can be started again beside itself, but not at the same port', async () => {
    const other = await startWatchedCloud({ template });
    try {
      expect(await (await fetch(`${other.endpoint}/_local/calls`)).json()).toEqual([]);
      const port = Number(new URL(other.endpoint).port);
      await expect(startWatchedCloud({ template, port })).rejects.toThrow(`Port ${port} cannot be used: another program listens on it.`);
    } finally {
      await other.stop();
    }
  });
});
