import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateVolumeCommand,
  DisableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Finding, findingSchema } from '#shared/finding/finding.ts';
import { HEARTBEATS } from '#shared/finding/names.ts';
import { at, type Json, parseJson, stringAt } from '../../local/json.ts';
import { patience } from '../support/patience.ts';
import { schemaErrors } from './json-schema.ts';
import { sizes, VolumesWorld } from './volumes-world.ts';

// As the project ships it, `ebs-default-encryption` fixes and `volume-encrypted` observes; without owners' tags, which every creation starts.
// The tests run in order.
const control = 'ebs-default-encryption';
let world: VolumesWorld;
let mailbox: string;
let account: string;
let first: Finding;

beforeAll(async () => {
  world = await VolumesWorld.start({ config: { controls: { 'volume-owner-tag': { mode: 'off' } } } });
  account = world.cloud.account;
  const { QueueUrl = '' } = await world.behind.sqs.send(new CreateQueueCommand({ QueueName: 'mailbox' }));
  mailbox = QueueUrl;
  const Endpoint = `arn:aws:sqs:${world.cloud.region}:${account}:mailbox`;
  await world.behind.sns.send(new SubscribeCommand({ TopicArn: world.output('TopicArn'), Protocol: 'sqs', Endpoint }));
});
afterAll(() => world?.stop());

const isOn = async () => (await world.ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault === true;
const latest = () => world.told(control, account).at(-1) ?? expect.fail('no finding');
const isA = (status: Finding['status']) => world.finding(control, account, status);

describe('an unencrypted volume, made by a client that knows nothing of Redress', () => {
  let volume: string;

  test('has encryption by default turned on, and a finding tells everything', async () => {
    expect(await isOn()).toBe(false);
    volume = await world.openVolume();
    first = await isA('fixed');
    expect(await isOn()).toBe(true);

    const record = world.cloud.records().find(({ eventName }) => eventName === 'CreateVolume');
    expect(first).toMatchObject({
      type: 'finding',
      schemaVersion: '2',
      id: expect.stringMatching(/^f-\d{8}-[0-9a-f]{12}$/),
      control,
      status: 'fixed',
      mode: 'fix',
      severity: 'high',
      account,
      region: 'us-east-1',
      resource: { type: 'AWS::::Account', id: account, arn: expect.stringContaining(account) },
      actor: { arn: `arn:aws:iam::${account}:user/dana`, name: 'dana', via: 'SDK', sourceIp: '127.0.0.1' },
      event: { is: 'call', id: stringAt(record, 'eventID'), name: 'CreateVolume' },
      count: 1,
      found: 'EBS encryption by default is off.',
      now: expect.stringMatching(/^EBS encryption by default is on/),
      changes: [{ api: 'ec2:EnableEbsEncryptionByDefault', says: expect.stringMatching(/\w/) }],
      later: [],
    });
    const { eventTime, receivedAt, decidedAt, doneAt } = first.timings;
    expect(Date.parse(eventTime)).toBe(Date.parse(stringAt(record, 'eventTime') ?? ''));
    const times = [eventTime, receivedAt, decidedAt ?? '', doneAt ?? ''].map((time) => Date.parse(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(world.calls('ec2:EnableEbsEncryptionByDefault')).toBe(1);
  });

  test('is itself only observed, and its finding shows what would be sent', async () => {
    const finding = await world.finding('volume-encrypted', volume, 'would-fix');
    expect(finding).toMatchObject({
      mode: 'observe',
      resource: { type: 'AWS::EC2::Volume', id: volume, arn: `arn:aws:ec2:us-east-1:${account}:volume/${volume}` },
      changes: [{ api: 'ec2:CopyVolumes' }],
      later: [{ api: 'ec2:CreateTags' }],
    });
    expect([world.calls('ec2:CopyVolumes'), world.calls('ec2:CreateTags')]).toEqual([0, 0]);
    expect((await world.volume(volume)).Encrypted).toBe(false);
  });

  test('is reported at the endpoint and in the ledger, by findings that fit the published schema', async () => {
    const answer = await fetch(`${world.cloud.endpoint}/_local/findings`);
    const found = (await answer.json()) as Json[];
    expect(found).toHaveLength(2);
    const schema = parseJson(await readFile(join(import.meta.dirname, '../../docs/finding.schema.json'), 'utf8')) ?? null;
    for (const one of found) {
      expect(schemaErrors(schema, one)).toEqual([]);
      expect(v.parse(findingSchema, one)).toEqual(one);
    }
    expect(found).toContainEqual(first);
    expect((await world.ledger.getFinding(first.id))?.finding).toEqual(first);
  });

  test('is the last one: AWS encrypts every volume after it', async () => {
    expect(await world.ec2.send(new CreateVolumeCommand(sizes))).toMatchObject({ Encrypted: true });
  });

  test('becomes a message of the SNS topic that a person can read', async () => {
    const messages: Json[] = [];
    await vi.waitFor(async () => {
      messages.push(...(await world.take(mailbox)).map((body) => parseJson(body) ?? null));
      expect(messages).toHaveLength(2);
    }, patience);
    const message = messages.find((one) => stringAt(one, 'Subject')?.startsWith('Fixed: EBS encryption by default is on'));
    expect(at(message, 'MessageAttributes', 'status', 'Value')).toBe('fixed');
    const text = stringAt(message, 'Message');
    for (const part of [
      `Found: ${first.found}`,
      `Now: ${first.now}`,
      first.id,
      'dana with SDK',
      `redress undo ${first.id}`,
      'ec2:EnableEbsEncryptionByDefault',
    ])
      expect(text).toContain(part);
  });
});

test('a failed call, a dry run and an encrypted volume invoke nothing', async () => {
  await world.calm();
  const before = world.invocations();
  await expect(world.ec2.send(new CreateVolumeCommand({ ...sizes, SnapshotId: 'snap-00000000000000000' }))).rejects.toThrow();
  expect(world.cloud.records().at(-1)).toMatchObject({ eventName: 'CreateVolume', errorCode: expect.stringMatching(/\w/) });
  await expect(world.ec2.send(new CreateVolumeCommand({ ...sizes, DryRun: true }))).rejects.toThrow(/DryRun/);
  await world.ec2.send(new CreateVolumeCommand({ ...sizes, Encrypted: true }));
  await world.quiet();
  expect(world.invocations()).toBe(before);
});

describe('`redress undo`', () => {
  test('puts the state before back, and Redress does not answer its own call', async () => {
    const { code, out } = await world.redress('undo', first.id, '--yes', '--json');
    expect(code).toBe(0);
    const answer = parseJson(out);
    expect(answer).toMatchObject({ type: 'order', outcome: 'done', finding: { id: first.id, status: 'undone' } });
    expect(at(answer, 'finding', 'order')).toMatchObject({
      kind: 'undo',
      by: `arn:aws:iam::${account}:user/dana`,
      sender: expect.stringMatching(/^AIDA/),
    });
    expect(await isOn()).toBe(false);
    expect((await isA('undone')).id).toBe(first.id);
    expect(world.cloud.records().findLast(({ eventName }) => eventName === 'DisableEbsEncryptionByDefault')).toMatchObject({
      userIdentity: { type: 'AssumedRole', arn: expect.stringContaining(`assumed-role/${world.role}/`) },
    });
    await world.calm();
    const before = world.invocations();
    await world.quiet();
    expect(world.invocations()).toBe(before);
  });

  test('holds: after another event and a sweep it is exempt for 7 days, and still off', async () => {
    await world.openVolume();
    const finding = await isA('exempt');
    expect(finding.id).not.toBe(first.id);
    expect(finding.says).toContain(`${first.id} was undone`);
    const { ImageId } = await world.ec2.send(
      new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }),
    );
    await world.ec2.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't4g.nano' }));
    await world.cloud.sweep();
    await world.cloud.deployed();
    await vi.waitFor(async () => expect((await world.ledger.getFinding(finding.id))?.finding.count).toBe(2), patience);
    await world.calm();
    expect(await isOn()).toBe(false);
    expect(latest().status).toBe('exempt');
  });

  test('is refused where there is nothing to undo', async () => {
    const { code, out } = await world.redress('undo', first.id, '--yes', '--json');
    expect([code, at(parseJson(out), 'outcome')]).toEqual([1, 'nothing-to-do']);
    expect(await isOn()).toBe(false);
  });
});

test('40 volumes at once have 40 findings, of which the reads know little', async () => {
  await world.calm();
  const before = { describes: world.calls('ec2:DescribeVolumes'), gets: world.calls('ec2:GetEbsEncryptionByDefault') };
  const ids = await Promise.all(Array.from({ length: 40 }, () => world.openVolume()));
  for (const id of ids) await world.finding('volume-encrypted', id, 'would-fix');
  await world.calm();
  for (const id of ids) expect(world.told('volume-encrypted', id)).toHaveLength(1);
  // two reads a round, and a batch or a few, however loaded the machine
  expect(world.calls('ec2:DescribeVolumes') - before.describes).toBeLessThanOrEqual(20);
  expect(world.calls('ec2:GetEbsEncryptionByDefault') - before.gets).toBeLessThanOrEqual(20);
  const { finding } = (await world.ledger.getFinding(latest().id)) ?? expect.fail('no finding');
  expect(finding).toMatchObject({ status: 'exempt', count: 42 });
  expect(await isOn()).toBe(false);
});

test('`redress fix` lifts what `redress undo` left', async () => {
  const { code, out } = await world.redress('fix', latest().id, '--yes', '--json');
  expect(code).toBe(0);
  expect(parseJson(out)).toMatchObject({ outcome: 'done', finding: { status: 'fixed', order: { kind: 'fix' } } });
  expect(await isOn()).toBe(true);
  const again = await world.redress('fix', latest().id, '--yes', '--json');
  expect(again.code).toBe(1);
  expect(stringAt(parseJson(again.out), 'says')).toContain('no longer applies');
});

test('every function answers the hourly wake, the notifier too', async () => {
  const heartbeats = world.queueUrl.replace(/[^/]+$/, HEARTBEATS);
  const before = await world.depth(heartbeats);
  await world.cloud.sweep();
  await vi.waitFor(async () => expect((await world.depth(heartbeats)) - before).toBe(world.cloud.stack.mappings.length), patience);
});

test('a sweep catches what no event told', async () => {
  const { id } = latest();
  await world.behindEc2.send(new DisableEbsEncryptionByDefaultCommand({}));
  await world.cloud.sweep();
  await vi.waitFor(() => expect(latest()).toMatchObject({ status: 'fixed', actor: { name: 'Redress', via: 'sweep' } }), patience);
  expect(latest().id).not.toBe(id);
  expect(await isOn()).toBe(true);
});

test('what comes back wrong a fourth time within an hour is left unchanged, and the alert names who changes it back', async () => {
  await world.ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
  const says = expect.stringContaining('It came back wrong 3 times within an hour, last by dana, so Redress leaves it unchanged until ');
  expect((await isA('open')).reason).toEqual({ code: 'fight', says });
  // what waits for the end of the hour is all that is left
  await vi.waitFor(async () => expect(await world.depth()).toBe(1), patience);
  expect(await isOn()).toBe(false);
});
