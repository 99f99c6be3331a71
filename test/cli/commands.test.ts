import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { table } from '../../cli/draw.ts';
import { oldLedger } from '../support/first-version.ts';
import { ARN, deployed, finding, keepingTerminal, redress } from './world.ts';

let cloud: ReturnType<typeof deployed>;

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloud = deployed();
});

afterEach(() => {
  cloud.restore();
  vi.unstubAllEnvs();
});

describe('findings', () => {
  const old = finding({
    id: 'f-20270120-aaaaaaaaaaaa',
    event: { is: 'call', id: 'e', name: 'CreateVolume', time: '2027-01-20T08:00:00.000Z' },
  });
  const fixed = finding({
    id: 'f-20270130-bbbbbbbbbbbb',
    status: 'fixed',
    control: 'ebs-default-encryption',
    event: { is: 'call', id: 'e', name: 'CreateVolume', time: '2027-01-30T08:00:00.000Z' },
    timings: { eventTime: '2027-01-30T08:00:00.000Z', receivedAt: '2027-01-30T08:00:01.000Z', decidedAt: null, doneAt: null },
  });
  const idsOf = (out: string) =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).id);

  beforeEach(() => {
    for (const one of [old, fixed, finding()]) cloud.put({ finding: one });
  });

  test('are those of the last 7 days, newest first', async () => {
    expect(idsOf((await redress(['findings', '--json'])).out)).toEqual([finding().id, fixed.id]);
  });

  test.each([
    [['--status', 'fixed,superseded'], [fixed.id]],
    [['--control', 'volume-encrypted'], [finding().id]],
    [
      ['--since', '4w'],
      [finding().id, fixed.id, old.id],
    ],
    [['--since', '2027-01-31'], [finding().id]],
    [['--since', '4w', '--limit', '1'], [finding().id]],
    [
      ['--account', '111122223333'],
      [finding().id, fixed.id],
    ],
    [['--account', '444455556666'], []],
  ])('are chosen with %j', async (options, ids) => {
    expect(idsOf((await redress(['findings', '--json', ...options])).out)).toEqual(ids);
  });

  test.each([[['--status', 'done']], [['--since', 'yesterday']], [['--since', '2028-01-01']], [['--limit', '0']]])(
    'are not chosen with %j',
    async (options) => {
      expect(await redress(['findings', ...options])).toMatchObject({ code: 2, out: '' });
    },
  );

  test('of an OU that the config does not have are refused', async () => {
    const said = await redress(['findings', '--ou', 'workloads']);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain('has no OU workloads');
  });

  test('that are none are said to be none, and are no line of JSON', async () => {
    const options = ['findings', '--status', 'failed'];
    expect(await redress(options)).toMatchObject({
      code: 0,
      out: '',
      err: 'There are no findings with status failed since 2027-01-24 12:00 UTC.',
    });
    expect(await redress([...options, '--json'])).toEqual({ code: 0, out: '', err: '' });
  });

  test('are a table for a person', async () => {
    const { out } = await redress(['findings'], keepingTerminal({ width: 200 }));
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['FINDING', 'AGE', 'STATUS', 'CONTROL', 'RESOURCE', 'BY'],
      [finding().id, '10m', 'awaiting-approval', 'volume-encrypted', 'vol-1', 'dana boto3'],
      [fixed.id, '28h', 'fixed', 'ebs-default-encryption', 'vol-1', 'dana boto3'],
    ]);
  });

  test.each([['show'], ['findings']])('are shown in full by `%s ID`', async (command) => {
    const { code, out } = await redress([command, finding().id]);
    expect(code).toBe(0);
    for (const part of [
      'dana with boto3 from 203.0.113.7',
      '1.5 s after the event',
      'What Redress would do\n  - Copy vol-1',
      '- Create volumes encrypted.',
      `redress fix ${finding().id}`,
    ]) {
      expect(out).toContain(part);
    }
  });

  test('of version 1 are listed and shown in version 2', async () => {
    for (const row of oldLedger('fixed').findings) cloud.put(row);
    const [{ finding: old } = {}] = oldLedger('fixed').findings;
    const { out } = await redress(['show', old?.id ?? '']);
    expect(out).toContain('Found: EBS encryption by default is off.\nNow: EBS encryption by default is on');
    const listed = await redress(['findings', '--json', '--since', '2026-11-20']);
    expect(listed.out.split('\n').map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ id: old?.id, schemaVersion: '2', found: 'EBS encryption by default is off.' }),
    );
  });

  test('of an exemption say what would be done, not that it was', async () => {
    cloud.put({ finding: finding({ status: 'exempt' }) });
    expect((await redress(['show', finding().id])).out).not.toContain('did');
  });

  test('cannot steer the terminal, in a table, in full or as JSON', async () => {
    const name = 'x\u001b]0;title\u0007\u009b31m\nfixed \u202e';
    cloud.put({
      finding: finding({
        found: name,
        actor: { arn: name, name, via: name, sourceIp: name },
        resource: { type: name, id: name, arn: name },
      }),
    });
    for (const argv of [['findings'], ['show', finding().id], ['findings', '--json']]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may come out
      expect((await redress(argv)).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    expect(JSON.parse(jsonLine({ name }))).toEqual({ name });
    expect(plain(name)).toBe('x ]0;title 31m fixed  ');
  });
});

describe('pause and resume', () => {
  test('write and clear the item that every function asks for', async () => {
    expect((await redress(['pause', '--reason', 'release'])).code).toBe(0);
    expect(JSON.parse(cloud.items.get('SWITCH PAUSE')?.['body']?.S ?? '')).toMatchObject({ by: ARN, reason: 'release' });
    expect((await redress(['pause', '--reason', 'again'])).out).toContain('paused already');
    expect(JSON.parse((await redress(['status', '--json'])).out)).toMatchObject({ paused: { reason: 'release' } });
    expect((await redress(['resume'])).out).toContain('release');
    expect(cloud.items.has('SWITCH PAUSE')).toBe(false);
    expect(await redress(['resume'])).toMatchObject({ code: 0, out: 'Redress was not paused.' });
  });

  test('of a part are refused where there is no hub', async () => {
    for (const part of [
      ['--account', '444455556666'],
      ['--in-region', 'eu-west-1'],
    ])
      expect(await redress(['pause', '--reason', 'x', ...part])).toMatchObject({ code: 2, err: expect.stringContaining('is no hub') });
    expect(await redress(['resume', '--account', '4'])).toMatchObject({ code: 2, err: expect.stringContaining('no account id') });
    expect([...cloud.items.keys()].filter((key) => key.startsWith('SWITCH'))).toEqual([]);
  });

  describe('of a part of a hub', () => {
    const folder = mkdtempSync(join(tmpdir(), 'redress-'));
    const file = join(folder, 'config.json');
    const shop = { id: 'ou-ab12-11112222', accounts: ['444455556666'] };
    const ous = { live: { ous: { shop } }, test: { ous: { shop: { accounts: ['777788889999'] } } } };
    writeFileSync(file, JSON.stringify({ organization: { id: 'o-a1b2c3d4e5', hub: true, regions: ['eu-west-1'], ous } }));
    afterAll(() => rmSync(folder, { recursive: true }));
    const pause = (...part: string[]) => redress(['pause', '--reason', 'x', '--config', file, ...part]);
    const keys = () => [...cloud.items.keys()].filter((key) => key.startsWith('SWITCH'));
    beforeEach(() => {
      cloud.restore();
      cloud = deployed({ isHub: true });
    });

    test('name one OU: of two with one name neither is paused', async () => {
      expect(await pause('--ou', 'shop')).toMatchObject({ code: 2, err: expect.stringContaining('live/shop, test/shop') });
      expect(await pause('--ou', 'none')).toMatchObject({ code: 2, err: expect.stringContaining('has no OU none') });
      expect(keys()).toEqual([]);
      for (const ou of ['live/shop', shop.id]) expect((await pause('--ou', ou)).code).toBe(0);
      expect((await pause('--ou', 'test')).code).toBe(0);
      expect(keys()).toEqual(['SWITCH PAUSE#ou#live/shop', 'SWITCH PAUSE#ou#test']);
    });

    test('say so where the config serves nothing there', async () => {
      for (const part of [
        ['--account', '999988887777'],
        ['--in-region', 'eu-wst-1'],
        ['--account', '444455556666', '--in-region', 'us-east-1'],
      ])
        expect(await pause(...part)).toMatchObject({ code: 0, err: expect.stringContaining('this stops nothing') });
      for (const part of [['--account', '444455556666'], ['--in-region', 'eu-west-1'], ['--account', '111122223333'], []])
        expect(await pause(...part)).toMatchObject({ code: 0, err: '' });
    });

    test('are shown to who orders a fix there', async () => {
      cloud.put({ finding: finding() });
      await pause('--account', '111122223333');
      expect((await redress(['fix', finding().id, '--yes', '--no-wait'])).err).toContain('Redress is paused in account 111122223333 by');
    });
  });

  test('ask for a reason', async () => {
    expect((await redress(['pause'])).code).toBe(2);
    expect((await redress(['pause', '--reason', ' '])).code).toBe(2);
  });
});

describe('controls', () => {
  test('are listed with the modes of the config, without asking AWS', async () => {
    const { code, out } = await redress(['controls', '--json']);
    expect(code).toBe(0);
    const all = out.split('\n').map((line) => JSON.parse(line));
    expect(all.find(({ id }) => id === 'volume-encrypted')).toMatchObject({ kind: 'volumes', mode: 'observe', severity: 'high' });
    expect(cloud.sts.calls()).toEqual([]);
  });

  test('of a config that cannot be read are an error that names it', async () => {
    const said = await redress(['controls', '--config', '/nowhere/redress.json']);
    expect(said.code).toBe(1);
    expect(said.err).toContain('/nowhere/redress.json');
    expect(said.err).not.toContain('    at ');
  });
});

describe('a deployment that is not found', () => {
  const failing = (name: string, message: string) =>
    cloud.cloudFormation.on(DescribeStacksCommand).rejects(Object.assign(new Error(message), { name }));

  test.each([
    ['ValidationError', 'Stack with id Redress does not exist', 'There is no stack Redress in', 'npx cdk deploy'],
    ['CredentialsProviderError', 'Could not load credentials from any providers', 'there are no AWS credentials', '--profile'],
    ['Error', 'Region is missing', 'no AWS Region is set', '--region eu-west-1'],
    ['ExpiredToken', 'The security token is expired', 'does not take these credentials', 'Sign in again'],
    ['AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks', 'does not allow it', 'Ask for that permission'],
    ['ECONNREFUSED', 'connect', 'was not reached', 'Check the network'],
  ])('for %s is explained with the next step', async (name, message, why, next) => {
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    failing(name, message);
    const said = await redress(['findings']);
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain(why);
    expect(said.err).toContain(next);
    expect(said.err).not.toContain('    at ');
  });

  test('is looked for under the name that is given', async () => {
    vi.stubEnv('REDRESS_STACK', 'RedressTest');
    await redress(['findings']);
    await redress(['findings', '--stack', 'Other']);
    expect(cloud.cloudFormation.commandCalls(DescribeStacksCommand).map(({ args }) => args[0].input.StackName)).toEqual([
      'RedressTest',
      'Other',
    ]);
  });
});

test('a table never breaks a word, and fits where it can', () => {
  const { terminal } = keepingTerminal({ width: 30 });
  const lines = table(
    ['ID', 'WHAT'],
    [
      ['volume-encrypted', 'a b c d e f g h i'],
      ['x', 'yy'],
    ],
    terminal,
  ).split('\n');
  expect(lines.every((line) => line.length <= 30)).toBe(true);
  expect(table(['ID'], [['a-very-long-word-indeed-that-does-not-fit']], terminal)).toContain('a-very-long-word-indeed-that-does-not-fit');
});
