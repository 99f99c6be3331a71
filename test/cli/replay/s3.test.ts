import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redress } from '../world.ts';
import { ec2Record } from './reads.ts';

const objects = new Map<string, Buffer>();
let s3: ReturnType<typeof mockClient>;
let listed: string[];

/** Lists as S3 does, two entries a page. */
function list({ Prefix = '', Delimiter, ContinuationToken = '0' }: { Prefix?: string; Delimiter?: string; ContinuationToken?: string }) {
  if (ContinuationToken === '0') listed.push(`${Prefix}${Delimiter === undefined ? '*' : ''}`);
  const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix)).sort();
  const shown = keys.map((key) => {
    const end = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
    return end < 0 ? { Key: key, Size: objects.get(key)?.length ?? 0 } : { Prefix: key.slice(0, end + 1) };
  });
  const all = [...new Map(shown.map((one) => [JSON.stringify(one), one])).values()];
  const at = Number(ContinuationToken);
  const page = all.slice(at, at + 2);
  return {
    Contents: page.filter((one) => 'Key' in one),
    CommonPrefixes: page.filter((one) => 'Prefix' in one),
    ...(at + 2 < all.length && { NextContinuationToken: String(at + 2) }),
  };
}

beforeEach(() => {
  objects.clear();
  listed = [];
  s3 = mockClient(S3Client);
  s3.on(ListObjectsV2Command).callsFake(list);
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    const bytes = objects.get(Key);
    if (!bytes) throw Object.assign(new Error('gone'), { name: 'NoSuchKey' });
    return { Body: Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]) };
  });
});
afterEach(() => s3.restore());

const key = (day: string, name: string, { account = '111122223333', region = 'eu-west-1', kind = 'CloudTrail' } = {}) =>
  `trail/AWSLogs/${account}/${kind}/${region}/${day}/${name}.json.gz`;

function put(day: string, id: string, more: { account?: string; region?: string; kind?: string } = {}): void {
  const record = ec2Record('CreateVolume', {
    eventID: `e-${id}`,
    eventTime: `${day.replaceAll('/', '-')}T12:00:00Z`,
    responseElements: { volumeId: id, encrypted: false },
    ...(more.account && { recipientAccountId: more.account }),
    ...(more.region && { awsRegion: more.region }),
  });
  objects.set(key(day, id, more), gzipSync(JSON.stringify({ Records: [record] })));
}

async function ids(...args: string[]): Promise<{ code: number; ids: string[]; summary: { [key: string]: unknown }; err: string }> {
  const { code, out, err } = await redress(['replay', ...args, '--json', '--control', 'volume-encrypted']);
  const rows: { type: string; targets: { id: string }[] }[] = out === '' ? [] : out.split('\n').map((line) => JSON.parse(line));
  return {
    code,
    ids: rows.flatMap(({ type, targets }) => (type === 'match' ? targets.map(({ id }) => id) : [])),
    summary: { ...rows.at(-1) },
    err,
  };
}

describe('redress replay of s3://', () => {
  test('reads every object of records below the prefix, and no others', async () => {
    put('2027/01/28', 'vol-1');
    put('2027/01/29', 'vol-2', { region: 'us-east-1' });
    put('2027/01/29', 'vol-3', { kind: 'CloudTrail-Digest' });
    objects.set('trail/readme.txt', Buffer.from('no'));
    objects.set('other/records.json', Buffer.from('{"Records":[]}'));
    expect(await ids('s3://bucket/trail/')).toMatchObject({ code: 0, ids: ['vol-1', 'vol-2'], summary: { files: 2, records: 2 } });
    expect(listed).toEqual(['trail/*']);
  });

  test('lists no folder of other days, Regions and accounts', async () => {
    for (const day of ['2026/12/31', '2027/01/20', '2027/01/28', '2027/01/29', '2027/01/31']) put(day, `vol-${day.slice(-2)}`);
    put('2027/01/28', 'vol-us', { region: 'us-east-1' });
    put('2027/01/28', 'vol-4', { account: '444455556666' });
    const args = ['--since', '2027-01-28', '--until', '2027-01-28', '--region', 'eu-west-1', '--account', '111122223333'];
    expect(await ids('s3://bucket/trail', ...args)).toMatchObject({ code: 0, ids: ['vol-28'] });
    const below = 'trail/AWSLogs/111122223333/CloudTrail/eu-west-1/';
    expect(listed).toEqual([
      'trail',
      'trail/',
      'trail/AWSLogs/',
      'trail/AWSLogs/111122223333/',
      'trail/AWSLogs/111122223333/CloudTrail/',
      below,
      `${below}2027/`,
      `${below}2027/01/`,
      `${below}2027/01/28/*`,
      // a file is written up to a day after what it tells
      `${below}2027/01/29/*`,
    ]);
  });

  test('names an object that cannot be read, and goes on', async () => {
    for (let n = 0; n < 20; n += 1) put('2027/01/28', `vol-${String(n).padStart(2, '0')}`);
    const gone = key('2027/01/28', 'vol-07');
    s3.on(GetObjectCommand, { Bucket: 'bucket', Key: gone }).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    objects.set(key('2027/01/28', 'vol-08'), Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    const { ids: read, summary } = await ids('s3://bucket/');
    expect(read).toHaveLength(18);
    expect(summary).toMatchObject({
      unreadable: {
        count: 2,
        places: [
          { file: `s3://bucket/${gone}`, why: 'cannot be read (AccessDenied)' },
          { file: expect.stringContaining('vol-08'), why: expect.stringMatching(/gzip|cannot/) },
        ],
      },
    });
  });

  test('says what it could not list, and what is wrong usage', async () => {
    s3.on(ListObjectsV2Command).rejects(Object.assign(new Error('not yours'), { name: 'AccessDenied' }));
    expect(await ids('s3://bucket/trail')).toMatchObject({
      code: 1,
      err: expect.stringContaining('list s3://bucket/trail: AWS does not allow it'),
    });
    expect(await ids('s3:///trail')).toMatchObject({ code: 2, err: expect.stringContaining('names no bucket') });
    expect(await ids('s3://bucket', '/tmp')).toMatchObject({ code: 2, err: expect.stringContaining('are read apart') });
  });
});
