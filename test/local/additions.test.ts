import { join } from 'node:path';
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { type Json, listAt, stringAt } from '../../local/json.ts';
import { account } from '../../local/trail/identity.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';
import { client, ec2, json, type Said } from './calls.ts';

const template = join(import.meta.dirname, 'fixtures', 'stack', 'template.json');
const zone = { AvailabilityZone: 'us-east-1a', Size: '1' };

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startWatchedCloud({ template });
});
afterAll(() => cloud.stop());

function call(
  action: string,
  parameters: { readonly [name: string]: string } = {},
  headers: { readonly [name: string]: string } = {},
): Promise<Said> {
  return ec2(cloud.endpoint, action, parameters, headers);
}

async function createVolume(parameters: { readonly [name: string]: string } = {}): Promise<string> {
  const { xml, text } = await call('CreateVolume', { ...zone, ...parameters });
  expect(text).toContain('volumeId');
  return stringAt(xml, 'volumeId') ?? '';
}

async function volume(id: string): Promise<Json | undefined> {
  return listAt((await call('DescribeVolumes', { 'VolumeId.1': id })).xml, 'volumeSet', 'item')[0];
}

function id(name: string): string {
  return `${name}-${Math.random().toString(36).slice(2)}`;
}

describe('rules of security groups', () => {
  const groupOf = async () =>
    stringAt((await call('CreateSecurityGroup', { GroupName: id('web'), GroupDescription: 'web' })).xml, 'groupId') ?? '';
  const authorized = async (GroupId: string, rule: { readonly [name: string]: string }) => {
    const asked = Object.fromEntries(Object.entries(rule).map(([name, value]) => [`IpPermissions.1.${name}`, value]));
    const { xml } = await call('AuthorizeSecurityGroupIngress', { GroupId, ...asked });
    return listAt(xml, 'securityGroupRuleSet', 'item');
  };

  test('are answered to the call that added them, however many calls there are at once', async () => {
    const groups = await Promise.all([groupOf(), groupOf(), groupOf()]);
    const calls = groups.flatMap((group) => ['22', '443', '3389'].map((port) => ({ group, port })));
    const answers = await Promise.all(
      calls.map(({ group, port }) =>
        authorized(group, { IpProtocol: 'tcp', FromPort: port, ToPort: port, 'IpRanges.1.CidrIp': '10.0.0.0/8' }),
      ),
    );
    const told = answers.map((rules) => rules.map((rule) => ({ group: stringAt(rule, 'groupId'), port: stringAt(rule, 'fromPort') })));
    expect(told).toEqual(calls.map((one) => [one]));
  });

  test('have no ports where their protocol has none', async () => {
    const rules = await authorized(await groupOf(), { IpProtocol: '50', 'IpRanges.1.CidrIp': '10.0.0.0/8' });
    expect(rules).toMatchObject([{ ipProtocol: '50', fromPort: '-1', toPort: '-1' }]);
  });
});

describe('a client token', () => {
  const records = () => cloud.records().filter((record) => record.eventName === 'CreateVolume').length;

  test('makes one volume, also when it is sent twice at once', async () => {
    const before = records();
    const token = { ClientToken: id('token'), Encrypted: 'true' };
    const [one, two] = await Promise.all([createVolume(token), createVolume(token)]);
    expect(two).toBe(one);
    expect(await createVolume(token)).toBe(one);
    expect(records()).toBe(before + 1);
  });

  test('is refused with other parameters', async () => {
    const token = { ClientToken: id('token'), Encrypted: 'true' };
    await createVolume(token);
    expect((await call('CreateVolume', { ...zone, ...token, Size: '2' })).text).toContain('IdempotentParameterMismatch');
  });
});

describe('what moto lacks', () => {
  test('tags under aws: are for services alone', async () => {
    const tag = {
      'TagSpecification.1.ResourceType': 'volume',
      'TagSpecification.1.Tag.1.Key': 'aws:cloudformation:stack-name',
      'TagSpecification.1.Tag.1.Value': 'shop',
      Encrypted: 'true',
    };
    expect((await call('CreateVolume', { ...zone, ...tag })).xml).toMatchObject({
      Errors: { Error: { Message: "Tag keys starting with 'aws:' are reserved for internal use" } },
    });
    expect((await call('CreateVolume', { ...zone, ...tag }, { 'user-agent': 'cloudformation.amazonaws.com' })).status).toBe(200);
  });

  test('encryption by default is obeyed, with the key that is set', async () => {
    const image = stringAt((await call('RegisterImage', { Name: id('image'), RootDeviceName: '/dev/sda1' })).xml, 'imageId') ?? '';
    const { KeyMetadata } = await json(cloud.endpoint, 'kms', 'TrentService.CreateKey', {});
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: such a key is symmetric
    expect(KeyMetadata).toMatchObject({ KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', KeyManager: 'CUSTOMER' });
    const key = stringAt(KeyMetadata, 'Arn') ?? '';
    const kms = (operation: string, body: object) => json(cloud.endpoint, 'kms', `TrentService.${operation}`, { KeyId: key, ...body });
    const roles = ['one', 'other'].map((name) => `arn:aws:iam::123456789012:role/${name}`);
    for (const GranteePrincipal of roles) await kms('CreateGrant', { GranteePrincipal, Operations: ['Decrypt'] });
    expect(listAt(await kms('ListGrants', {}), 'Grants')).toHaveLength(2);
    expect(listAt(await kms('ListGrants', { GranteePrincipal: roles[1] ?? '' }), 'Grants')).toEqual([
      expect.objectContaining({ GranteePrincipal: roles[1], Operations: ['Decrypt'] }),
    ]);
    const defaultKey = async () => stringAt((await call('GetEbsDefaultKmsKeyId')).xml, 'kmsKeyId');
    expect(await defaultKey()).toBe('alias/aws/ebs');
    await call('EnableEbsEncryptionByDefault');
    await call('ModifyEbsDefaultKmsKeyId', { KmsKeyId: key });
    expect(await defaultKey()).toBe(key);
    expect(await volume(await createVolume())).toMatchObject({ encrypted: 'true', kmsKeyId: key });

    for (const mapping of [{}, { 'BlockDeviceMapping.1.DeviceName': '/dev/sdb', 'BlockDeviceMapping.1.Ebs.VolumeSize': '3' }]) {
      const { xml } = await call('RunInstances', { ImageId: image, MinCount: '1', MaxCount: '1', ...mapping });
      const instance = stringAt(listAt(xml, 'instancesSet', 'item')[0], 'instanceId') ?? '';
      const { xml: described } = await call('DescribeVolumes', { 'Filter.1.Name': 'attachment.instance-id', 'Filter.1.Value.1': instance });
      expect(listAt(described, 'volumeSet', 'item')).toEqual([expect.objectContaining({ encrypted: 'true', kmsKeyId: key })]);
    }
    expect((await call('ResetEbsDefaultKmsKeyId')).text).toContain('alias/aws/ebs');
    expect(await defaultKey()).toBe('alias/aws/ebs');
    await call('DisableEbsEncryptionByDefault');
    expect(await volume(await createVolume())).toMatchObject({ encrypted: 'false' });
    const aws = await json(cloud.endpoint, 'kms', 'TrentService.DescribeKey', { KeyId: 'alias/aws/ebs' });
    expect(aws['KeyMetadata']).toMatchObject({ KeyManager: 'AWS', KeyUsage: 'ENCRYPT_DECRYPT' });
  });

  test('CopyVolumes makes an encrypted copy that remembers its source', async () => {
    const source = await createVolume({ Size: '7' });
    const { xml } = await call('CopyVolumes', {
      SourceVolumeId: source,
      VolumeType: 'gp3',
      Encrypted: 'true',
      'TagSpecification.1.ResourceType': 'volume',
      'TagSpecification.1.Tag.1.Key': 'a',
      'TagSpecification.1.Tag.1.Value': 'b',
    });
    const copy = stringAt(xml, 'volumeSet', 'item', 'volumeId') ?? '';
    expect(await volume(copy)).toMatchObject({
      sourceVolumeId: source,
      size: '7',
      volumeType: 'gp3',
      iops: '3000',
      throughput: '125',
      encrypted: 'true',
      availabilityZone: 'us-east-1a',
      tagSet: { item: { key: 'a', value: 'b' } },
    });
    expect(await volume(source)).toMatchObject({ volumeType: 'gp2', iops: '100' });
    expect(await volume(source)).not.toHaveProperty('sourceVolumeId');
    expect((await call('CopyVolumes', { SourceVolumeId: source, Iops: '100' })).text).toContain('InvalidParameterCombination');
    expect((await call('CopyVolumes', { SourceVolumeId: 'vol-0' })).text).toContain('InvalidVolume.NotFound');
  });

  test('snapshots are shared in both forms, and not publicly while that is blocked', async () => {
    const snapshotOf = async (Encrypted: string) =>
      stringAt((await call('CreateSnapshot', { VolumeId: await createVolume({ Encrypted }) })).xml, 'snapshotId') ?? '';
    const snapshot = await snapshotOf('false');
    const shared = async () =>
      (await call('DescribeSnapshotAttribute', { SnapshotId: snapshot, Attribute: 'createVolumePermission' })).text;
    await call('ModifySnapshotAttribute', { SnapshotId: snapshot, 'CreateVolumePermission.Add.1.UserId': '111122223333' });
    expect(await shared()).toContain('111122223333');
    await call('EnableSnapshotBlockPublicAccess', { State: 'block-new-sharing' });
    expect((await call('GetSnapshotBlockPublicAccessState')).text).toContain('block-new-sharing');
    expect((await call('ModifySnapshotAttribute', { SnapshotId: snapshot, 'CreateVolumePermission.Add.1.Group': 'all' })).text).toContain(
      'OperationNotPermitted',
    );
    await call('DisableSnapshotBlockPublicAccess');
    await call('ModifySnapshotAttribute', {
      SnapshotId: snapshot,
      'CreateVolumePermission.Add.1.Group': 'all',
      'CreateVolumePermission.Add.2.UserId': '444455556666',
    });
    expect(await shared()).toContain('>all<');
    expect(await shared()).toContain('444455556666');
    await call('ModifySnapshotAttribute', { SnapshotId: snapshot, 'CreateVolumePermission.Remove.1.Group': 'all' });
    expect(await shared()).not.toContain('all');
    const encrypted = { SnapshotId: await snapshotOf('true') };
    const forms = [{ 'CreateVolumePermission.Add.1.Group': 'all' }, { OperationType: 'add', 'UserGroup.1': 'all' }];
    for (const form of forms) expect((await call('ModifySnapshotAttribute', { ...encrypted, ...form })).text).toContain('NotPermitted');
  });

  test('snapshots of an instance get the tags of its volumes where that is asked', async () => {
    const image = stringAt((await call('RegisterImage', { Name: id('image'), RootDeviceName: '/dev/sda1' })).xml, 'imageId') ?? '';
    const { xml } = await call('RunInstances', { ImageId: image, MinCount: '1', MaxCount: '1' });
    const instance = stringAt(listAt(xml, 'instancesSet', 'item')[0], 'instanceId') ?? '';
    const { xml: volumes } = await call('DescribeVolumes', { 'Filter.1.Name': 'attachment.instance-id', 'Filter.1.Value.1': instance });
    const its = stringAt(listAt(volumes, 'volumeSet', 'item')[0], 'volumeId') ?? '';
    await call('CreateTags', { 'ResourceId.1': its, 'Tag.1.Key': 'team', 'Tag.1.Value': 'shop' });
    const tagged = async (more: { readonly [name: string]: string }) => {
      const made = await call('CreateSnapshots', { 'InstanceSpecification.InstanceId': instance, ...more });
      const snapshot = stringAt(listAt(made.xml, 'snapshotSet', 'item')[0], 'snapshotId') ?? '';
      const { xml: shown } = await call('DescribeSnapshots', { 'SnapshotId.1': snapshot });
      return listAt(listAt(shown, 'snapshotSet', 'item')[0], 'tagSet', 'item');
    };
    expect(await tagged({})).toEqual([]);
    expect(await tagged({ CopyTagsFromSource: 'volume' })).toEqual([{ key: 'team', value: 'shop' }]);
  });

  test('images are shared in both forms', async () => {
    const image = stringAt((await call('RegisterImage', { Name: id('image'), RootDeviceName: '/dev/sda1' })).xml, 'imageId') ?? '';
    const shared = async () => (await call('DescribeImageAttribute', { ImageId: image, Attribute: 'launchPermission' })).text;
    await call('ModifyImageAttribute', { ImageId: image, 'LaunchPermission.Add.1.UserId': '111122223333' });
    expect(await shared()).toContain('111122223333');
    await call('ModifyImageAttribute', {
      ImageId: image,
      Attribute: 'launchPermission',
      OperationType: 'remove',
      'UserId.1': '111122223333',
    });
    expect(await shared()).not.toContain('111122223333');
  });

  test('a parameter shows who wrote each version, and its policies as text', async () => {
    const ssm = (action: string, body: object) => json(cloud.endpoint, 'ssm', `AmazonSSM.${action}`, body);
    const Name = `/${id('shop')}`;
    const policy = { Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '20', Unit: 'Days' } };
    const parameter = { Name, Value: 'x', Type: 'String', Tier: 'Advanced', Policies: JSON.stringify([policy]) };
    await ssm('PutParameter', parameter);
    await ssm('PutParameter', { ...parameter, Overwrite: true });
    const user = 'arn:aws:iam::123456789012:user/dana';
    const Policies = [expect.objectContaining({ PolicyText: JSON.stringify(policy), PolicyType: 'NoChangeNotification' })];
    const { Parameters } = await ssm('DescribeParameters', { ParameterFilters: [{ Key: 'Name', Values: [Name] }] });
    expect(Parameters).toEqual([expect.objectContaining({ Version: 2, LastModifiedUser: user, Policies })]);
    const history = await ssm('GetParameterHistory', { Name });
    expect(listAt(history, 'Parameters').map((one) => stringAt(one, 'LastModifiedUser'))).toEqual([user, user]);
    expect(await ssm('GetParameterHistory', { Name: '/none' })).toMatchObject({ __type: expect.stringContaining('ParameterNotFound') });
  });

  test('the event history can be searched, page by page, reads included', async () => {
    const made = await createVolume({ Encrypted: 'true' });
    await volume(made);
    const lookup = (body: object) =>
      json(cloud.endpoint, 'cloudtrail', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents', body);
    const byResource = await lookup({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: made }] });
    expect(listAt(byResource, 'Events').map((event) => stringAt(event, 'EventName'))).toEqual(['DescribeVolumes', 'CreateVolume']);
    expect(stringAt(listAt(byResource, 'Events')[1], 'Username')).toBe('dana');
    const first = await lookup({ MaxResults: 1 });
    expect(listAt(await lookup({ MaxResults: 1, NextToken: first['NextToken'] }), 'Events')).toHaveLength(1);
  });
});

describe('a trail', () => {
  const Name = id('trail');
  let trails: CloudTrailClient;
  let s3: S3Client;
  const status = () => trails.send(new GetTrailStatusCommand({ Name }));
  beforeAll(async () => {
    trails = new CloudTrailClient(client(cloud.endpoint));
    s3 = new S3Client(client(cloud.endpoint));
    await s3.send(new CreateBucketCommand({ Bucket: Name }));
    await trails.send(new CreateTrailCommand({ Name, S3BucketName: Name, IsMultiRegionTrail: true }));
  });

  test('is started and stopped by its ARN, and in its home Region alone', async () => {
    const arn = `arn:aws:cloudtrail:us-east-1:${account}:trail/${Name}`;
    await trails.send(new StartLoggingCommand({ Name: arn }));
    expect(await status()).toMatchObject({ IsLogging: true });
    const elsewhere = new CloudTrailClient({ ...client(cloud.endpoint), region: 'eu-west-1' });
    await expect(elsewhere.send(new StopLoggingCommand({ Name: arn }))).rejects.toThrow('only be changed in its home Region, us-east-1');
    await trails.send(new StopLoggingCommand({ Name: arn }));
    expect(await status()).toMatchObject({ IsLogging: false });
  });

  test('says that it cannot deliver once its bucket is gone', async () => {
    await trails.send(new StartLoggingCommand({ Name }));
    expect((await status()).LatestDeliveryError).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket: Name }));
    expect(await status()).toMatchObject({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' });
  });
});
