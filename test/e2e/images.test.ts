import {
  CopyImageCommand,
  CreateImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Image,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World } from './world.ts';

/** A local cloud in which tests make images. */
class ImagesWorld extends World {
  readonly ec2 = new EC2Client(this.user);

  static async start(): Promise<ImagesWorld> {
    const controls = {
      'ebs-default-encryption': { mode: 'off' },
      'image-private': { mode: 'fix' },
      'image-encrypted': { mode: 'fix', settleSeconds: 0 },
      'image-owner-tag': { mode: 'off' },
    } as const;
    return new ImagesWorld(await World.make('images', { config: { controls } }));
  }

  async image(id = ''): Promise<Image> {
    const found = await this.ec2.send(new DescribeImagesCommand({ Filters: [{ Name: 'image-id', Values: [id] }] }));
    return found.Images?.[0] ?? expect.fail(`there is no ${id}`);
  }

  async copiesOf(id: string): Promise<Image[]> {
    const found = await this.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    return (found.Images ?? []).filter(({ SourceImageId }) => SourceImageId === id);
  }

  async sharedWith(id: string): Promise<string[]> {
    const { LaunchPermissions = [] } = await this.ec2.send(
      new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' }),
    );
    return LaunchPermissions.map(({ UserId, Group }) => UserId ?? Group ?? '').sort();
  }

  async register(name: string): Promise<string> {
    const { ImageId } = await this.ec2.send(new RegisterImageCommand({ Name: name, RootDeviceName: '/dev/xvda' }));
    return ImageId ?? expect.fail('no image');
  }
}

let world: ImagesWorld;
beforeAll(async () => {
  world = await ImagesWorld.start();
});
afterAll(() => world?.stop());

describe('an image that is made public', () => {
  const partner = '444455556666';
  let id: string;

  test('is private within seconds, and whoever it is shared with by name keeps their access', async () => {
    id = await world.register('public');
    const Add = [{ UserId: partner }, { Group: 'all' as const }];
    await world.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission: { Add } }));
    const { changes } = await world.finding('image-private', id, 'fixed');
    expect(changes.map(({ api }) => api)).toEqual(['ec2:ModifyImageAttribute']);
    expect(await world.sharedWith(id)).toEqual([partner]);
  });

  test('is public again once it is undone, and stays so when a sweep looks', async () => {
    const fixed = await world.finding('image-private', id, 'fixed');
    expect(await world.redress('undo', fixed.id, '--yes')).toMatchObject({ code: 0 });
    await world.finding('image-private', id, 'undone');
    expect(await world.sharedWith(id)).toEqual([partner, 'all']);
    await world.cloud.sweep();
    await world.quiet();
    expect(await world.sharedWith(id)).toEqual([partner, 'all']);
  });
});

test('an image of an instance is pending for a while, and has one encrypted copy after EC2 reports it as available', async () => {
  const { Instances } = await world.ec2.send(new RunInstancesCommand({ ImageId: await world.register('base'), MinCount: 1, MaxCount: 1 }));
  const { ImageId: id = '' } = await world.ec2.send(
    new CreateImageCommand({ InstanceId: Instances?.[0]?.InstanceId, Name: 'of an instance' }),
  );
  expect((await world.image(id)).State).toBe('pending');
  const finding = await world.finding('image-encrypted', id, 'superseded');
  expect(finding.changes.map(({ api }) => api)).toEqual(['ec2:CopyImage', 'ec2:CreateTags']);
  const [copy, ...more] = await world.copiesOf(id);
  expect(more).toEqual([]);
  expect(copy).toMatchObject({ State: 'available', Name: `of an instance encrypted (${id})` });
  expect(copy?.BlockDeviceMappings).toMatchObject([{ Ebs: { Encrypted: true } }]);
  expect(copy?.Tags).toEqual([{ Key: 'redress:copy-of', Value: id }]);
  const original = await world.image(id);
  expect(original.Tags).toEqual([{ Key: 'redress:superseded-by', Value: copy?.ImageId }]);
  expect(original.BlockDeviceMappings).toMatchObject([{ Ebs: { Encrypted: false } }]);
  const SnapshotIds = [copy?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ''];
  const { Snapshots } = await world.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds }));
  expect(Snapshots).toMatchObject([{ Encrypted: true, KmsKeyId: expect.stringMatching(/^arn:aws:kms:/) }]);
});

test('the local cloud refuses another image of the same name, and keeps what demands IMDSv2', async () => {
  const id = await world.register('twice');
  const twice = new CopyImageCommand({ SourceImageId: id, SourceRegion: world.cloud.region, Name: 'twice' });
  await expect(world.ec2.send(twice)).rejects.toThrow('already in use');
  await world.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, ImdsSupport: { Value: 'v2.0' } }));
  expect(await world.image(id)).toMatchObject({ ImdsSupport: 'v2.0' });
  const { BlockDeviceMappings = [] } = await world.image(id);
  const found = async (Name: string, ...Values: string[]) =>
    (await world.ec2.send(new DescribeImagesCommand({ Filters: [{ Name, Values }] }))).Images?.map(({ ImageId }) => ImageId) ?? [];
  expect(await found('block-device-mapping.encrypted', 'true')).not.toContain(id);
  expect(await found('block-device-mapping.encrypted', 'false')).toContain(id);
  expect(await found('block-device-mapping.snapshot-id', 'snap-0', BlockDeviceMappings[0]?.Ebs?.SnapshotId ?? '')).toEqual([id]);
});
