import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { client } from './calls.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');

let cloud: LocalCloud;
let ec2: EC2;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  ec2 = new EC2(client(cloud.endpoint));
});
afterAll(() => cloud.stop());

async function snapshotOf(isEncrypted: boolean): Promise<string> {
  const { VolumeId } = await ec2.createVolume({ AvailabilityZone: 'us-east-1a', Size: 3, Encrypted: isEncrypted });
  return (await ec2.createSnapshot({ VolumeId })).SnapshotId ?? '';
}

async function image(id: string | undefined) {
  const filter = { Filters: [{ Name: 'image-id', Values: [id ?? ''] }], IncludeDeprecated: true, IncludeDisabled: true };
  return (await ec2.describeImages(filter)).Images ?? [];
}

test('a snapshot of an encrypted volume is encrypted, with its key', async () => {
  const [plain, encrypted] = [await snapshotOf(false), await snapshotOf(true)];
  const { Snapshots = [] } = await ec2.describeSnapshots({ Filters: [{ Name: 'snapshot-id', Values: [plain, encrypted] }] });
  const found = (id: string) => Snapshots.find((snapshot) => snapshot.SnapshotId === id);
  expect(found(encrypted)).toMatchObject({ Encrypted: true, KmsKeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:123456789012:key\//) });
  expect(found(plain)).toMatchObject({ Encrypted: false, VolumeSize: 3 });
  expect(found(plain)).not.toHaveProperty('KmsKeyId');
});

test('an image has the devices that it was registered with, encrypted as their snapshots are', async () => {
  const [plain, encrypted] = [await snapshotOf(false), await snapshotOf(true)];
  const { ImageId } = await ec2.registerImage({
    Name: 'devices',
    Architecture: 'arm64',
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { SnapshotId: plain, VolumeType: 'gp3', DeleteOnTermination: false } },
      { DeviceName: '/dev/sdb', Ebs: { SnapshotId: encrypted, VolumeSize: 9 } },
      { DeviceName: '/dev/sdc', Ebs: { VolumeSize: 1, Encrypted: true } },
      { DeviceName: '/dev/sdd', VirtualName: 'ephemeral0' },
    ],
  });
  expect(await image(ImageId)).toMatchObject([
    { ImageId, RootDeviceName: '/dev/xvda', RootDeviceType: 'ebs', Architecture: 'arm64', State: 'available' },
  ]);
  expect((await image(ImageId))[0]?.BlockDeviceMappings).toEqual([
    { DeviceName: '/dev/xvda', Ebs: { SnapshotId: plain, VolumeSize: 3, VolumeType: 'gp3', DeleteOnTermination: false, Encrypted: false } },
    {
      DeviceName: '/dev/sdb',
      Ebs: { SnapshotId: encrypted, VolumeSize: 9, VolumeType: 'standard', DeleteOnTermination: true, Encrypted: true },
    },
    { DeviceName: '/dev/sdc', Ebs: { VolumeSize: 1, VolumeType: 'standard', DeleteOnTermination: true, Encrypted: true } },
    { DeviceName: '/dev/sdd', VirtualName: 'ephemeral0' },
  ]);
});

test('an image without devices has its root, and that is not encrypted', async () => {
  const { ImageId } = await ec2.registerImage({ Name: 'root', RootDeviceName: '/dev/xvda' });
  expect(await image(ImageId)).toMatchObject([
    {
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: expect.any(String), Encrypted: false } }],
    },
  ]);
});

test('an instance type says whether its volumes can be encrypted', async () => {
  const { InstanceTypes } = await ec2.describeInstanceTypes({ InstanceTypes: ['t3.micro'] });
  expect(InstanceTypes).toMatchObject([{ InstanceType: 't3.micro', EbsInfo: { EncryptionSupport: 'supported' } }]);
});
