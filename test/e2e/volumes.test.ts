import {
  CreateTagsCommand,
  type CreateVolumeCommandInput,
  RegisterImageCommand,
  RunInstancesCommand,
  type Tag,
  type Volume,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { patience } from '../support/patience.ts';
import { messageOf } from './messages.ts';
import { nextWindow } from './passing.ts';
import { VolumesWorld } from './volumes-world.ts';

const control = 'volume-encrypted';
const MARK = 'redress:superseded-by';
let world: VolumesWorld;

beforeAll(async () => {
  const off = { mode: 'off' } as const;
  const config = {
    controls: { 'ebs-default-encryption': off, 'volume-owner-tag': off, [control]: { mode: 'fix', settleSeconds: 0 } },
  } as const;
  // two environments, so that two invocations can meet
  world = await VolumesWorld.start({ config, concurrency: 2 });
});
afterAll(() => world?.stop());
beforeEach(() => world.watch());

const tagged = (...tags: Tag[]): Partial<CreateVolumeCommandInput> => ({ TagSpecifications: [{ ResourceType: 'volume', Tags: tags }] });
const tagsOf = ({ Tags }: Volume) => Object.fromEntries((Tags ?? []).map(({ Key = '', Value }) => [Key, Value]));

/** Waits until the volume is superseded; answers it and its only copy. */
async function superseded(id: string): Promise<{ original: Volume; copy: Volume }> {
  const finding = await world.finding(control, id, 'superseded');
  expect(finding.changes.map(({ api }) => api)).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
  const copies = await world.copiesOf(id);
  expect(copies).toHaveLength(1);
  const [copy] = copies;
  const original = await world.volume(id);
  expect(original).toMatchObject({ State: 'available', Encrypted: false });
  expect(copy).toMatchObject({ State: 'available', Encrypted: true, SourceVolumeId: id });
  expect(tagsOf(original)[MARK]).toBe(copy?.VolumeId);
  expect(finding.says).toContain(copy?.VolumeId);
  return { original, copy: copy ?? expect.fail('no copy') };
}

describe('a free, unencrypted volume is superseded by an equal, encrypted one', () => {
  const kinds: readonly [string, Partial<CreateVolumeCommandInput>][] = [
    ['gp3, with its IOPS and throughput', { VolumeType: 'gp3', Size: 20, Iops: 4000, Throughput: 250 }],
    ['gp2', { VolumeType: 'gp2', Size: 50 }],
    ['io2', { VolumeType: 'io2', Size: 10, Iops: 500 }],
    ['st1', { VolumeType: 'st1', Size: 125 }],
    ['in another zone', { VolumeType: 'gp3', AvailabilityZone: 'us-east-1b' }],
  ];
  const made = new Map<string, string>();
  beforeAll(async () => {
    for (const [name, input] of kinds)
      made.set(name, await world.openVolume({ ...input, ...tagged({ Key: 'Name', Value: 'orders "db"' }) }));
  });

  test.each(kinds)('%s', async (name) => {
    const { original, copy } = await superseded(made.get(name) ?? '');
    const equal = ({ VolumeType, Size, Iops, Throughput, AvailabilityZone }: Volume) => ({
      VolumeType,
      Size,
      Iops,
      Throughput,
      AvailabilityZone,
    });
    expect(equal(copy)).toEqual(equal(original));
    expect(tagsOf(copy)).toEqual({ Name: 'orders "db"', 'redress:copy-of': original.VolumeId });
  });

  test("but AWS's own tags are not copied", async () => {
    const seeded = Promise.withResolvers<void>();
    // the function waits with its look until the tag is there, which no user could set
    world.watch(({ when, function: name }) =>
      when === 'before' && name === world.function ? seeded.promise.then(() => undefined) : undefined,
    );
    const id = await world.openVolume(tagged({ Key: 'team', Value: 'orders' }));
    await world.behindEc2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'aws:backup:source-resource', Value: 'x' }] }));
    seeded.resolve();
    const { original, copy } = await superseded(id);
    expect(Object.keys(tagsOf(original)).sort()).toEqual(['aws:backup:source-resource', MARK, 'team']);
    expect(tagsOf(copy)).toEqual({ team: 'orders', 'redress:copy-of': id });
  });

  test('and nothing was ever deleted, nor anything but copies and marks written', () => {
    const mutations = world.cloud
      .calls()
      .filter(({ caller, api }) => caller.startsWith('redress-') && api.startsWith('ec2:') && !api.startsWith('ec2:Describe'));
    expect(mutations.map(({ api }) => api).sort()).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
  });
});

describe('left unchanged', () => {
  test('is a volume in use: the volumes of a new instance are found, and reported', async () => {
    const { ImageId } = await world.ec2.send(
      new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }),
    );
    const { Instances } = await world.ec2.send(new RunInstancesCommand({ ImageId, MinCount: 2, MaxCount: 2, InstanceType: 't4g.nano' }));
    const ids = (Instances ?? []).map(({ InstanceId = '' }) => InstanceId);
    const volumes = (await world.volumes()).filter(({ Attachments }) =>
      Attachments?.some(({ InstanceId = '' }) => ids.includes(InstanceId)),
    );
    expect(volumes).toHaveLength(2);
    for (const { VolumeId = '', Attachments } of volumes) {
      const finding = await world.finding(control, VolumeId, 'open');
      expect(finding).toMatchObject({ event: { name: 'RunInstances' }, actor: { name: 'dana' }, changes: [] });
      expect(finding.says).toContain(`attached to ${Attachments?.[0]?.InstanceId}`);
      expect(finding.advice.map(({ says }) => says).join('\n')).toContain(`create-snapshot --volume-id ${VolumeId}`);
      expect(await world.copiesOf(VolumeId)).toEqual([]);
    }
  });

  const asks = 'awaiting-approval';
  const owned: readonly [string, Partial<CreateVolumeCommandInput>, string, RegExp, 'skipped' | 'awaiting-approval'][] = [
    ['Terraform, by its user agent', {}, 'HashiCorp/1.0 Terraform/1.13.4 terraform-provider-aws/6.20.0', /encrypted = true/, asks],
    ['Terraform, by its tag', tagged({ Key: 'ManagedBy', Value: 'terraform' }), 'x', /encrypted = true/, asks],
    ['CloudFormation', {}, 'cloudformation.amazonaws.com', /Encrypted: true/, 'skipped'],
    ['the EBS CSI driver', tagged({ Key: 'ebs.csi.aws.com/cluster', Value: 'true' }), 'x', /StorageClass/, asks],
  ];
  const made = new Map<string, string>();
  beforeAll(async () => {
    for (const [name, input, agent] of owned) made.set(name, await world.openVolume(input, world.userOf(agent)));
  });

  test.each(owned)('is what belongs to %s, or claims so, with the line to change', async (name, _input, _agent, line, status) => {
    const id = made.get(name) ?? '';
    const finding = await world.finding(control, id, status);
    expect(finding.advice.map(({ says }) => says).join('\n')).toMatch(line);
    expect(await world.copiesOf(id)).toEqual([]);
    expect(tagsOf(await world.volume(id))[MARK]).toBeUndefined();
  });
});

describe('the same message twice at once', () => {
  test('in one batch makes one copy, one finding and one announcement', async () => {
    const id = await world.openVolume();
    const message = messageOf(world, 'CreateVolume');
    await world.put(message, message, message);
    await superseded(id);
    await world.calm();
    expect(await world.copiesOf(id)).toHaveLength(1);
    expect(world.told(control, id)).toMatchObject([{ status: 'superseded', count: 1 }]);
  });

  test('in two invocations makes one copy, one finding and one announcement', async () => {
    const met = Promise.withResolvers<void>();
    let copies = 0;
    // the first invocation is held before its write until the second has found the case taken
    world.watch(async ({ when, api, function: name }) => {
      if (when !== 'before' || name !== world.function) return undefined;
      if (api === 'sqs:SendMessageBatch') met.resolve();
      if (api === 'ec2:CopyVolumes' && ++copies === 1) await met.promise;
      return undefined;
    });
    const id = await world.openVolume();
    const message = messageOf(world, 'CreateVolume');
    await vi.waitFor(() => expect(copies).toBe(1), patience);
    const from = world.delays.length;
    await world.put(message);
    await met.promise;
    await superseded(id);
    await world.calm();
    expect(world.delays.slice(from)).toContain(5);
    expect([copies, (await world.copiesOf(id)).length]).toEqual([1, 1]);
    expect(world.told(control, id)).toMatchObject([{ status: 'superseded', count: 1 }]);
  });
});

test('a full blast-radius window: what is over waits, one alert says so, and the next window takes it', async () => {
  await world.calm();
  await nextWindow(world);
  // windows of ten minutes begin on the clock, and in their last two minutes one maker may have what is left: a burst lies in one part
  const left = () => 600_000 - (Date.now() % 600_000);
  const untilNextPart = left() > 120_000 ? left() - 120_000 : left();
  if (untilNextPart < 15_000) await new Promise((resolve) => setTimeout(resolve, untilNextPart + 100));
  const granted = left() > 120_000 ? 17 : 25;
  const from = world.delays.length;
  const ids = await Promise.all(Array.from({ length: 27 }, () => world.openVolume()));
  const statuses = () => ids.map((id) => world.told(control, id).at(-1)?.status);
  const count = (status: string | undefined) => statuses().filter((one) => one === status).length;
  const waiting = () => ids.flatMap((id) => world.told(control, id)).filter(({ reason }) => reason?.code === 'rate-limited');
  await vi.waitFor(() => expect([count('superseded'), waiting().length]).toEqual([granted, 1]), patience);
  await vi.waitFor(() => expect(world.delays.slice(from).length).toBeGreaterThanOrEqual(2), patience);
  expect(Math.max(...world.delays.slice(from))).toBeGreaterThan(5);
  const written = (await world.volumes()).filter(({ SourceVolumeId = '' }) => ids.includes(SourceVolumeId));
  expect([written.length, waiting().length]).toEqual([granted, 1]);
  expect(waiting()[0]).toMatchObject({
    status: 'open',
    reason: { code: 'rate-limited', says: expect.stringContaining('25 fixes in 10 minutes') },
  });

  await nextWindow(world);
  await vi.waitFor(() => expect(count('superseded')).toBe(27), patience);
  await world.calm();
  for (const id of ids) expect(await world.copiesOf(id)).toHaveLength(1);
  expect(waiting()).toHaveLength(1);
});

// last, since what cannot be used stays on the queue for six minutes before it comes again
test('a message that cannot be used stops nothing of its batch', async () => {
  const id = await world.openVolume();
  await world.put('{"control":"volume-encr', JSON.stringify({ control: 'bucket-private', event: {} }));
  await superseded(id);
  await vi.waitFor(async () => expect(await world.depth()).toBe(2), patience);
  expect(await world.depth(world.deadLetterUrl)).toBe(0);
});
