import { RequestLaunchTemplateData$, type ResponseLaunchTemplateData, ResponseLaunchTemplateData$ } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { Secret } from '#shared/control/secret.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { chosen, off, on } from '../../test/support/launch-setting.ts';
import { onlyIn, sampleOf } from '../../test/support/schema.ts';
import { effectsOf } from './launch.ts';
import { encryptedData, isSameButForEncryption, launchOf, replacementOf, requestOf, type TemplateVersion, templateOf } from './template.ts';

// every member that the API has, each with a value of its kind
const { UserData: _, ...everything } = sampleOf(ResponseLaunchTemplateData$) as ResponseLaunchTemplateData;
const secret = new Secret(token);
const root = (Ebs: object) => ({ DeviceName: '/dev/xvda', Ebs });
const version = (data: ResponseLaunchTemplateData, more: Partial<TemplateVersion> = {}): TemplateVersion => ({
  number: 1,
  isDefault: true,
  description: undefined,
  data,
  userData: undefined,
  imageId: data.ImageId,
  ...more,
});
const plain = { ImageId: 'ami-plain', KeyName: 'ops' };
const fix = (one: TemplateVersion, kmsKey?: string, around = off) => encryptedData(one, effectsOf(launchOf(one), around), around, kmsKey);

describe('the data of an encrypted version', () => {
  test('keeps every other member that the API has, and user data as it is', () => {
    const one = version({ ...everything, ImageId: 'ami-plain', BlockDeviceMappings: [root({ VolumeSize: 40 })] }, { userData: secret });
    const { data, obstacles } = fix(one);
    const { Operator: _operator, MetadataOptions: { State: _state, ...MetadataOptions } = {}, ...kept } = one.data;
    const BlockDeviceMappings = [root({ VolumeSize: 40, Encrypted: true })];
    expect(obstacles).toEqual([]);
    expect(Object.keys(kept).length).toBeGreaterThan(30);
    expect(Secret.reveal(data).input).toEqual({ ...kept, MetadataOptions, BlockDeviceMappings, UserData: token });
    expect(JSON.stringify(data)).not.toContain(token);
  });
  test('keeps every other member of a mapping, and mappings that need nothing, in their order', () => {
    const [sample] = everything.BlockDeviceMappings ?? [];
    const { SnapshotId: _snapshot, KmsKeyId: _key, Encrypted: _encrypted, ...ebs } = sample?.Ebs ?? {};
    const store = { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' };
    const away = { DeviceName: '/dev/sdc', NoDevice: '' };
    const { data } = fix(version({ ...plain, BlockDeviceMappings: [store, root(ebs), away] }));
    expect(Object.keys(ebs).length).toBeGreaterThan(5);
    expect(data.BlockDeviceMappings).toEqual([store, root({ ...ebs, Encrypted: true }), away]);
  });
  test("adds a mapping for each device of the AMI that needs one, without the AMI's own settings", () => {
    const { data } = fix(version({ ImageId: 'ami-two', BlockDeviceMappings: [{ DeviceName: '/dev/sdz', Ebs: { Encrypted: true } }] }));
    expect(data.BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/sdz', Ebs: { Encrypted: true } },
      { DeviceName: '/dev/sdf', Ebs: { Encrypted: true } },
    ]);
  });
  test("leaves out the AMI's own snapshot, and no other", () => {
    const own = { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-own', VolumeSize: 9 } };
    const { data, obstacles } = fix(version({ ...plain, BlockDeviceMappings: [root({ SnapshotId: 'snap-plain', VolumeSize: 8 }), own] }));
    expect(obstacles).toEqual([]);
    expect(data.BlockDeviceMappings).toEqual([root({ VolumeSize: 8, Encrypted: true }), own]);
  });
  test("uses the configured key where a mapping has none, and the mapping's own where it has one", () => {
    const mine = { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 9, KmsKeyId: 'alias/mine' } };
    const { data } = fix(version({ ...plain, BlockDeviceMappings: [mine] }), chosen);
    expect(data.BlockDeviceMappings).toEqual([
      { ...mine, Ebs: { ...mine.Ebs, Encrypted: true } },
      root({ Encrypted: true, KmsKeyId: chosen }),
    ]);
  });
  test('sets the mapping that counts, where a device is named twice', () => {
    const { data } = fix(version({ ...plain, BlockDeviceMappings: [root({ VolumeSize: 8 }), root({ VolumeSize: 9 })] }));
    expect(data.BlockDeviceMappings).toEqual([root({ VolumeSize: 8 }), root({ VolumeSize: 9, Encrypted: true })]);
  });
  test('changes nothing where nothing is wrong', () => {
    const one = version({ ImageId: 'ami-locked', BlockDeviceMappings: [root({ VolumeSize: 8 })] });
    expect(fix(one, chosen).data).toEqual(one.data);
    expect(fix(version(plain), chosen, on).data).toEqual(plain);
  });
  test.each([
    [
      'an unencrypted snapshot of its own',
      { ...plain, BlockDeviceMappings: [root({ SnapshotId: 'snap-open' })] },
      /^\/dev\/xvda: make an encrypted copy of snap-open.*`aws ec2 copy-snapshot --encrypted --region eu-west-1 --source-region eu-west-1 --source-snapshot-id snap-open --query/,
    ],
    ['an AMI that is gone', { ImageId: 'ami-gone' }, /^the devices of ami-gone: ami-gone is gone/],
    ['a parameter that cannot be resolved', { ImageId: 'resolve:ssm:/x' }, /^the devices of resolve:ssm:\/x: .* cannot be resolved/],
    [
      'a snapshot that is gone',
      { ImageId: 'ami-store', BlockDeviceMappings: [root({ SnapshotId: 'snap-gone' })] },
      /^\/dev\/xvda: snap-gone is gone/,
    ],
  ])('says what stands in the way: %s', (_name, data, obstacle) => {
    expect(fix(version(data)).obstacles[0]).toMatch(obstacle);
  });
});

describe('the form that a request takes', () => {
  test('has all that AWS answers but these, which no request takes', () => {
    expect(onlyIn(ResponseLaunchTemplateData$, RequestLaunchTemplateData$)).toEqual([
      'NetworkInterfaces.Ipv6Addresses.IsPrimaryIpv6',
      'MetadataOptions.State',
      'Operator.Managed',
      'Operator.HiddenByDefault',
    ]);
    const { Operator, MetadataOptions, ...others } = requestOf(version(everything));
    const { Operator: _operator, MetadataOptions: { State: _state, ...metadata } = {}, ...kept } = everything;
    expect([Operator, MetadataOptions, others]).toEqual([undefined, metadata, kept]);
  });
  test('names no mappings and no metadata options where there are none', () => {
    expect(requestOf(version({ ...plain, BlockDeviceMappings: [] }))).toEqual(plain);
    expect(requestOf(version({}))).toEqual({});
  });
});

describe('the same but for encryption', () => {
  const base = version({ ...everything, ImageId: 'ami-plain', BlockDeviceMappings: [root({ VolumeSize: 40 })] }, { userData: secret });
  const same = (data: Partial<ResponseLaunchTemplateData>, more: Partial<TemplateVersion> = {}) =>
    isSameButForEncryption(base, version({ ...base.data, ...data }, { userData: secret, ...more }), off);

  test('holds for what Redress makes of a version, under any key, with any number, description and user data of equal value', () => {
    for (const key of [undefined, chosen]) {
      const { UserData: _userData, ...made } = fix(base, key).data;
      const userData = new Secret(token, 'user data of version 2');
      expect(same(made as ResponseLaunchTemplateData, { number: 2, description: 'x', isDefault: false, userData })).toBe(true);
    }
  });
  test.each(Object.keys(base.data).filter((name) => name !== 'Operator' && name !== 'BlockDeviceMappings'))(
    'does not hold where %s is missing or another',
    (name) => {
      const { [name as keyof ResponseLaunchTemplateData]: value, ...others } = base.data;
      expect(isSameButForEncryption(base, version(others, { userData: secret, imageId: 'ami-plain' }), off)).toBe(false);
      expect(same({ [name]: changed(value) }, { imageId: 'ami-plain' })).toBe(false);
    },
  );
  test.each([
    ['another size', [root({ VolumeSize: 41 })], false],
    ['a device of its own', [root({ VolumeSize: 40 }), { DeviceName: '/dev/sdf', Ebs: { Encrypted: true } }], false],
    ['a snapshot of its own', [root({ VolumeSize: 40, SnapshotId: 'snap-own' })], false],
    ['no mapping', [], false],
    ['the root removed', [{ DeviceName: '/dev/xvda', NoDevice: '' }], false],
    ["the AMI's own snapshot", [root({ VolumeSize: 40, SnapshotId: 'snap-plain' })], true],
    ['encryption', [root({ VolumeSize: 40, Encrypted: true })], true],
    ['`Encrypted: false` and a key', [root({ VolumeSize: 40, Encrypted: false, KmsKeyId: chosen })], true],
  ])('with %s: %j is %s', (_name, BlockDeviceMappings, isSame) => {
    expect(same({ BlockDeviceMappings })).toBe(isSame);
  });
  test('does not mind the order of mappings, nor one of the AMI that only encrypts', () => {
    const a = version({
      ImageId: 'ami-two',
      BlockDeviceMappings: [root({ VolumeSize: 9 }), { DeviceName: '/dev/sdz', VirtualName: 'ephemeral0' }],
    });
    const reversed = [...(a.data.BlockDeviceMappings ?? []), { DeviceName: '/dev/sdf', Ebs: { Encrypted: true } }].reverse();
    expect(isSameButForEncryption(a, version({ ...a.data, BlockDeviceMappings: reversed }), off)).toBe(true);
  });
  test('minds user data, without showing it', () => {
    expect(same({}, { userData: new Secret(`${token} `) })).toBe(false);
    expect(same({}, { userData: undefined })).toBe(false);
    expect(isSameButForEncryption(version(plain), version(plain, { userData: new Secret('') }), off)).toBe(false);
    expect(isSameButForEncryption(version(plain), version(plain), off)).toBe(true);
  });
});

describe('the replacement of a version', () => {
  const good = { ...plain, BlockDeviceMappings: [root({ Encrypted: true })] };
  const numbered = (...all: ResponseLaunchTemplateData[]) => all.map((data, n) => version(data, { number: n + 1 }));
  test.each([
    ['the newest later one', numbered(plain, good, plain, good), 4],
    ['none that differs', numbered(plain, { ...good, KeyName: 'other' }), undefined],
    ['none that is not encrypted', numbered(plain, plain), undefined],
    ['none without any other', numbered(plain), undefined],
  ])('is %s', (_name, versions, number) => {
    expect(replacementOf(version(plain), versions, off)?.number).toBe(number);
  });
  test('is never an earlier one', () => {
    const [first, second] = numbered(good, plain);
    expect(first && second && replacementOf(second, [first, second], off)).toBeUndefined();
  });
});

describe('the template of a record', () => {
  const record = { eventID: 'e', eventSource: 'ec2.amazonaws.com', eventTime: '2026-11-25T10:00:00Z' };
  test.each([
    ['CreateLaunchTemplate', { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: 'lt-1' } } }, null, 'lt-1'],
    [
      'CreateLaunchTemplateVersion',
      { CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { launchTemplateId: 'lt-2' } } },
      null,
      'lt-2',
    ],
    ['ModifyLaunchTemplate', null, { ModifyLaunchTemplateRequest: { LaunchTemplateId: 'lt-3' } }, 'lt-3'],
    ['ModifyLaunchTemplate', 'odd', { ModifyLaunchTemplateRequest: '' }, undefined],
    ['CreateLaunchTemplate', null, null, undefined],
  ])('%s: %j, %j', (eventName, responseElements, requestParameters, id) => {
    expect(templateOf({ ...record, eventName, responseElements, requestParameters })).toBe(id);
  });
});

/** Another value of the same kind. */
function changed(value: unknown): unknown {
  if (Array.isArray(value)) return [...value, ...value];
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, changed(inner)]));
  return typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${value} and more`;
}
