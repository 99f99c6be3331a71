import { inspect } from 'node:util';
import { CopyVolumesCommand, CreateTagsCommand, DescribeVolumesCommand, EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateDetectorCommand } from '@aws-sdk/client-guardduty';
import { describe, expect, test } from 'vitest';
import { actionOf, actionsOf, shapeOf } from '#shared/aws/actions.ts';
import { classify, errorText } from '#shared/aws/errors.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';
import { Lockstep } from '#shared/engine/lockstep.ts';
import { readersOfRound } from '#shared/engine/reader.ts';
import { digestOf, sendAll } from '#shared/engine/sender.ts';
import { password } from '../fixtures/secrets.ts';
import { awsError, place } from '../support/harness.ts';

describe('IAM actions come from the command itself', () => {
  test('with the prefix that IAM uses', () => {
    expect(actionOf(new PutEventsCommand({ Entries: [] }))).toBe('events:PutEvents');
    expect(actionOf(new DescribeVolumesCommand({}))).toBe('ec2:DescribeVolumes');
  });
  test('and from its input, where tags are set in a create', () => {
    const tags = { TagSpecifications: [{ ResourceType: 'volume' as const, Tags: [{ Key: 'a', Value: 'b' }] }] };
    expect(actionsOf(new CopyVolumesCommand({ SourceVolumeId: 'vol-1', ...tags }))).toEqual(['ec2:CopyVolumes', 'ec2:CreateTags']);
    expect(actionsOf(new CopyVolumesCommand({ SourceVolumeId: 'vol-1' }))).toEqual(['ec2:CopyVolumes']);
  });
  test('as does the member that makes a repeat idempotent', () => {
    expect(shapeOf(new CopyVolumesCommand({ SourceVolumeId: 'vol-1' })).tokenMember).toBe('ClientToken');
    // a service of REST has further traits beside it
    expect(shapeOf(new CreateDetectorCommand({ Enable: true })).tokenMember).toBe('ClientToken');
    expect(shapeOf(new EnableEbsEncryptionByDefaultCommand({})).tokenMember).toBeUndefined();
  });
});

describe('the reader', () => {
  const reads = [{ action: 'ec2:DescribeVolumes' }];
  test('refuses what writes, and what is not declared', () => {
    const read = readersOfRound(async () => ({}))([...reads, { action: 'ec2:EnableEbsEncryptionByDefault' }]);
    expect(() => read(new EnableEbsEncryptionByDefaultCommand({}))).toThrow(/not a read/);
    const other = readersOfRound(async () => ({}))([]);
    expect(() => other(new DescribeVolumesCommand({}))).toThrow(/not among the control's permissions.reads/);
  });
  test('reads each thing once a round, also for two controls', async () => {
    const sent: AwsCommand[] = [];
    const round = readersOfRound(async (command) => sent.push(command));
    const loader = {
      name: 'x',
      max: 2,
      async load(ids: readonly string[], read: ReturnType<typeof round>) {
        await read(new DescribeVolumesCommand({ VolumeIds: [...ids] }));
        return new Map(ids.map((id) => [id, id]));
      },
    };
    const [one, two] = await Promise.all([round(reads).many(loader, ['a', 'b']), round(reads).many(loader, ['b', 'c'])]);
    expect([...one.keys(), ...two.keys()]).toEqual(['a', 'b', 'b', 'c']);
    expect(sent.map(({ input }) => input)).toEqual([{ VolumeIds: ['a', 'b'] }, { VolumeIds: ['c'] }]);
  });
  test('names the action of a call that failed', async () => {
    const read = readersOfRound(() => Promise.reject(awsError('UnauthorizedOperation', 'no', 403)))(reads);
    await expect(read(new DescribeVolumesCommand({}))).rejects.toMatchObject({
      action: 'ec2:DescribeVolumes',
      message: 'ec2:DescribeVolumes: no',
    });
  });
});

describe('the sender', () => {
  const tag = (id: string) => ({
    place,
    control: 'x',
    seed: id,
    command: new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] }),
  });
  test('joins equal tags of many resources into one call', async () => {
    const sent: AwsCommand[] = [];
    await sendAll([tag('a'), tag('b'), tag('c')], async (command) => sent.push(command));
    expect(sent.map(({ input }) => input)).toEqual([{ Resources: ['a', 'b', 'c'], Tags: [{ Key: 'k', Value: 'v' }] }]);
  });
  test.each(['InvalidID', 'UnauthorizedOperation'])('halves a call refused with %s until the culprit stands alone', async (code) => {
    const all = ['a', 'b', 'bad', 'c', 'd'].map(tag);
    const done: unknown[] = [];
    const outcomes = await sendAll(all, async ({ input }) => {
      const ids: unknown = Reflect.get(input, 'Resources');
      if (Array.isArray(ids) && ids.includes('bad')) throw awsError(code, 'not this one', 403);
      done.push(...(Array.isArray(ids) ? ids : []));
    });
    expect(done.sort()).toEqual(['a', 'b', 'c', 'd']);
    const is = code === 'InvalidID' ? 'refused' : 'denied';
    expect(all.map((one) => outcomes.get(one)?.is)).toEqual(['sent', 'sent', is, 'sent', 'sent']);
  });
  test('derives the same token for the same step, and another for another', async () => {
    const tokens: unknown[] = [];
    const copy = (seed: string, size: number) => ({
      place,
      control: 'x',
      seed,
      command: new CopyVolumesCommand({ SourceVolumeId: 'vol-1', Size: size }),
    });
    for (const one of [copy('case-1', 8), copy('case-1', 9), copy('case-2', 8)])
      await sendAll([one], async ({ input }) => tokens.push(Reflect.get(input, 'ClientToken')));
    expect(tokens[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });
  test('reveals a secret only in the call, and scrubs it from the error', async () => {
    const secret = new Secret(password);
    const command = new CreateTagsCommand({ Resources: ['a'], Tags: [{ Key: 'k', Value: secret as never }] });
    const one = { place, control: 'x', seed: 's', command };
    let seen: unknown;
    const outcomes = await sendAll([one], async ({ input }) => {
      seen = structuredClone(input);
      throw awsError('InvalidParameterValue', `Value ${password} is not valid`);
    });
    expect(JSON.stringify(seen)).toContain(password);
    expect(outcomes.get(one)).toMatchObject({ is: 'refused', text: 'Value [removed] is not valid' });
    expect(`${JSON.stringify(command)} ${inspect(command, { depth: 9 })} ${secret} ${digestOf([command])}`).not.toContain(
      password.slice(0, 7),
    );
  });
});

describe('errors', () => {
  test.each([
    ['RequestLimitExceeded', 503, 'throttled'],
    ['ThrottlingException', 400, 'throttled'],
    ['TooManyUpdates', 400, 'throttled'],
    ['ResourceLimitExceeded', 400, 'throttled'],
    ['ResourceLimitExceededException', 400, 'refused'],
    ['ConcurrentSnapshotLimitExceeded', 400, 'throttled'],
    ['VolumeLimitExceeded', 400, 'refused'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['AccessDeniedException', 400, 'denied'],
    ['InternalError', 500, 'unavailable'],
    ['InvalidVolume.NotFound', 400, 'missing'],
    ['IdempotentParameterMismatch', 400, 'refused'],
    ['ExpiredToken', 403, 'unavailable'],
    // of a code that nobody knows, the status tells
    ['Odd', 429, 'throttled'],
    ['Odd', 428, 'refused'],
    ['Odd', 430, 'refused'],
    ['Odd', 500, 'unavailable'],
    ['Odd', 499, 'refused'],
    ['Odd', 400, 'refused'],
    ['Odd', 399, 'defect'],
  ] as const)('%s with status %i means %s', (name, status, meaning) => {
    expect(classify(awsError(name, name, status))).toBe(meaning);
  });
  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET'])('of the network pass: %s', (code) => {
    expect(classify(Object.assign(new Error(`getaddrinfo ${code}`), { code }))).toBe('unavailable');
  });
  test('of a parser keep what they quote to themselves', () => {
    expect(errorText(new SyntaxError(`Unexpected token, "${password}"`))).toBe('SyntaxError (its text is left out)');
  });
  test('of our own code are defects', () => {
    expect(classify(new TypeError('x is not a function'))).toBe('defect');
  });
  test('are cut to a length that fits an alert', () => {
    expect(errorText(new Error('x'.repeat(2000)))).toHaveLength(498);
  });
});

test('lockstep joins what tasks ask for, though they come at different times, and lets one fail alone', async () => {
  const lockstep = new Lockstep();
  const batches: number[][] = [];
  const double = lockstep.batched(async (items: number[]) => {
    batches.push(items);
    return items.map((n) => (n === 3 ? new Error('three') : n * 2));
  });
  const answers: unknown[] = [];
  await lockstep.run(
    [1, 2, 3].map((n) => async () => {
      for (let turn = 0; turn < n; turn += 1) await new Promise(setImmediate);
      const first = await double(n).catch((error: unknown) => (error instanceof Error ? error.message : error));
      answers.push(first);
      if (n === 1) answers.push(await double(10));
    }),
  );
  expect(batches).toEqual([[1, 2, 3], [10]]);
  expect(answers).toEqual([2, 4, 'three', 20]);
});
