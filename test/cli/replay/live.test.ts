import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTagsCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOnly } from '../../../cli/replay/live.ts';
import { ARN, redress } from '../world.ts';
import { ec2Record } from './reads.ts';

let folder: string;
let ec2: ReturnType<typeof mockClient>;
let sts: ReturnType<typeof mockClient>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-live-'));
  sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Arn: ARN, Account: '111122223333' });
  ec2 = mockClient(EC2Client);
  ec2.onAnyCommand().resolves({});
});
afterEach(async () => {
  ec2.restore();
  sts.restore();
  await rm(folder, { recursive: true, force: true });
});

const volume = (id: string, more: object = {}) =>
  ec2Record('CreateVolume', { eventID: `e-${id}`, responseElements: { volumeId: id, encrypted: false }, ...more });
const there = (VolumeId: string, more: object = {}) => ({
  VolumeId,
  Encrypted: false,
  State: 'available' as const,
  Size: 8,
  VolumeType: 'gp3' as const,
  AvailabilityZone: 'eu-west-1a',
  CreateTime: new Date('2027-01-30T12:00:00Z'),
  ...more,
});

async function looked(records: readonly object[], ...args: string[]) {
  await writeFile(join(folder, 'records.json'), JSON.stringify({ Records: records }));
  return await redress(['replay', folder, '--control', 'volume-encrypted', '--region', 'eu-west-1', '--live', ...args]);
}

describe('redress replay --live', () => {
  test('shows what is there now and the plan, and sends reads alone', async () => {
    ec2.on(DescribeVolumesCommand).resolves({ Volumes: [there('vol-1'), there('vol-2', { Encrypted: true })] });
    const page = join(folder, 'page.html');
    const { code, out, err } = await looked(
      [volume('vol-1'), volume('vol-1', { eventTime: '2027-01-30T13:00:00Z' }), volume('vol-2'), volume('vol-3')],
      '--json',
      '--html',
      page,
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('3 resources were looked at by reads alone; nothing was changed.'),
    });
    const rows: { [key: string]: unknown }[] = out.split('\n').map((line) => JSON.parse(line));
    expect(rows.at(-1)).toMatchObject({ type: 'summary' });
    const looks = rows.filter(({ type }) => type === 'live');
    expect(looks).toMatchObject([
      {
        control: 'volume-encrypted',
        account: '111122223333',
        region: 'eu-west-1',
        resource: { type: 'AWS::EC2::Volume', id: 'vol-1' },
        is: 'would-fix',
        plan: expect.arrayContaining([expect.objectContaining({ api: 'ec2:CopyVolumes' })]),
      },
      { resource: { id: 'vol-2' }, is: 'compliant', plan: [] },
      { resource: { id: 'vol-3' }, is: 'gone', plan: [] },
    ]);
    const sent = ec2.calls().map(({ args: [command] }) => command.constructor.name);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((name) => !/^(?:Describe|Get|List|Lookup|Search)/.test(name))).toEqual([]);
    expect(await readFile(page, 'utf8')).toContain('vol-1 now');
  });

  test('draws it, and leaves out what is of another account', async () => {
    ec2.on(DescribeVolumesCommand).resolves({ Volumes: [there('vol-1')] });
    const { code, out, err } = await looked([volume('vol-1'), volume('vol-9', { recipientAccountId: '444455556666' })]);
    expect(code).toBe(0);
    expect(out).toContain('What is there now');
    expect(out).toMatch(/volume-encrypted +high +vol-1 +would-fix/);
    expect(err).toContain('Resources of other accounts were named 1 times');
  });

  test('names what could not be read, and goes on', async () => {
    ec2.on(DescribeVolumesCommand).rejects(Object.assign(new Error('no'), { name: 'UnauthorizedOperation' }));
    const { code, out, err } = await looked([volume('vol-1')], '--json');
    expect(code).toBe(0);
    expect(out).toContain('"is":"unread","says":"It could not be read (UnauthorizedOperation)."');
    expect(err).toContain('1 could not be read');
  });

  test('refuses a write, whoever would send it', async () => {
    const read = readOnly(() => Promise.resolve({}));
    const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
    await expect(read(new CreateTagsCommand({ Resources: ['vol-1'], Tags: [] }), place)).rejects.toThrow(
      'ec2:CreateTags is not a read: a replay changes nothing',
    );
    await expect(read(new DescribeVolumesCommand({}), place)).resolves.toEqual({});
  });
});
