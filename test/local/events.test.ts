import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyControl, Trigger } from '#shared/control/control.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { patternOf } from '../../infra/patterns.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { at, listAt, parseJson, stringAt } from '../../local/json.ts';
import { amiState, callEvent, consoleLogin, imageBuilt, serviceEvent, snapshotDone } from '../fixtures/events.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { json } from './calls.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');
const ours = 'arn:aws:iam::123456789012:role/redress-images-us-east-1';
const ec2 = 'ec2.amazonaws.com';
const triggers: readonly Trigger[] = [
  { eventSource: ec2, eventNames: ['CopyImage'] },
  {
    eventSource: 'signin.amazonaws.com',
    eventNames: ['ConsoleLogin'],
    detailType: 'AWS Console Sign In via CloudTrail',
    where: { userIdentity: { type: ['IAMUser'], invokedBy: [{ exists: false }] }, responseElements: { ConsoleLogin: ['Success'] } },
  },
  { eventSource: ec2, eventNames: ['SharedSnapshotVolumeCreated'], detailType: 'AWS Service Event via CloudTrail' },
  { eventSource: ec2, eventNames: [], detailType: 'EC2 AMI State Change', where: { State: ['available'] } },
  { eventSource: ec2, eventNames: [], detailType: 'EBS Snapshot Notification', where: { event: ['copySnapshot'] } },
  { eventSource: 'imagebuilder.amazonaws.com', eventNames: [], detailType: 'EC2 Image Builder Image State Change' },
];

let cloud: LocalCloud;
let QueueUrl: string;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  const control = { ...volumeEncrypted, triggers } as AnyControl;
  const queue = await json(cloud.endpoint, 'sqs', 'AmazonSQS.CreateQueue', { QueueName: 'seen' });
  QueueUrl = stringAt(queue, 'QueueUrl') ?? '';
  const EventPattern = JSON.stringify(patternOf(control, [ours]));
  await json(cloud.endpoint, 'events', 'AWSEvents.PutRule', { Name: 'seen', EventPattern });
  const Targets = [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:seen' }];
  await json(cloud.endpoint, 'events', 'AWSEvents.PutTargets', { Rule: 'seen', Targets });
}, 30_000);
afterAll(() => cloud.stop());

/** What a rule puts into the queue after an event was sent: moto puts it there before it answers. */
async function seenOf(event: object): Promise<unknown> {
  const body = JSON.stringify(event);
  const sent = await fetch(`${cloud.endpoint}/_local/events`, { method: 'POST', body });
  expect(await sent.json()).toEqual({ sent: 1 });
  const [message] = listAt(await json(cloud.endpoint, 'sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl }), 'Messages');
  if (!message) return undefined;
  await json(cloud.endpoint, 'sqs', 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle: stringAt(message, 'ReceiptHandle') });
  return parseJson(stringAt(message, 'Body') ?? '');
}

describe('a rule of several kinds of event', () => {
  test.each([
    ['a call', callEvent('CopyImage')],
    ['a sign-in', consoleLogin()],
    ['a sign-in in the other spelling', { ...consoleLogin(), 'detail-type': 'AWS Console Signin via CloudTrail' }],
    ['what a service did', serviceEvent('SharedSnapshotVolumeCreated', { snapshotId: 'snap-1' })],
    ['an image', amiState('ami-1', 'available')],
    ['a snapshot', snapshotDone('copySnapshot', 'snap-1')],
    ['a built image', imageBuilt('AVAILABLE')],
  ])('sends on %s, whole', async (_name, event) => {
    const seen = await seenOf(event);
    expect(at(seen, 'detail-type')).toBe(event['detail-type']);
    expect(at(seen, 'resources')).toEqual(event.resources);
    expect(at(seen, 'detail')).toEqual(event.detail);
  });

  const role = { type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn: ours } } };

  test.each([
    ['a call of ours', callEvent('CopyImage', { userIdentity: role })],
    ['a failed sign-in', consoleLogin({ responseElements: { ConsoleLogin: 'Failure' } })],
    ['a sign-in for a service', consoleLogin({ userIdentity: { type: 'IAMUser', invokedBy: 'signin.amazonaws.com' } })],
    ['an image that failed', amiState('ami-1', 'failed')],
    ['another snapshot', snapshotDone('createSnapshot', 'snap-1')],
  ])('leaves out %s', async (_name, event) => expect(await seenOf(event)).toBeUndefined());
});

test('what is no event is refused with what it lacks', async () => {
  const answer = await fetch(`${cloud.endpoint}/_local/events`, { method: 'POST', body: '{"source":"aws.ec2"}' });
  expect(answer.ok).toBe(false);
  expect(await answer.text()).toContain('An event has a source, a detail-type and an object as its detail');
});

test('a queue hands out a message of nobody else before those of a group that has 30 in flight', async () => {
  const { QueueUrl } = await json(cloud.endpoint, 'sqs', 'AmazonSQS.CreateQueue', { QueueName: 'fair' });
  const send = (MessageBody: string, count: number, more: object) => {
    const Entries = Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody, ...more }));
    return json(cloud.endpoint, 'sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl, Entries });
  };
  const receive = async (MaxNumberOfMessages: number) => {
    const answer = await json(cloud.endpoint, 'sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl, MaxNumberOfMessages });
    return listAt(answer, 'Messages').map((one) => stringAt(one, 'Body'));
  };
  for (let n = 0; n < 4; n += 1) await send('noisy', 10, { MessageGroupId: 'a' });
  for (let n = 0; n < 3; n += 1) await receive(10);
  await send('quiet', 1, {});
  expect(await receive(2)).toEqual(['quiet', 'noisy']);
});
