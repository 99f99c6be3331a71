import { join } from 'node:path';
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
  RunInstancesCommand,
  type Snapshot,
  type Volume,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, LabelParameterVersionCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encryptedData } from '#shared/launch/template.ts';
import { labelsLeft } from '../../functions/parameters/labels.ts';
import { adviceInUse } from '../../functions/volumes/in-use.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { commandsIn } from '../support/advice.ts';
import { type AwsShell, awsShell } from '../support/aws-cli/aws-cli.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { describeImageBuilder } from './image-builder.ts';

let cloud: LocalCloud;
let shell: AwsShell;
let ec2: EC2Client;
let ssm: SSMClient;

beforeAll(async () => {
  [cloud, shell] = await Promise.all([
    startWatchedCloud({ template: join(import.meta.dirname, 'fixtures', 'stack', 'template.json') }),
    awsShell(),
  ]);
  const there = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  ec2 = new EC2Client(there);
  ssm = new SSMClient(there);
});
afterAll(async () => {
  await Promise.all([cloud.stop(), shell.remove()]);
});

/** A person follows an advice to its last command. */
const follow = (advice: readonly (string | { says: string })[]) =>
  shell.run(advice.flatMap((one) => commandsIn(typeof one === 'string' ? one : one.says)).join('\n'), cloud.endpoint);

async function launched(): Promise<{ readonly id: string; readonly instance: Instance; readonly root: Volume }> {
  const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }));
  const id = Instances?.[0]?.InstanceId ?? '';
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations?.[0]?.Instances?.[0] ?? expect.fail('no instance');
  const [root] = await volumesAt(id);
  return { id, instance, root: root ?? expect.fail('no root') };
}

async function volumesAt(id: string): Promise<Volume[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  return (await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes ?? [];
}

const own = (volume: Volume | undefined) => (volume?.Tags ?? []).filter(({ Key = '' }) => !/^(aws|redress|created):/.test(Key));

// https://github.com/cloud-custodian/cloud-custodian/pull/1216
test.each([
  { VolumeType: 'io2', Iops: 9000 },
  { VolumeType: 'gp3', Iops: 9000, Throughput: 500 },
] as const)('a copy of $VolumeType takes the place of a data volume, and has all that it had', async (kind) => {
  const { id, instance } = await launched();
  const AvailabilityZone = instance.Placement?.AvailabilityZone;
  const tags = [
    { Key: 'team', Value: 'shop' },
    { Key: 'note', Value: "it's `here`, $HOME" },
  ];
  const TagSpecifications = [{ ResourceType: 'volume' as const, Tags: tags }];
  const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ ...kind, AvailabilityZone, Size: 100, TagSpecifications }));
  await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: '/dev/sdf' }));
  const before = (await volumesAt(id)).find((one) => one.VolumeId === VolumeId) ?? expect.fail('not attached');
  await follow(adviceInUse(before, new Map([[id, instance]]), undefined));
  const after = (await volumesAt(id)).find(({ Attachments }) => Attachments?.[0]?.Device === '/dev/sdf');
  expect(after).toMatchObject({ ...kind, Encrypted: true, Size: 100, AvailabilityZone });
  expect(own(after)).toEqual(expect.arrayContaining(tags));
  expect(own(after)).toHaveLength(2);
  expect(after?.VolumeId).not.toBe(VolumeId);
});

test('a copy takes the place of a root volume, and the instance runs again', async () => {
  const { id, instance, root } = await launched();
  await ec2.send(new CreateTagsCommand({ Resources: [root.VolumeId ?? ''], Tags: [{ Key: 'team', Value: 'shop' }] }));
  const [tagged] = await volumesAt(id);
  await follow(adviceInUse(tagged ?? expect.fail('no root'), new Map([[id, instance]]), undefined));
  const [after] = await volumesAt(id);
  expect(after).toMatchObject({ Encrypted: true, Size: root.Size, VolumeType: root.VolumeType });
  expect(after?.VolumeId).not.toBe(root.VolumeId);
  expect(own(after)).toEqual([{ Key: 'team', Value: 'shop' }]);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const [again] = Reservations?.[0]?.Instances ?? [];
  expect(again?.State?.Name).toBe('running');
  expect(again?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.VolumeId, Ebs?.DeleteOnTermination])).toEqual([
    [instance.RootDeviceName, after?.VolumeId, true],
  ]);
});

// https://github.com/hashicorp/packer/issues/7035
test('a snapshot that a mapping is pinned to is copied with its tags', async () => {
  const { root } = await launched();
  const Tags = [{ Key: 'team', Value: 'shop' }];
  const { SnapshotId = '' } = await ec2.send(
    new CreateSnapshotCommand({ VolumeId: root.VolumeId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] }),
  );
  const pinned: Snapshot = { SnapshotId, Encrypted: false, Tags };
  const around = {
    account: '123456789012',
    region: 'us-east-1',
    isDefaultOn: false,
    defaultKey: 'alias/aws/ebs',
    images: new Map(),
    snapshots: new Map([[SnapshotId, pinned]]),
  };
  const data = { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId } }] };
  const version = { number: 1, isDefault: true, description: undefined, data, userData: undefined, imageId: undefined };
  const { obstacles } = encryptedData(version, [{ device: '/dev/sdf', is: 'unencrypted', why: 'x' }], around, undefined);
  const { output } = await follow(obstacles);
  const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [output.trim()] }));
  // moto encrypts no snapshot
  expect(Snapshots?.[0]).toMatchObject({ OwnerId: expect.any(String), Tags });
});

test('a label that answers as plaintext moves to the newest version', async () => {
  const name = '/shop/advice';
  await ssm.send(new PutParameterCommand({ Name: name, Value: 'x', Type: 'String' }));
  await ssm.send(new LabelParameterVersionCommand({ Name: name, Labels: ['live'] }));
  await ssm.send(new PutParameterCommand({ Name: name, Value: 'x', Type: 'SecureString', Overwrite: true }));
  await follow(labelsLeft(name, [{ version: 1, labels: ['live'], isSame: true }]));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${name}:live` }));
  expect(Parameter).toMatchObject({ Type: 'SecureString', Version: 2 });
});

describeImageBuilder(() => ({ cloud, shell }));
