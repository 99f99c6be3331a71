import { afterEach, describe, expect, test } from 'vitest';
import type { Permission, Reader } from '#shared/control/control.ts';
import { readersOfRound } from '#shared/engine/reader.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { awsError, place, type World } from '../../test/support/harness.ts';
import type { Account } from '../../test/support/launches/account.ts';
import { image, launchWorld, template } from '../../test/support/launches/world.ts';
import { effectsOf } from './launch.ts';
import { aroundOf, launchReads, templateReads, templatesById, versionsOf, whyUnsupported } from './reads.ts';
import { launchOf } from './template.ts';

const worlds: World[] = [];
afterEach(() => worlds.splice(0).forEach((one) => void one.restore?.()));

/** A reader of an account, and the operations that it called. */
function reading(account: Account, more: readonly Permission[] = []): { read: Reader; called: string[] } {
  const world = launchWorld(account);
  worlds.push(world);
  const called: string[] = [];
  const send: World['send'] = (command) => {
    called.push(command.constructor.name);
    return world.send(command);
  };
  return { read: readersOfRound(send)([...launchReads, ...templateReads, ...more]), called };
}

const plain = { ImageId: 'ami-1' };

describe('versions of a template', () => {
  const five = template('lt-1', plain, plain, { data: plain, description: 'third' }, plain, { ...plain, UserData: token });
  const numbers = async (which: Parameters<typeof versionsOf>[1], account: Account = { templates: [five] }) =>
    (await versionsOf('lt-1', which, reading(account).read)).map(({ number }) => number);

  test('come oldest first, each once, page by page', async () => {
    expect(await numbers({ MinVersion: '2' })).toEqual([2, 3, 4, 5]);
    expect(await numbers({ MinVersion: '1' }, { templates: [five], pageSize: 2 })).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers({ Versions: ['$Latest', '$Default', '1', '3'] })).toEqual([1, 3, 5]);
  });
  test('are those that there are, if one of them is gone', async () => {
    expect(await numbers({ Versions: ['$Latest', '$Default', '9'] })).toEqual([1, 5]);
    expect(await numbers({ Versions: ['9'] })).toEqual([]);
    expect(await numbers({ Versions: ['$Latest', '$Default'] }, {})).toEqual([]);
  });
  test('hold their user data as a secret, and nowhere else', async () => {
    const [version] = await versionsOf('lt-1', { Versions: ['5'] }, reading({ templates: [five] }).read);
    expect(version?.userData?.toString()).toBe('[secret: user data of version 5]');
    expect(JSON.stringify(version)).not.toContain(token);
  });
  test('name the AMI of a parameter beside the reference, asked for once', async () => {
    const byName = template('lt-1', ...[1, 2, 3].map((n) => ({ ImageId: 'resolve:ssm:/golden', KeyName: `k${n}` })));
    const { read, called } = reading({ templates: [byName], parameters: { '/golden': 'ami-1' } });
    const found = await versionsOf('lt-1', { MinVersion: '1' }, read);
    expect(found.map(({ data, imageId }) => [data.ImageId, imageId])).toEqual(Array(3).fill(['resolve:ssm:/golden', 'ami-1']));
    expect(called).toHaveLength(2);
  });
  test('keep a reference that cannot be resolved, and fail where AWS is busy', async () => {
    const byName = template('lt-1', { ImageId: 'resolve:ssm:/none' });
    const [version] = await versionsOf('lt-1', { MinVersion: '1' }, reading({ templates: [byName] }).read);
    expect(version?.imageId).toBe('resolve:ssm:/none');
    const busy = { templates: [byName], refuses: { DescribeLaunchTemplateVersions: awsError('RequestLimitExceeded', 'busy', 503) } };
    await expect(versionsOf('lt-1', { MinVersion: '1' }, reading(busy).read)).rejects.toThrow('busy');
  });
});

describe('what is around a launch', () => {
  const account: Account = {
    images: [image('ami-1'), image('ami-2', { encrypted: true })],
    snapshots: [
      { SnapshotId: 'snap-of-ami-1', Encrypted: false, OwnerId: place.account },
      { SnapshotId: 'snap-of-ami-2', Encrypted: true, OwnerId: place.account, KmsKeyId: 'key-2' },
    ],
  };
  test("an AMI's own snapshot is known at another device, and with another AMI", async () => {
    const at = (device: string, SnapshotId: string) => [{ DeviceName: device, Ebs: { SnapshotId } }];
    const launches = [
      { ImageId: 'ami-2', BlockDeviceMappings: at('/dev/sdf', 'snap-of-ami-2') },
      { ImageId: 'ami-2', BlockDeviceMappings: at('/dev/xvda', 'snap-of-ami-1') },
      { ImageId: 'ami-1' },
    ];
    const around = await aroundOf(launches, reading(account).read, place);
    expect(launches.map((one) => effectsOf(one, around).map(({ is }) => is))).toEqual([
      ['encrypted', 'encrypted'],
      ['unencrypted'],
      ['unencrypted'],
    ]);
  });
  test('tells the key of the snapshot, where keys are wanted', async () => {
    const launch = { ImageId: 'ami-2' };
    const keyOf = async (isDefaultOn: boolean, wantsKeys: boolean) =>
      effectsOf(launch, await aroundOf([launch], reading({ ...account, isDefaultOn }).read, place, wantsKeys))[0]?.key;
    expect([await keyOf(false, true), await keyOf(true, true), await keyOf(true, false)]).toEqual(['key-2', 'key-2', 'alias/aws/ebs']);
  });
  test('is read by two calls where encryption by default is on, and by no more than four', async () => {
    const quick = reading({ ...account, isDefaultOn: true });
    await aroundOf([plain], quick.read, place);
    expect(quick.called).toEqual(['GetEbsEncryptionByDefaultCommand', 'GetEbsDefaultKmsKeyIdCommand']);
    const full = reading(account);
    await aroundOf(
      [{ ...plain, BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-of-ami-2' } }] }],
      full.read,
      place,
    );
    expect(full.called).toHaveLength(4);
  });
});

describe('templates by id', () => {
  test('one that is gone does not hide the others', async () => {
    const { read } = reading({ templates: [template('lt-1', plain), template('lt-2', plain)] });
    expect([...(await read.many(templatesById, ['lt-1', 'lt-gone', 'lt-2'])).keys()]).toEqual(['lt-1', 'lt-2']);
  });
});

describe('an instance type', () => {
  const types = [{ action: 'ec2:DescribeInstanceTypes' }];
  test('that takes no encrypted volume says so; one that the Region does not have, or none, says nothing', async () => {
    expect(await whyUnsupported('m1.small', reading({ unsupported: ['m1.small'] }, types).read)).toBe('m1.small takes no encrypted volume');
    expect(await whyUnsupported('t3.micro', reading({}, types).read)).toBeUndefined();
    const refuses = { DescribeInstanceTypes: awsError('InvalidInstanceType', 'no such type') };
    expect(await whyUnsupported('t3.micro', reading({ refuses }, types).read)).toBeUndefined();
    expect(await whyUnsupported(undefined, reading({}, types).read)).toBeUndefined();
  });
});

test('parameters are read wherever AWS resolves them: in the account, and the public ones, whose ARN has no account', () => {
  const parameters = templateReads.filter(({ action }) => action === 'ssm:GetParameters').map(({ resource }) => resource);
  expect(parameters).toEqual([
    'arn:{partition}:ssm:{region}:{account}:parameter/*',
    'arn:{partition}:ssm:{region}::parameter/aws/service/*',
  ]);
});

test('a version launches its own mappings, and the AMI that its parameter names', () => {
  const version = { number: 1, isDefault: true, description: undefined, data: plain, userData: undefined, imageId: 'ami-2' };
  expect(launchOf(version)).toEqual({ ImageId: 'ami-2', BlockDeviceMappings: undefined });
});
