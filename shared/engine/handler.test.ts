import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AnyControl, AwsCommand } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import eventsArriving from '../../functions/account/events/events-arriving.ts';
import volumeEncrypted from '../../functions/volumes/volume-encrypted.ts';
import { createVolume, messageFor } from '../../test/fixtures/events.ts';
import { volume } from '../../test/support/setting.ts';
import { MemoryTable } from '../../test/support/table.ts';
import { createHandler } from './handler.ts';

const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/111122223333/redress-volumes';
const context = {
  functionName: 'redress-volumes',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:redress-volumes',
  awsRequestId: 'r-1',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redress-handler-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ controls: { 'volume-encrypted': { mode: 'observe' } } }));
  const variables = {
    LAMBDA_TASK_ROOT: folder,
    REDRESS_TABLE: 'ledger',
    REDRESS_BUS: 'redress',
    REDRESS_QUEUE_URL: QUEUE,
    REDRESS_HEARTBEATS_URL: `${QUEUE}-heartbeats`,
    AWS_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_NAME: 'redress-volumes',
    // logs and metrics go to the console that a test can see
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const table = new MemoryTable();
  vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation((command) => table.client.send(command as never) as never);
  lines = [];
  for (const name of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Hands messages to a new handler, over an account with these volumes; answers what it answered, and what it sent. */
async function handle(bodies: readonly object[], volumes: readonly object[] = [], controls: readonly AnyControl[] = [volumeEncrypted]) {
  const sent: [action: string, input: object][] = [];
  const answers: { readonly [action: string]: object } = { 'ec2:DescribeVolumes': { Volumes: volumes } };
  const client = {
    send: async (command: AwsCommand) => {
      sent.push([actionOf(command), command.input]);
      return answers[actionOf(command)] ?? { Entries: [{ EventId: 'e' }], Failed: [] };
    },
  };
  const loaders = Object.fromEntries(controls.map((control) => [control.id, async () => [control]]));
  const listens = controls.find(hearsItself)?.id;
  const handler = createHandler(
    loaders,
    { ec2: () => client, eventbridge: () => client, sqs: () => client },
    { secretTest: async () => () => false, ...(listens && { listens }) },
  );
  const Records = bodies.map((body, n) => ({
    messageId: `m-${n}`,
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SenderId: 'AIDAEXAMPLE' },
  }));
  const answer = await handler({ Records } as SQSEvent, context);
  const said = lines.map((line): { readonly [name: string]: unknown } => JSON.parse(line));
  return { answer, sent, said };
}

const message = (id: string) => messageFor('volume-encrypted', createVolume(id));

test('a finding goes to the bus, the log and the metrics of its control', async () => {
  const { answer, sent, said } = await handle([message('vol-1')], [volume('vol-1')]);
  expect(answer).toEqual({ batchItemFailures: [] });
  const [, input] = sent.find(([action]) => action === 'events:PutEvents') ?? [];
  expect(input).toMatchObject({ Entries: [{ EventBusName: 'redress', Source: 'redress', DetailType: 'Redress Finding' }] });
  expect(said).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      control: 'volume-encrypted',
      resource: 'vol-1',
      status: 'would-fix',
      function_request_id: 'r-1',
    }),
  );
  const metric = said.find((one) => '_aws' in one);
  expect(metric).toMatchObject({
    control: 'volume-encrypted',
    violations: 1,
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Redress', Dimensions: [['control']], Metrics: [{ Name: 'violations', Unit: 'Count' }] }],
    },
  });
  expect(metric).not.toHaveProperty('service');
});

describe('with a list of members', () => {
  const event = { ...createVolume('vol-1', { recipientAccountId: '444455556666' }), account: '444455556666' };
  const member = { account: event.account, regions: ['eu-west-1'] };

  test('an event of a member is taken, and acts by a session there', async () => {
    vi.stubEnv('REDRESS_MEMBERS', 'members.json');
    writeFileSync(join(folder, 'members.json'), JSON.stringify([member]));
    const assumed: unknown[] = [];
    vi.spyOn(STSClient.prototype, 'send').mockImplementation(async ({ input }: { input: object }) => {
      assumed.push(input);
      return { Credentials: { AccessKeyId: 'id', SecretAccessKey: 'secret', SessionToken: 'token' } };
    });
    const { answer, said } = await handle([messageFor('volume-encrypted', event)], [volume('vol-1')]);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(assumed).toEqual([expect.objectContaining({ RoleArn: 'arn:aws:iam::444455556666:role/redress/redress-volumes' })]);
    expect(said).toContainEqual(expect.objectContaining({ control: 'volume-encrypted', status: 'would-fix' }));
  });

  test('an event of no member is dropped and reported, and no session is asked for', async () => {
    vi.stubEnv('REDRESS_MEMBERS', 'members.json');
    writeFileSync(join(folder, 'members.json'), '[]');
    const send = vi.spyOn(STSClient.prototype, 'send');
    const { answer, said } = await handle([messageFor('volume-encrypted', event)]);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(said).toEqual([expect.objectContaining({ control: 'members-only', account: event.account, status: 'skipped' })]);
    expect(send).not.toHaveBeenCalled();
  });

  test('a list that cannot be read stops everything, and one that is no list hands back all messages', async () => {
    vi.stubEnv('REDRESS_MEMBERS', 'members.json');
    await expect(handle([message('vol-1')])).rejects.toThrow('members.json');
    writeFileSync(join(folder, 'members.json'), '{}');
    await expect(handle([message('vol-1')])).rejects.toThrow('Expected Array');
  });
});

test('what comes later goes to its own queue', async () => {
  const { answer, sent } = await handle([message('vol-2')]);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(sent.find(([action]) => action === 'sqs:SendMessageBatch')?.[1]).toMatchObject({
    QueueUrl: QUEUE,
    Entries: [{ DelaySeconds: 5 }],
  });
});

test('a message of another account is handed back, by its id, and says why', async () => {
  const event = { ...createVolume('vol-3'), account: '999988887777' };
  const { answer, said } = await handle([message('vol-1'), messageFor('volume-encrypted', event)], [volume('vol-1')]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(said).toContainEqual(
    expect.objectContaining({ level: 'ERROR', messageId: 'm-1', error: expect.stringContaining('999988887777 in eu-west-1') }),
  );
});

test.each([
  ['of a function that listens for it, at every full hour', [eventsArriving], {}, ['sqs:ListQueueTags', 'sqs:TagQueue']],
  ['of no other function', [volumeEncrypted], {}, []],
  ['of none where the control is off', [eventsArriving], { 'events-arriving': { mode: 'off' } }, []],
])('the call whose event has to come back is %s', async (_of, controls, config, expected) => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ controls: config }));
  const event = { id: 'e-1', time: '2026-11-21T09:00:00Z', 'detail-type': 'Scheduled Event' };
  const { answer, sent } = await handle([{ wake: true, event }], [], controls);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(sent.map(([action]) => action)).toEqual([...expected, 'sqs:SendMessage']);
});
