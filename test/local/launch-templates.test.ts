import { join } from 'node:path';
import { type _InstanceType, EC2, type RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { client, ec2 as query } from './calls.ts';
import { everyField } from './launch-template-data.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');
const plain = { ImageId: 'ami-1', InstanceType: 't3.micro' as _InstanceType };

let cloud: LocalCloud;
let ec2: EC2;
let ssm: SSM;
let made = 0;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
  ec2 = new EC2(client(cloud.endpoint));
  ssm = new SSM(client(cloud.endpoint));
});
afterAll(() => cloud.stop());

async function create(data: RequestLaunchTemplateData = plain): Promise<string> {
  made += 1;
  const { LaunchTemplate } = await ec2.createLaunchTemplate({ LaunchTemplateName: `template-${made}`, LaunchTemplateData: data });
  return LaunchTemplate?.LaunchTemplateId ?? '';
}

async function dataOf(id: string, version: string): Promise<unknown> {
  const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, Versions: [version] });
  return LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

describe('the data of a version', () => {
  test('comes back as it went in, in every field, in the first version and a later one', async () => {
    const id = await create(everyField);
    await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData: everyField });
    expect(await dataOf(id, '1')).toEqual(everyField);
    expect(await dataOf(id, '2')).toEqual(everyField);
    const [one] = (await ec2.describeLaunchTemplateVersions({ Versions: ['$Latest'] })).LaunchTemplateVersions ?? [];
    expect(one).toMatchObject({ VersionNumber: 2, LaunchTemplateData: everyField, CreatedBy: 'arn:aws:iam::123456789012:user/dana' });
  });

  test('is the XML of AWS, with lists of one', async () => {
    const id = await create({
      ...plain,
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }],
      SecurityGroupIds: ['sg-1'],
    });
    const { text } = await query(cloud.endpoint, 'DescribeLaunchTemplateVersions', { LaunchTemplateId: id });
    expect(text).toContain(
      '<blockDeviceMappingSet><item><deviceName>/dev/xvda</deviceName><ebs><volumeSize>8</volumeSize></ebs></item></blockDeviceMappingSet>',
    );
    expect(text).toContain('<securityGroupIdSet><item>sg-1</item></securityGroupIdSet>');
  });

  test('is inherited from a source, but for what is named and for snapshots', async () => {
    const id = await create({
      ...plain,
      UserData: 'IyEvYmluL3No',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1', VolumeSize: 8 } }],
    });
    await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-2' } });
    expect(await dataOf(id, '2')).toEqual({
      ImageId: 'ami-2',
      InstanceType: 't3.micro',
      UserData: 'IyEvYmluL3No',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }],
    });
  });

  test('has none of the tags of the template itself', async () => {
    const Tags = [{ Key: 'owner', Value: 'dana' }];
    const { LaunchTemplate } = await ec2.createLaunchTemplate({
      LaunchTemplateName: 'tagged',
      LaunchTemplateData: plain,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
    });
    expect(LaunchTemplate?.Tags).toEqual(Tags);
    const id = LaunchTemplate?.LaunchTemplateId ?? '';
    expect(await dataOf(id, '1')).toEqual(plain);
    await ec2.createTags({ Resources: [id], Tags: [{ Key: 'later', Value: 'yes' }] });
    const { LaunchTemplates } = await ec2.describeLaunchTemplates({ Filters: [{ Name: 'tag:later', Values: ['yes'] }] });
    expect(LaunchTemplates).toMatchObject([{ LaunchTemplateId: id, Tags: [...Tags, { Key: 'later', Value: 'yes' }] }]);
  });
});

describe('versions', () => {
  test('are found by number, $Latest, $Default and range, the newest first', async () => {
    const id = await create();
    for (let version = 2; version <= 5; version += 1)
      await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData: plain });
    await ec2.modifyLaunchTemplate({ LaunchTemplateId: id, DefaultVersion: '3' });
    const numbers = async (input: object) =>
      (await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, ...input })).LaunchTemplateVersions?.map(
        (one) => one.VersionNumber,
      );
    expect(await numbers({})).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers({ Versions: ['$Latest', '$Default', '2'] })).toEqual([5, 3, 2]);
    expect(await numbers({ MinVersion: '2', MaxVersion: '4' })).toEqual([4, 3, 2]);
    expect(await numbers({ MinVersion: '4' })).toEqual([5, 4]);
    const all = await ec2.describeLaunchTemplateVersions({ Versions: ['$Latest', '$Default'] });
    expect(
      all.LaunchTemplateVersions?.filter((one) => one.LaunchTemplateId === id).map((one) => [one.VersionNumber, one.DefaultVersion]),
    ).toEqual([
      [5, false],
      [3, true],
    ]);
  });

  test('and templates come in pages, all of them where no size is named', async () => {
    const id = await create();
    for (let version = 2; version <= 20; version += 1)
      await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData: plain });
    const whole = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id });
    expect([whole.LaunchTemplateVersions?.length, whole.NextToken]).toEqual([20, undefined]);
    const first = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, MaxResults: 15 });
    const { NextToken = '' } = first;
    const second = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, MaxResults: 15, NextToken });
    const pages = [first, second].map((page) => page.LaunchTemplateVersions?.map((one) => one.VersionNumber));
    expect(pages.flat()).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index));
    expect(second.NextToken).toBeUndefined();
    const templates = await ec2.describeLaunchTemplates({ MaxResults: 1 });
    expect(templates.LaunchTemplates).toHaveLength(1);
    expect(templates.NextToken).toBeDefined();
    await expect(ec2.describeLaunchTemplates({ MaxResults: 201 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});

test('an image that a parameter names is resolved where that is asked, and refused where it cannot be', async () => {
  await expect(create({ ImageId: 'resolve:ssm:/golden/none' })).rejects.toMatchObject({ name: 'SsmInvalidParameter' });
  const image = async (Value: string) =>
    ssm.putParameter({ Name: '/golden/web', Type: 'String', DataType: 'aws:ec2:image', Value, Overwrite: true });
  await image('ami-0123456789abcdef0');
  await image('ami-0123456789abcdef1');
  const id = await create({ ImageId: 'resolve:ssm:/golden/web' });
  await ec2.createLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData: { ImageId: 'resolve:ssm:/golden/web:1' } });
  const resolved = async (version: string, ResolveAlias = true) =>
    (await ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, Versions: [version], ResolveAlias })).LaunchTemplateVersions?.[0]
      ?.LaunchTemplateData?.ImageId;
  expect(await resolved('1')).toBe('ami-0123456789abcdef1');
  expect(await resolved('2')).toBe('ami-0123456789abcdef0');
  expect(await resolved('2', false)).toBe('resolve:ssm:/golden/web:1');
  await expect(ec2.describeLaunchTemplateVersions({ LaunchTemplateId: id, ResolveAlias: true })).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  });
  await ssm.deleteParameter({ Name: '/golden/web' });
  await expect(resolved('1')).rejects.toMatchObject({ name: 'SsmInvalidParameter', message: expect.stringContaining('/golden/web') });
  await ssm.putParameter({ Name: '/golden/text', Type: 'String', Value: 'ami-0123456789abcdef0' });
  await expect(create({ ImageId: 'resolve:ssm:/golden/text' })).rejects.toThrow('Unsupported data type');
});

describe('what is not there, or is there already, is refused as AWS does', () => {
  const LaunchTemplateId = 'lt-0123456789abcdef0';
  const LaunchTemplateName = 'nowhere';
  const noId = { name: 'InvalidLaunchTemplateId.NotFound', message: expect.stringContaining(LaunchTemplateId) };
  const noName = { name: 'InvalidLaunchTemplateName.NotFoundException' };
  const data = { LaunchTemplateData: plain };

  test('a template', async () => {
    await expect(ec2.describeLaunchTemplates({ LaunchTemplateIds: [LaunchTemplateId] })).rejects.toMatchObject(noId);
    await expect(ec2.describeLaunchTemplates({ LaunchTemplateNames: [LaunchTemplateName] })).rejects.toMatchObject(noName);
    await expect(ec2.describeLaunchTemplateVersions({ LaunchTemplateId })).rejects.toMatchObject(noId);
    await expect(ec2.describeLaunchTemplateVersions({ LaunchTemplateName })).rejects.toMatchObject(noName);
    await expect(ec2.createLaunchTemplateVersion({ LaunchTemplateId, ...data })).rejects.toMatchObject(noId);
    await expect(ec2.modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '1' })).rejects.toMatchObject(noId);
    await expect(ec2.deleteLaunchTemplate({ LaunchTemplateName })).rejects.toMatchObject(noName);
    const gone = await create();
    await ec2.deleteLaunchTemplate({ LaunchTemplateId: gone });
    await expect(ec2.describeLaunchTemplates({ LaunchTemplateIds: [gone] })).rejects.toMatchObject({ name: noId.name });
  });

  test('a version, and a name that is taken', async () => {
    const id = await create();
    const missing = { name: 'InvalidLaunchTemplateId.VersionNotFound' };
    for (const version of ['0', '2', 'one']) await expect(dataOf(id, version)).rejects.toMatchObject(missing);
    await expect(ec2.modifyLaunchTemplate({ LaunchTemplateId: id, DefaultVersion: '2' })).rejects.toMatchObject(missing);
    const again = ec2.createLaunchTemplate({ LaunchTemplateName: `template-${made}`, ...data });
    await expect(again).rejects.toMatchObject({ name: 'InvalidLaunchTemplateName.AlreadyExistsException' });
  });
});
