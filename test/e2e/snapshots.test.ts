import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DisableEbsEncryptionByDefaultCommand,
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  ModifySnapshotAttributeCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { patience } from '../support/patience.ts';
import { World, type WorldOptions } from './world.ts';

/** A local cloud in which tests make snapshots. */
class SnapshotsWorld extends World {
  readonly ec2 = new EC2Client(this.user);

  static async start(options: WorldOptions): Promise<SnapshotsWorld> {
    return new SnapshotsWorld(await World.make('images', options));
  }

  /** A snapshot of 1 GiB. */
  async made(Encrypted = false): Promise<string> {
    const { VolumeId } = await this.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, Encrypted }));
    return (await this.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? expect.fail('no snapshot');
  }

  async all(input: ConstructorParameters<typeof DescribeSnapshotsCommand>[0] = {}): Promise<Snapshot[]> {
    return (await this.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], ...input }))).Snapshots ?? [];
  }

  async permissions(SnapshotId: string) {
    const asked = new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' });
    return (await this.ec2.send(asked)).CreateVolumePermissions ?? [];
  }

  async share(SnapshotId: string, whom: { GroupNames?: string[]; UserIds?: string[] }, OperationType: 'add' | 'remove' = 'add') {
    await this.ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType, ...whom }));
  }
}

const all = { Group: 'all' };
const partner = { UserId: '444455556666' };
const isMine = (id: string) => ({ Filters: [{ Name: 'snapshot-id', Values: [id] }] });
let world: SnapshotsWorld;

beforeAll(async () => {
  const config = {
    controls: { 'volume-encrypted': { mode: 'off' }, 'snapshot-private': { mode: 'fix' }, 'snapshot-encrypted': { mode: 'fix' } },
  } as const;
  world = await SnapshotsWorld.start({ config });
});
afterAll(() => world?.stop());
beforeEach(() => world.watch());

describe('a snapshot that is made public', () => {
  test.each([
    ['by groups', { Attribute: 'createVolumePermission', OperationType: 'add', GroupNames: ['all'] }],
    ['by permissions', { CreateVolumePermission: { Add: [all] } }],
  ] as const)('%s is private again, named accounts keep it, and an undo makes it public and leaves it so', async (_name, form) => {
    const id = await world.made();
    await world.share(id, { UserIds: [partner.UserId] });
    await world.ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId: id, ...structuredClone(form) } as never));
    const finding = await world.finding('snapshot-private', id, 'fixed');
    expect(await world.permissions(id)).toEqual([partner]);
    expect(Date.parse(finding.timings.doneAt ?? '') - Date.parse(finding.timings.receivedAt)).toBeLessThan(5000);
    await world.redress('undo', finding.id);
    await world.finding('snapshot-private', id, 'undone');
    expect(await world.permissions(id)).toEqual(expect.arrayContaining([all, partner]));
    expect((await world.all({ RestorableByUserIds: ['all'] })).map(({ SnapshotId }) => SnapshotId)).toContain(id);
  });

  test('is not, where it is encrypted: AWS refuses that', async () => {
    const id = await world.made(true);
    await expect(world.share(id, { GroupNames: ['all'] })).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    expect(await world.all({ RestorableByUserIds: ['all'], ...isMine(id) })).toEqual([]);
  });
});

describe('a snapshot that is not encrypted', () => {
  test('gets one encrypted copy, and is kept and tagged with it', async () => {
    const id = await world.made();
    const finding = await world.finding('snapshot-encrypted', id, 'superseded');
    expect(finding.changes.map(({ api }) => api)).toEqual(['ec2:CopySnapshot', 'ec2:CreateTags']);
    const copies = await world.all({ Filters: [{ Name: 'tag:redress:copy-of', Values: [id] }] });
    expect(copies).toMatchObject([
      { Encrypted: true, State: 'completed', VolumeId: 'vol-ffffffff', KmsKeyId: expect.stringMatching(/^arn:aws:kms:/) },
    ]);
    const [original] = await world.all(isMine(id));
    expect(original).toMatchObject({ Encrypted: false });
    expect(original?.Tags).toContainEqual({ Key: 'redress:superseded-by', Value: copies[0]?.SnapshotId });
  });
});

describe('a copy of a snapshot, in the local cloud', () => {
  const copyOf = async (SourceSnapshotId: string, more: object = {}) => {
    const { SnapshotId = '' } = await world.ec2.send(
      new CopySnapshotCommand({ SourceSnapshotId, SourceRegion: world.cloud.region, ...more }),
    );
    return (await world.all(isMine(SnapshotId)))[0] ?? expect.fail('no copy');
  };

  test('is pending for a while, and encrypted where that is asked, is so by default, or was so', async () => {
    const [plain, encrypted] = [await world.made(), await world.made(true)];
    expect(await copyOf(plain)).toMatchObject({ Encrypted: false, State: 'pending' });
    const asked = await copyOf(plain, { Encrypted: true });
    expect(asked).toMatchObject({ Encrypted: true, State: 'pending' });
    expect(await copyOf(encrypted)).toMatchObject({ Encrypted: true });
    await world.ec2.send(new EnableEbsEncryptionByDefaultCommand({}));
    expect(await copyOf(plain)).toMatchObject({ Encrypted: true });
    await world.ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
    await vi.waitFor(async () => expect(await world.all(isMine(asked.SnapshotId ?? ''))).toMatchObject([{ State: 'completed' }]), patience);
  });
});
