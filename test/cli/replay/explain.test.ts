import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callKind, defineCall } from '#shared/control/call.ts';
import { withDefaultModes } from '#shared/finding/config.ts';
import { stepRow, stepsOf } from '../../../cli/explain/steps.ts';
import { firstDifference } from '../../../cli/explain/why.ts';
import { readObject } from '../../../cli/replay/events.ts';
import { Judge } from '../../../cli/replay/judge.ts';
import { rulesOf } from '../../../cli/replay/rules.ts';
import { redress } from '../world.ts';
import { ec2Record } from './reads.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-explain-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function explained(record: unknown, ...args: string[]) {
  const file = join(folder, 'event.json');
  await writeFile(file, typeof record === 'string' ? record : JSON.stringify(record));
  return await redress(['explain', file, ...args]);
}

const created = ec2Record('CreateVolume', { responseElements: { volumeId: 'vol-1', encrypted: false } });

describe('redress explain', () => {
  test('says what matches, what it names, what stands before a fix, and how the alert would begin', async () => {
    const { code, out, err } = await explained(created, '--control', 'volume-encrypted');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'CreateVolume at 2027-01-30T12:00:00Z, in 111122223333 eu-west-1',
      'EventBridge has it as AWS API Call via CloudTrail of aws.ec2.',
      '',
      'volume-encrypted  matches: EBS volumes are encrypted, high, mode observe',
      '  Names    AWS::EC2::Volume vol-1',
      '  Made by  dana with AWS CLI',
      '  Verdict  The record shows the mistake; Redress would look whether it still is one.',
      expect.stringMatching(/^ {2}Plan {5}Replaces an unattached volume .* What it would send depends on the resource\.$/),
      expect.stringMatching(/^ {2}Gates {4}What CloudFormation/),
      expect.stringMatching(/No exemption of the config holds/),
      '           The mode is observe: a fix is shown, and not sent.',
      '  Alert    Would fix: vol-1, if it is wrong',
    ]);
  });

  test.each<[string, object, string]>([
    [
      'a call that failed',
      { errorCode: 'Client.DryRunOperation' },
      'detail.errorCode is "Client.DryRunOperation"; the rule asks for {"exists":false}.',
    ],
    [
      'a volume that is encrypted',
      { responseElements: { encrypted: true } },
      'detail.responseElements.encrypted is true; the rule asks for false.',
    ],
    ['a record without its answer', { responseElements: null }, 'detail.responseElements.encrypted is not there; the rule asks for false.'],
  ])('names the first field that differs, for %s', async (_name, changes, line) => {
    const { out } = await explained({ ...created, ...changes }, '--control', 'volume-encrypted');
    expect(out).toContain(`volume-encrypted  does not match\n  ${line}`);
    expect(out).toContain('No rule gets it.');
  });

  test('lists rules of other calls in one line', async () => {
    const { out } = await explained(ec2Record('DeleteVolume'), '--control', 'volume-encrypted,parameter-secure');
    expect(out).toContain('No rule gets it.\n\nRules of other calls: parameter-secure, volume-encrypted');
  });

  test('says in JSON the same', async () => {
    const { out } = await explained([created, created], '--json', '--control', 'volume-encrypted,parameter-secure');
    expect(JSON.parse(out)).toMatchObject({
      type: 'explanation',
      isDelivered: true,
      event: { name: 'CreateVolume', account: '111122223333' },
      rules: [
        {
          control: 'parameter-secure',
          matches: false,
          because: { field: 'source', wanted: ['aws.ssm'], found: ['aws.ec2'], isOfThisCall: false },
        },
        {
          control: 'volume-encrypted',
          matches: true,
          mode: 'observe',
          targets: [{ id: 'vol-1' }],
          verdict: { is: 'violation' },
          alerts: [{ headline: 'Would fix: vol-1' }],
        },
      ],
    });
  });

  test('takes the first of several, and says so', async () => {
    const { err } = await explained({ Records: [created, created] });
    expect(err).toContain('holds 2 events; the first is explained');
    expect((await explained(`${JSON.stringify(created)}\n${JSON.stringify(created)}`)).out).toContain('CreateVolume at');
  });

  test('says of what reaches no rule that it does not', async () => {
    expect(await explained(ec2Record('DescribeVolumes'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('EventBridge gives it to no rule'),
    });
    expect(JSON.parse((await explained(ec2Record('DescribeVolumes'), '--json')).out)).toMatchObject({ isDelivered: false, rules: [] });
  });

  test.each([
    ['what is no JSON', 'not JSON', 'is not JSON'],
    ['another object', '{"a":1}', 'holds neither a CloudTrail record nor an event of EventBridge'],
    ['an empty list', '[]', 'holds neither'],
    ['what has no end', `[${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}]`, 'is nested deeper than any record'],
  ])('refuses %s', async (_what, text, says) => {
    const { code, out, err } = await explained(text);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
    expect((await redress(['explain', join(folder, 'none.json')])).err).toContain('ENOENT');
  });
});

describe('a control of calls is judged by the record alone', () => {
  const kind = callKind({ noun: 'root-use', plural: 'Calls of root', eventSource: 'iam.amazonaws.com', eventNames: ['CreateAccessKey'] });
  const control = defineCall(kind, {
    id: 'root-not-used',
    title: 'Nobody uses root',
    why: 'Root may do anything, and nothing can limit it.',
    severity: 'high',
    prevention: { none: 'A policy of the organization does not bind its management account.' },
    references: [],
    factsOf: ({ eventName, userIdentity }) => ({ call: eventName, type: userIdentity?.type ?? '' }),
    judge: ({ call, type }) =>
      type === 'Root'
        ? { is: 'violation', says: `Root called ${call}.`, advice: ['Ask who it was.'] }
        : { is: 'compliant', says: 'It was not root.' },
  });
  const record = (type: string) =>
    ec2Record('CreateAccessKey', {
      eventSource: 'iam.amazonaws.com',
      userIdentity: { type, arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
    });
  const config = withDefaultModes({}, [control]);
  const eventOf = (value: object) => {
    const read = readObject(value);
    if (read.is !== 'event') throw new Error('no event');
    return read.event;
  };

  test('and its whole alert is shown', async () => {
    const [step] = await stepsOf([control], rulesOf([control], [], config), eventOf(record('Root')), config);
    expect(step && stepRow(step)).toMatchObject({
      control: 'root-not-used',
      verdict: { is: 'violation', says: 'Root called CreateAccessKey.' },
      gates: ['Redress reports it; nothing is there to be fixed by a call.'],
      alerts: [
        {
          headline: expect.stringMatching(/^Action needed: arn:aws:iam::111122223333:root on 2027-01-30$/),
          story: ['Root called CreateAccessKey.'],
          advice: ['Ask who it was.'],
        },
      ],
    });
  });

  test('and what is none has no alert', async () => {
    const [step] = await stepsOf([control], rulesOf([control], [], config), eventOf(record('IAMUser')), config);
    expect(step && stepRow(step)).toMatchObject({ verdict: { is: 'compliant' }, gates: [], alerts: [] });
  });

  test('and is exempt by the config', async () => {
    const exemption = { control: '*', resource: 'arn:aws:iam::111122223333:root*', owner: 'o', reason: 'r', until: '2027-03-01' };
    const judged = await new Judge({ ...config, exemptions: [exemption] }).judge(control, eventOf(record('Root')));
    expect(judged.told).toEqual({ is: 'exempt', says: 'Exempt until 2027-03-01.' });
  });

  test('and what is one for all Regions is judged in one of them', async () => {
    const global = { ...control, kind: { ...kind, isGlobal: true } };
    expect((await new Judge(config).judge(global, eventOf(record('Root')))).told).toEqual({
      is: 'nothing',
      says: 'What is one for all Regions is judged in us-east-1.',
    });
  });
});

describe('the first difference', () => {
  test('is of the branch that comes nearest', () => {
    const pattern = {
      source: ['aws.ec2'],
      detail: {
        $or: [
          { eventName: ['X'], a: [1] },
          { eventName: ['Y'], a: [1], b: [2] },
        ],
      },
    };
    expect(firstDifference(pattern, { source: 'aws.ec2', detail: { eventName: 'Y', a: 1, b: 3 } })).toEqual({
      field: 'detail.b',
      wanted: [2],
      found: [3],
      isOfThisCall: true,
    });
    expect(firstDifference(pattern, { source: 'aws.ec2', detail: { eventName: 'Z' } })).toMatchObject({
      field: 'detail.eventName',
      isOfThisCall: false,
    });
    expect(firstDifference(pattern, { source: 'aws.ec2', detail: { eventName: 'X', a: 1 } })).toBeUndefined();
  });

  test('is that no one element has everything, where each field fits by itself', () => {
    expect(firstDifference({ a: { b: [1], c: [2] } }, { a: [{ b: 1 }, { c: 2 }] })).toEqual({
      field: '',
      wanted: [],
      found: [],
      isOfThisCall: true,
    });
  });
});
