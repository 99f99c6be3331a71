import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Progress } from '../../../cli/replay/progress.ts';
import { keepingTerminal, redress } from '../world.ts';
import { ec2Record } from './reads.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-replay-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(path: string, content: string | Buffer): Promise<string> {
  const whole = join(folder, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

const packed = (...records: object[]) => gzipSync(JSON.stringify({ Records: records }));
const volume = (id: string, more: object = {}) =>
  ec2Record('CreateVolume', { eventID: `e-${id}`, responseElements: { volumeId: id, encrypted: false }, ...more });
const at = (id: string, eventTime: string) => volume(id, { eventTime });

interface Row {
  readonly [key: string]: unknown;
}

async function rows(...args: string[]): Promise<{ code: number; matches: Row[]; summary: Row; err: string }> {
  const { code, out, err } = await redress(['replay', folder, '--json', '--control', 'volume-encrypted', ...args]);
  const all: Row[] = out.split('\n').map((line) => JSON.parse(line));
  return { code, matches: all.filter(({ type }) => type === 'match'), summary: all.at(-1) ?? {}, err };
}

const idsOf = (matches: readonly Row[]) => matches.map(({ targets }) => (targets as { id: string }[])[0]?.id);

describe('redress replay --json', () => {
  test('prints a line for each match, with who, what and the verdict, and then a summary', async () => {
    await file('AWSLogs/111122223333/CloudTrail/eu-west-1/2027/01/30/a.json.gz', packed(ec2Record('DescribeVolumes'), volume('vol-1')));
    await file('AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/d.json.gz', gzipSync('{"digestStartTime":"x"}'));
    await file(
      'b.json',
      JSON.stringify(ec2Record('RunInstances', { responseElements: { instancesSet: { items: [{ instanceId: 'i-1' }] } } }), null, 2),
    );
    await file('readme.md', 'no records');
    const { code, matches, summary } = await rows();
    expect(code).toBe(0);
    expect(matches).toEqual([
      {
        type: 'match',
        control: 'volume-encrypted',
        severity: 'high',
        mode: 'observe',
        event: {
          id: 'e-vol-1',
          name: 'CreateVolume',
          source: 'aws.ec2',
          time: '2027-01-30T12:00:00Z',
          account: '111122223333',
          region: 'eu-west-1',
          actor: { arn: 'arn:aws:iam::111122223333:user/dana', name: 'dana', via: 'AWS CLI', sourceIp: '192.0.2.1' },
        },
        targets: [{ type: 'AWS::EC2::Volume', id: 'vol-1' }],
        verdict: { is: 'violation', says: 'The record shows the mistake; Redress would look whether it still is one.' },
      },
      expect.objectContaining({
        targets: [{ type: 'AWS::EC2::Instance', id: 'i-1' }],
        verdict: expect.objectContaining({ is: 'needs-live' }),
      }),
    ]);
    expect(summary).toMatchObject({
      type: 'summary',
      files: 2,
      records: 3,
      parsed: 2,
      matches: 2,
      isStrict: false,
      unreadable: { count: 0, places: [] },
      invocations: 2,
      controls: [
        {
          control: 'volume-encrypted',
          events: 2,
          resources: 2,
          people: [{ name: 'dana', events: 2 }],
          verdicts: { violation: 1, 'needs-live': 1 },
        },
      ],
    });
  });

  test('leaves out what the roles of Redress did, and failed calls', async () => {
    const by = (role: string, account = '111122223333') => ({
      userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${role}` } } },
    });
    await file(
      'a.json.gz',
      packed(
        volume('vol-1', by('redress-volumes-eu-west-1')),
        volume('vol-2', by('redress-volumes-eu-west-1', '999988887777')),
        volume('vol-3', by('redress-volumes-eu-west-10')),
        volume('vol-4', { errorCode: 'Client.UnauthorizedOperation' }),
      ),
    );
    const { matches } = await rows();
    expect(idsOf(matches)).toEqual(['vol-2', 'vol-3']);
  });

  test('looks only at what is selected', async () => {
    await file(
      'a.json.gz',
      packed(
        at('vol-1', '2027-01-10T12:00:00Z'),
        at('vol-2', '2027-01-20T12:00:00Z'),
        volume('vol-3', { awsRegion: 'us-east-1' }),
        volume('vol-4', { recipientAccountId: '999988887777' }),
      ),
    );
    expect(idsOf((await rows('--since', '2027-01-15', '--until', '2027-01-20')).matches)).toEqual(['vol-2']);
    expect(idsOf((await rows('--since', '3d')).matches)).toEqual(['vol-3', 'vol-4']);
    expect(idsOf((await rows('--region', 'us-east-1')).matches)).toEqual(['vol-3']);
    expect(idsOf((await rows('--account', '999988887777')).matches)).toEqual(['vol-4']);
    expect((await rows('--strict')).summary).toMatchObject({ isStrict: true, parsed: 4 });
  });

  test('says what each mode would have done, with the rate limit and the time to settle', async () => {
    const minute = (n: number) => `2027-01-30T12:${String(n).padStart(2, '0')}:00Z`;
    await file('a.json.gz', packed(...Array.from({ length: 60 }, (_, n) => at(`vol-${n}`, minute(n % 2))), at('vol-0', minute(3))));
    const { summary } = await rows();
    expect(summary['controls']).toMatchObject([
      {
        events: 61,
        resources: 60,
        forecast: {
          observe: { reported: 60 },
          approve: { reported: 60, asked: 60 },
          fix: { reported: 60, fixes: 60, heldByLimit: 35, longestWaitMinutes: 14, heldToSettle: 60, settleSeconds: 900 },
        },
      },
    ]);
  });

  test('knows the exemptions of the config, and proposes others', async () => {
    await file('a.json.gz', packed(volume('vol-1'), volume('vol-2')));
    const exemption = { control: 'volume-encrypted', resource: 'vol-1', owner: 'data', reason: 'moved', until: '2027-03-01' };
    const config = await file('config.json.txt', JSON.stringify({ exemptions: [exemption] }));
    await writeFile(config.replace('.txt', ''), await readFile(config));
    const path = join(folder, 'a.json.gz');
    const args = ['replay', path, '--control', 'volume-encrypted', '--config', config.replace('.txt', '')];
    const { out } = await redress([...args, '--json']);
    expect(out).toContain('"verdict":{"is":"exempt","says":"Exempt until 2027-03-01."}');
    const lines = await redress([...args, '--exemptions']);
    expect(lines).toEqual({
      code: 0,
      err: '',
      out: '{ control: "volume-encrypted", resource: "vol-2", owner: "", reason: "", until: "2027-05-01" },',
    });
    const json = await redress([...args, '--exemptions', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ type: 'exemption', resource: 'vol-2' });
  });

  test('fails a pipeline if it is asked to', async () => {
    await file('a.json.gz', packed(volume('vol-1')));
    expect((await rows('--fail-on', 'critical')).code).toBe(0);
    const { code, err } = await rows('--fail-on', 'high');
    expect({ code, err }).toEqual({ code: 1, err: 'Something of severity high or above is wrong, or may be.' });
  });

  test('finds the same with threads', async () => {
    const all = Array.from({ length: 130 }, (_, n) => `vol-${n}`);
    await Promise.all(all.map((id, n) => file(`${n % 7}/${n}.json.gz`, n === 50 ? 'not JSON' : packed(ec2Record('GetX'), volume(id)))));
    const { matches, summary } = await rows('--threads', '3');
    expect(idsOf(matches).sort()).toEqual(all.filter((id) => id !== 'vol-50').sort());
    expect(summary).toMatchObject({
      files: 130,
      records: 258,
      parsed: 129,
      unreadable: { count: 1, places: [{ file: join(folder, '1/50.json.gz'), at: 0, why: 'is not JSON' }] },
    });
  });
});

describe('redress replay names what it cannot read, and reads the rest', () => {
  const good = packed(volume('vol-1'));
  const long = packed(...Array.from({ length: 300 }, (_, n) => volume(`vol-${n}`)));

  test.each<[string, string | Buffer, number, RegExp]>([
    ['an archive that was cut off', long.subarray(0, long.length - 20), 299, /is cut off/],
    [
      'an archive with a hole',
      Buffer.concat([good.subarray(0, 40), Buffer.alloc(40), good.subarray(80)]),
      -1,
      /is no whole gzip|is not JSON|ends in/,
    ],
    ['something that begins as an archive', Buffer.from([0x1f, 0x8b, 1, 2, 3]), 0, /is no whole gzip|is cut off/],
    ['an archive of one endless text', gzipSync(`{"a":"${'x'.repeat(17 * 2 ** 20)}`), 0, /is longer than 16 MB/],
    [
      'a record that is nested without end',
      `{"Records":[{"eventName":"CreateVolume","a":${'['.repeat(1e6)}${']'.repeat(1e6)}}]}`,
      0,
      /is nested too deep/,
    ],
    ['a text file', 'hello\n'.repeat(10), 0, /is not JSON/],
    ['JSON of something else', '{"name":"x"}', 0, /is neither a record nor an event/],
  ])('%s', async (_name, content, found, why) => {
    await file('bad.json.gz', content);
    await file('good.json', JSON.stringify({ Records: [volume('vol-good')] }));
    const { code, matches, summary } = await rows();
    expect(code).toBe(0);
    expect(idsOf(matches).at(-1)).toBe('vol-good');
    if (found >= 0) expect(matches.length - 1).toBeGreaterThanOrEqual(found);
    const { count, places } = summary['unreadable'] as { count: number; places: { file: string; why: string }[] };
    expect(count).toBeGreaterThanOrEqual(1);
    expect(places[0]).toMatchObject({ file: join(folder, 'bad.json.gz'), why: expect.stringMatching(why) });
  });

  test('an empty file, a link to nothing, a folder that is closed and a record of another world', async () => {
    await file('a/empty.json', '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link.json'));
    await file('closed/x.json', '{}');
    await chmod(join(folder, 'closed'), 0o000);
    await file(
      'z.json.gz',
      packed(volume('vol-1', { awsRegion: '"{account}', recipientAccountId: '\\', userIdentity: 'x', eventTime: 'never' })),
    );
    const { code, matches, summary } = await rows();
    await chmod(join(folder, 'closed'), 0o700);
    expect(code).toBe(0);
    expect(matches).toMatchObject([
      { targets: [], verdict: { is: 'nothing', says: 'Redress could not read it: it lacks what every record has.' } },
    ]);
    const { places } = summary['unreadable'] as { places: { file: string; why: string }[] };
    expect(places).toContainEqual({ file: join(folder, 'link.json'), why: 'cannot be read (ENOENT)' });
  });
});

test('the progress says how much is done, how fast, and how long it takes yet, four times a second at most', async () => {
  await file('a.json', 'x'.repeat(2 ** 20));
  let now = 0;
  const lines: (string | undefined)[] = [];
  const { terminal } = keepingTerminal();
  const progress = new Progress({ ...terminal, progress: (line) => void lines.push(line) }, () => now);
  now = 1000;
  progress.add(2 ** 18);
  await progress.measure([folder]);
  for (now = 1100; now < 1300; now += 50) progress.add(0);
  expect(lines).toEqual(['Replaying: 0.3 MB read, 0.3 MB a second …', 'Replaying: 25 %, 0.3 MB read, 0.2 MB a second, about 4 s left …']);
});

describe('redress replay for a person', () => {
  test('draws what the rules would have delivered, what modes would do, and what could not be read', async () => {
    await file('a.json.gz', packed(volume('vol-1'), volume('vol-2', { userIdentity: { type: 'IAMUser', userName: 'eve\u001b[2J' } })));
    await file('b.json', 'hello');
    const { code, out, err } = await redress(['replay', folder, '--control', 'volume-encrypted']);
    expect(code).toBe(0);
    expect(out).toMatch(/volume-encrypted +high +observe +2 +2 +2 +0 +0/);
    expect(out).toMatch(/volume-encrypted +2 reported +2 wait for approval +2 fixed, each after 900 s unchanged/);
    expect(out).toMatch(/dana \(1\), eve \[2J \(1\)/);
    expect(err).toContain('Read 2 records of 2 files');
    expect(err).toContain('--strict parses every one');
    expect(err).toContain('At most 2 invocations, for less than 0.01 USD at list prices in us-east-1.');
    expect(err).toContain(`1 place could not be read:\n  ${join(folder, 'b.json')} at byte 0: is not JSON`);
  });

  test('says of nothing that nothing was found', async () => {
    const { code, out, err } = await redress(['replay', folder]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('Read 0 records of 0 files');
  });

  test.each([
    [['/nowhere/at/all'], 1, 'Could not read /nowhere/at/all: ENOENT'],
    [['-', 'x'], 2, 'is read alone'],
    [['.', '--control', 'volume-encrpyted'], 2, 'The nearest are volume-encrypted'],
    [['.', '--account', '12'], 2, 'not an account id'],
    [['.', '--since', 'yesterday'], 2, '--since yesterday: neither a span'],
    [['.', '--until', '2028-01-01'], 2, '--until 2028-01-01 is in the future'],
    [['.', '--since', '2d', '--until', '3d'], 2, '--until is not after --since'],
    [['.', '--fail-on', 'all'], 2, 'Allowed choices are low, medium, high, critical'],
  ])('refuses %j', async (args, code, says) => {
    const said = await redress(['replay', ...args]);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.err).toContain(says);
  });
});
