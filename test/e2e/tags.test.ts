import { CreateTagsCommand, CreateVolumeCommand, RegisterImageCommand, RunInstancesCommand, type Volume } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { patience } from '../support/patience.ts';
import { sizes, VolumesWorld } from './volumes-world.ts';

const COUNT = 200;
const MOST_CALLS = 20;
let world: VolumesWorld;

beforeAll(async () => {
  const tags = [{ key: 'Environment', values: ['production', 'test'], default: 'test', aliases: ['env'], map: { prod: 'production' } }];
  world = await VolumesWorld.start({
    functions: ['volumes', 'instances'],
    config: {
      controls: {
        'ebs-default-encryption': { mode: 'off' },
        'volume-encrypted': { mode: 'off' },
        'volume-required-tags': { mode: 'fix', tags },
        'volume-sensitive-tags': { mode: 'observe' },
      },
    },
  });
});
afterAll(() => world?.stop());

const tagsOf = ({ Tags }: Volume) => Object.fromEntries((Tags ?? []).map(({ Key = '', Value }) => [Key, Value]));
const today = () => new Date().toISOString().slice(0, 10);

describe('a burst', () => {
  test(`of ${COUNT} volumes carries owner and required tags, in at most ${MOST_CALLS} calls`, async () => {
    const begun = Date.now();
    const whole = Promise.withResolvers<void>();
    // the function works once the burst is whole, or a slow machine would make several small ones of it
    world.watch(async ({ when, function: name }) => {
      if (when === 'before' && name === world.function) await whole.promise;
      return undefined;
    });
    for (let made = 0; made < COUNT; made += 20)
      await Promise.all(Array.from({ length: 20 }, () => world.ec2.send(new CreateVolumeCommand(sizes))));
    whole.resolve();
    const created = Date.now();
    await world.calm();
    // told, not asserted: how long it takes is the machine's
    const seconds = (Date.now() - created) / 1000;
    console.log(`made in ${(created - begun) / 1000} s, all tagged ${seconds} s later, ${world.calls('ec2:CreateTags')} CreateTags calls`);
    const volumes = await world.volumes();
    expect(volumes).toHaveLength(COUNT);
    const tags = { 'created:owner': 'dana', Environment: 'test', 'created:date': today(), 'created:via': expect.any(String) };
    for (const one of volumes) expect(tagsOf(one)).toMatchObject(tags);
    expect(world.calls('ec2:CreateTags')).toBeLessThanOrEqual(MOST_CALLS);
  });

  test('is over with that: what Redress wrote starts no run of its own', async () => {
    await world.calm();
    const before = world.invocations();
    const written = world.cloud.records().filter(({ eventName }) => eventName === 'CreateTags');
    expect(written.length).toBeGreaterThan(0);
    await world.quiet();
    expect(world.invocations()).toBe(before);
  });
});

test('a tag that a person adds is brought in line, and one of another resource starts nothing', async () => {
  await world.calm();
  const { VolumeId = '' } = await world.ec2.send(
    new CreateVolumeCommand({ ...sizes, TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'Environment', Value: 'test' }] }] }),
  );
  await vi.waitFor(async () => expect(tagsOf(await world.volume(VolumeId))['created:owner']).toBe('dana'), patience);
  await world.ec2.send(new CreateTagsCommand({ Resources: [VolumeId], Tags: [{ Key: 'Environment', Value: 'PROD' }] }));
  await vi.waitFor(async () => expect(tagsOf(await world.volume(VolumeId))['Environment']).toBe('production'), patience);
  await world.calm();
  const before = world.invocations();
  const { ImageId = '' } = await world.ec2.send(
    new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }),
  );
  await world.ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags: [{ Key: 'env', Value: 'x' }] }));
  await world.quiet();
  expect(world.invocations()).toBe(before);
});

test('the volumes of an instance carry its owner', async () => {
  const { ImageId = '' } = await world.ec2.send(
    new RegisterImageCommand({ Name: 'base', RootDeviceName: '/dev/xvda', Architecture: 'arm64' }),
  );
  const { Instances = [] } = await world.ec2.send(
    new RunInstancesCommand({
      ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't4g.nano',
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'created:owner', Value: 'team-orders' }] }],
    }),
  );
  const instance = Instances[0]?.InstanceId;
  await vi.waitFor(async () => {
    const its = (await world.volumes()).find(({ Attachments }) => Attachments?.some(({ InstanceId }) => InstanceId === instance));
    expect(its && tagsOf(its)).toMatchObject({ 'created:owner': 'team-orders', Environment: 'test' });
  }, patience);
});
