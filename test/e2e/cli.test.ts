import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTrailClient, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PurgeQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';
import { run } from '../../cli/program.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { keepingTerminal } from '../cli/world.ts';
import { patience } from '../support/patience.ts';
import { offBut, synthesised } from '../support/synthesised.ts';
import { startWatchedCloud } from '../support/watched-cloud.ts';

vi.mock('../../infra/synth.ts', async (original) => {
  const { withOneTemplate } = await import('../support/one-template.ts');
  return withOneTemplate(await original());
});

const TOKEN = '/redress/slack/token';

const troubles: string[] = [];
let cloud: LocalCloud;
let folder: string;
let config: string;
let ec2: EC2Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-cli-'));
  const { templateFile: template } = await synthesised(folder, false, {
    controls: {
      ...(await offBut('volumes')),
      'volume-encrypted': { mode: 'approve', settleSeconds: 0 },
      'volume-owner-tag': { mode: 'off' },
      'parameter-owner-tag': { mode: 'fix' },
    },
    alerts: { emails: ['ops@example.com'], slack: { channels: { ops: { tokenParameter: TOKEN, channel: 'C0000000001' } } } },
  });
  config = join(folder, 'redress.json');
  cloud = await startWatchedCloud({ template, onTrouble: (text) => troubles.push(text) });
  for (const [name, value] of Object.entries(cloud.env)) vi.stubEnv(name, value);
  ec2 = new EC2Client({});
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function redress(...argv: string[]) {
  const { terminal, out, err } = keepingTerminal();
  const code = await run(argv, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const openVolume = async () => (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${cloud.region}a`, Size: 1 }))).VolumeId ?? '';

async function findingOn(resource: string): Promise<Finding> {
  return await vi.waitFor(
    async () => {
      const { out } = await redress('findings', '--json');
      const all: Finding[] = out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const found = all.find((one) => one.resource.id === resource && one.status !== 'open');
      if (!found) throw new Error(`no finding on ${resource} yet: ${out}`);
      return found;
    },
    { ...patience, interval: 300 },
  );
}

test('an operator works with a deployed Redress over HTTP', async () => {
  const [first, second] = [await openVolume(), await openVolume()];
  const isOnByDefault = async () => (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault;

  const account = await findingOn(cloud.account);
  expect(account).toMatchObject({ control: 'ebs-default-encryption', status: 'fixed' });
  expect(await isOnByDefault()).toBe(true);
  expect(await redress('undo', account.id)).toMatchObject({ code: 0, out: expect.stringMatching(/^undone /) });
  expect(await isOnByDefault()).toBe(false);
  expect(await redress('undo', account.id)).toMatchObject({ code: 1, out: expect.stringMatching(/^not undone /) });

  const one = await findingOn(first);
  expect(one.status).toBe('awaiting-approval');
  expect(await redress('fix', one.id)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^superseded .*\n.*ec2:CopyVolumes.*\n.*ec2:CreateTags/),
  });
  const copies = (await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'encrypted', Values: ['true'] }] }))).Volumes ?? [];
  expect(copies).toHaveLength(1);
  expect(await redress('fix', one.id)).toMatchObject({ code: 1, out: expect.stringContaining('no longer applies') });

  const two = await findingOn(second);
  expect((await redress('pause', '--reason', 'release')).code).toBe(0);
  expect(await redress('fix', two.id)).toMatchObject({ code: 0, out: expect.stringMatching(/^not fixed yet .*paused.*release/) });
  expect((await redress('resume')).code).toBe(0);
  expect(await redress('exempt', two.id, '--until', '9d', '--reason', 'being migrated')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^exempt .*being migrated/),
  });
  expect((await redress('show', two.id)).out).toMatch(/Order +exempt by .*\n[\s\S]*Order .*\(done\) by arn:aws:iam::/);

  const { DeadLetterQueueUrl: QueueUrl } = cloud.stack.outputs;
  const sqs = new SQSClient({});
  const TARGET_ARN = { DataType: 'String', StringValue: `arn:aws:sqs:${cloud.region}:${cloud.account}:redress-volumes` };
  const bodies = ['a', 'b', 'c'];
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...(MessageBody !== 'c' && { MessageAttributes: { TARGET_ARN } }) }));
  expect(JSON.parse((await redress('status', '--json')).out)).toMatchObject({
    deadLetters: { total: 3, from: { volumes: 2, unknown: 1 } },
  });
  expect(await redress('status')).toMatchObject({ code: 0, err: '' });
  expect(await redress('redrive', 'volumes')).toMatchObject({ code: 0, out: expect.stringMatching(/volumes +2$/) });
  expect(await redress('redrive')).toMatchObject({ code: 1, err: expect.stringContaining('1 left') });
});

/** What the doctor says of each check, and in all. */
async function examine(...argv: string[]) {
  const { code, out, err } = await redress('doctor', '--json', ...argv);
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const checks = new Map(lines.map((line) => [line.id ?? line.type, line]));
  return { code, err, checks, states: Object.fromEntries(lines.slice(0, -1).map(({ id, is }) => [id, is])) };
}

test('a deployment that works is green, and a canary shows it', async () => {
  const { DeadLetterQueueUrl: QueueUrl } = cloud.stack.outputs;
  await new SQSClient({}).send(new PurgeQueueCommand({ QueueUrl }));
  const { code, checks, states } = await examine('--canary', '--config', config);
  expect(states).toEqual(Object.fromEntries(Object.keys(states).map((id) => [id, id === 'members' ? 'none' : 'ok'])));
  expect(code).toBe(0);
  expect(checks.get('summary')).toMatchObject({ isHealthy: true, wrong: 0, unknown: 0, note: 0 });
  expect(checks.get('canary').details).toEqual([
    expect.stringMatching(/^From the call to the function, .*: \d+\.\d s$/),
    expect.stringMatching(/^From there to the decision: /),
    expect.stringMatching(/^From there to the end of the fix: /),
    expect.stringMatching(/^From the call to its finding in the ledger/),
  ]);
  const left = await new SSMClient({}).send(new DescribeParametersCommand({}));
  expect(left.Parameters?.map(({ Name }) => Name)).toEqual([TOKEN]);
});

test('whatever breaks a deployment is named, with what to do', async () => {
  await new EventBridgeClient({}).send(new DisableRuleCommand({ Name: 'redress-volume-encrypted' }));
  const lambda = new LambdaClient({});
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'redress-alerts' }));
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: EventSourceMappings?.[0]?.UUID, Enabled: false }));
  const sqs = new SQSClient({});
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: cloud.stack.outputs['VolumesQueueUrl'], Attributes: { Policy: '' } }));
  const iam = new IAMClient({});
  const role = { RoleName: `redress-volumes-${cloud.region}`, PolicyName: 'work' };
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(role));
  const document = JSON.parse(decodeURIComponent(PolicyDocument));
  await iam.send(
    new PutRolePolicyCommand({ ...role, PolicyDocument: JSON.stringify({ ...document, Statement: document.Statement.slice(1) }) }),
  );
  const { TopicArn = '' } = cloud.stack.outputs;
  await new SNSClient({}).send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'late@example.com' }));
  await new SSMClient({}).send(new PutParameterCommand({ Name: TOKEN, Value: 'xoxb-gone', Type: 'SecureString', Overwrite: true }));
  const other = join(folder, 'other.json');
  await writeFile(other, JSON.stringify({ ...JSON.parse(await readFile(config, 'utf8')), exemptions: [] }));
  await sqs.send(new SendMessageCommand({ QueueUrl: cloud.stack.outputs['DeadLetterQueueUrl'], MessageBody: 'of nobody' }));
  cloud.onCall(({ function: name }) => (name === 'redress-volumes' ? 'kill' : undefined));
  await openVolume();
  await vi.waitFor(() => expect(troubles.join()).toContain('redress-volumes: its process ended'), patience);

  // the last, for no event would come after it
  await new CloudTrailClient({}).send(new StopLoggingCommand({ Name: 'management-events' }));

  const { code, checks } = await examine('--config', other);
  expect(code).toBe(1);
  const named = [
    ['config', /is not the one here/, /npx cdk diff/],
    ['trail', /management-events is stopped/, /aws cloudtrail start-logging/],
    ['rules', /redress-volume-encrypted is disabled/, /aws events enable-rule --name redress-volume-encrypted/],
    ['queues', /redress-volumes lacks the statement that allows sqs:SendMessage/, /--revert-drift/],
    ['mappings', /redress-alerts is Disabled/, /aws lambda update-event-source-mapping --uuid \S+ --enabled/],
    ['errors', /redress-volumes failed \d+ times?/, /\/aws\/lambda\/redress-volumes/],
    ['dead-letters', /redress-dead-letters holds 1 message /, /redress redrive/],
    ['roles', /redress-volumes-\S+ lacks the statement that allows logs:CreateLogStream/, /--revert-drift/],
    ['subscriptions', /late@example.com has not confirmed/, /aws sns subscribe/],
    ['slack', /Slack does not take the token \(invalid_auth\)/, /aws ssm put-parameter/],
  ] as const;
  for (const [id, says, next] of named)
    expect(checks.get(id)).toMatchObject({
      is: 'wrong',
      problems: expect.arrayContaining([{ says: expect.stringMatching(says), next: expect.stringMatching(next) }]),
    });
  expect(checks.get('summary')).toMatchObject({ isHealthy: false, wrong: named.length, unknown: 0 });
});
