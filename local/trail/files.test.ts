import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TrailFiles } from './files.ts';
import type { TrailRecord } from './record.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-trail-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const account = '123456789012';
const record = (eventID: string, awsRegion = 'us-east-1', recipientAccountId = account): TrailRecord => ({
  eventID,
  eventName: 'CreateVolume',
  eventSource: 'ec2.amazonaws.com',
  eventTime: '2027-01-31T11:59:59Z',
  awsRegion,
  recipientAccountId,
  readOnly: false,
});

/** What the files below a folder hold, by their folders. */
async function held(below: string): Promise<[string, string[]][]> {
  const files = (await readdir(below, { recursive: true })).filter((file) => file.endsWith('.json.gz')).sort();
  return await Promise.all(
    files.map(async (file): Promise<[string, string[]]> => {
      const { Records } = JSON.parse(gunzipSync(await readFile(join(below, file))).toString());
      return [file.replace(/_[0-9a-f]{16}\.json\.gz$/, ''), Records.map(({ eventID }: TrailRecord) => eventID)];
    }),
  );
}

test('records are written once, where CloudTrail would put them', async () => {
  const files = new TrailFiles(folder);
  const now = new Date('2027-01-31T12:00:00Z');
  const first = [record('a'), record('b', 'eu-west-1'), record('c'), record('m', 'us-east-1', '200000000001')];
  await files.write(first, now);
  await Promise.all([files.write([...first, record('d')], new Date('2027-01-31T12:01:00Z')), files.write([...first, record('d')], now)]);
  await files.write([...first, record('d')], now);
  expect(await held(folder)).toEqual([
    [`AWSLogs/${account}/CloudTrail/eu-west-1/2027/01/31/${account}_CloudTrail_eu-west-1_20270131T1200Z`, ['b']],
    [`AWSLogs/${account}/CloudTrail/us-east-1/2027/01/31/${account}_CloudTrail_us-east-1_20270131T1200Z`, ['a', 'c']],
    [`AWSLogs/${account}/CloudTrail/us-east-1/2027/01/31/${account}_CloudTrail_us-east-1_20270131T1201Z`, ['d']],
    ['AWSLogs/200000000001/CloudTrail/us-east-1/2027/01/31/200000000001_CloudTrail_us-east-1_20270131T1200Z', ['m']],
  ]);
});

test('what could not be written is written the next time', async () => {
  const below = join(folder, 'records');
  await writeFile(below, 'a file is in the way');
  const files = new TrailFiles(below);
  await expect(files.write([record('a')])).rejects.toThrow();
  await rm(below);
  await files.write([record('a'), record('b')]);
  expect((await held(below)).map(([, ids]) => ids)).toEqual([['a', 'b']]);
});
