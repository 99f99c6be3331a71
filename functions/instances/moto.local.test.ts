import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sendWith } from '#shared/aws/clients.ts';
import type { AnyControl } from '#shared/control/control.ts';
import type { ControlConfig } from '#shared/finding/config.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { listAt } from '../../local/json.ts';
import { callEvent, messageFor, orderFor } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { Harness } from '../../test/support/harness.ts';
import { compressed, encoded } from '../../test/support/launch/user-data.ts';
import { startWatchedCloud } from '../../test/support/watched-cloud.ts';
import imdsV2 from './instance-imds-v2.ts';
import userDataNoSecrets from './instance-user-data-no-secrets.ts';

const template = join(import.meta.dirname, '..', '..', 'test', 'local', 'fixtures', 'stack', 'template.json');
const DAY = 86_400_000;

let cloud: LocalCloud;
let ec2: EC2Client;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  const client = { endpoint: cloud.endpoint, region: cloud.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  [ec2, cloudWatch] = [new EC2Client(client), new CloudWatchClient(client)];
});
afterAll(() => cloud.stop());

async function launch(UserData?: string): Promise<string> {
  const launched = { ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ...launched, ...(UserData && { UserData }) }));
  return Instances[0]?.InstanceId ?? '';
}

async function optionsOf(id: string) {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.MetadataOptions;
}

/** The record of a call about an instance, as the local trail writes it. */
async function recordOf(eventName: string, id: string) {
  return await vi.waitFor(() => {
    const found = cloud.records().findLast((one) => one.eventName === eventName && JSON.stringify(one).includes(id));
    return found ?? expect.fail(`no record of ${eventName}`);
  });
}

/** What a control does about the record, two days from now: then the instance is not new any more. */
async function play(control: AnyControl, record: object, config: ControlConfig): Promise<Harness> {
  const harness = new Harness({
    controls: [control],
    config: { controls: { [control.id]: config } },
    world: { send: sendWith({ ec2: () => ec2, cloudwatch: () => cloudWatch }) },
    start: new Date(Date.now() + 2 * DAY).toISOString(),
  });
  harness.put(messageFor(control.id, callEvent('RunInstances', { ...record, eventTime: harness.now.toISOString() })));
  await harness.settle(48);
  return harness;
}

async function count(id: string, ...values: readonly number[]): Promise<void> {
  const MetricData = values.map((Value, n) => ({
    MetricName: 'MetadataNoToken',
    Dimensions: [{ Name: 'InstanceId', Value: id }],
    Timestamp: new Date(Date.now() - n * DAY),
    Value,
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/EC2', MetricData }));
}

test('an instance that nobody asks without a token gets IMDSv2, keeps its other options, and loses it by an undo', async () => {
  const id = await launch();
  await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpPutResponseHopLimit: 3, InstanceMetadataTags: 'enabled' }));
  await count(id, 0, 0);
  const record = await recordOf('RunInstances', id);
  expect(listAt(record.responseElements, 'instancesSet', 'items')[0]).toMatchObject({
    instanceId: id,
    metadataOptions: { state: 'pending', httpTokens: 'optional', httpEndpoint: 'enabled', httpPutResponseHopLimit: 1 },
  });
  const harness = await play(imdsV2, record, { mode: 'fix' });
  const [fixed] = await harness.findings();
  expect(fixed).toMatchObject({ status: 'fixed' });
  const others = { HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 3, InstanceMetadataTags: 'enabled' };
  expect(await optionsOf(id)).toMatchObject({ ...others, HttpTokens: 'required' });
  harness.put(orderFor(imdsV2.id, 'undo', fixed?.id ?? ''));
  await harness.settle();
  expect(await optionsOf(id)).toMatchObject({ ...others, HttpTokens: 'optional' });

  const changed = await recordOf('ModifyInstanceMetadataOptions', id);
  expect(changed.requestParameters).toMatchObject({ ModifyInstanceMetadataOptionsRequest: { InstanceId: id, HttpTokens: 'optional' } });
  await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpEndpoint: 'disabled' }));
  const refused = ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: 'required' }));
  await expect(refused).rejects.toThrow("set HttpEndpoint to 'enabled'");
});

test('one that is asked without a token waits for a person, and so does one without data', async () => {
  const [asked, silent] = [await launch(), await launch()];
  await count(asked, 4, 0, 3);
  for (const [id, says] of [
    [asked, /7 requests came without one/],
    [silent, /CloudWatch has no number of them/],
  ] as const) {
    const harness = await play(imdsV2, await recordOf('RunInstances', id), { mode: 'fix' });
    expect(await harness.findings()).toMatchObject([{ status: 'awaiting-approval', says: expect.stringMatching(says) }]);
    expect(await optionsOf(id)).toMatchObject({ HttpTokens: 'optional' });
  }
});

test('a secret in user data is reported, and neither the record nor the finding shows it', async () => {
  const script = compressed(`#!/bin/bash\nexport GITHUB_TOKEN=${token}\n`);
  const id = await launch(script);
  const record = await recordOf('RunInstances', id);
  expect(record.requestParameters).toMatchObject({ userData: '<sensitiveDataRemoved>' });
  const harness = await play(userDataNoSecrets, record, {});
  expect(await harness.findings()).toMatchObject([{ status: 'open', says: expect.stringContaining('github-token in line 2') }]);
  for (const text of [token, script]) expect(await harness.output()).not.toContain(text);

  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  const sound = encoded('#!/bin/bash\necho hello\n');
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, UserData: { Value: Buffer.from(sound, 'base64') } }));
  const changed = await recordOf('ModifyInstanceAttribute', id);
  expect(changed.requestParameters).toEqual({ instanceId: id, userData: '<sensitiveDataRemoved>' });
  expect(await (await play(userDataNoSecrets, changed, {})).findings()).toEqual([]);
});
