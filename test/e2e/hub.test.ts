import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateVolumeCommand, EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { dayOfFinding } from '#shared/ledger/ledger.ts';
import { run } from '../../cli/program.ts';
import { MotoClient } from '../../local/emulator/moto-client.ts';
import { at, stringAt } from '../../local/json.ts';
import { hubFor } from '../../local/synthesise.ts';
import { keepingTerminal } from '../cli/world.ts';
import { patience } from '../support/patience.ts';
import { offBut, synthesised } from '../support/synthesised.ts';
import { startWatchedCloud, type WatchedCloud } from '../support/watched-cloud.ts';

const regions = ['us-east-1', 'eu-west-1'];
const control = 'ebs-default-encryption';
let folder: string;
let cloud: WatchedCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-e2e-'));
  const { templateFile } = await synthesised(folder, false, {
    controls: { ...(await offBut('volumes')), 'volume-owner-tag': { mode: 'off' } },
    organization: hubFor({ accounts: 3, regions }),
  });
  cloud = await startWatchedCloud({ template: templateFile });
});
afterAll(async () => {
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The settings of clients of an account's administrator. */
const as = (n: number, region: string) => {
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.accounts[n] ?? expect.fail('no such account');
  return { endpoint: cloud.endpoint, region, credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
};
const idOf = (n: number) => cloud.accounts[n]?.id ?? '';
const isEncrypting = async (n: number, region: string) =>
  (await new EC2Client(as(n, region)).send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault;

test('a mistake in one account and Region is set right there and nowhere else, and the hub has its finding', async () => {
  const member = new EC2Client(as(2, 'eu-west-1'));
  await member.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 }));
  const found = await vi.waitFor(() => {
    const one = cloud.announcements().find((finding) => finding['control'] === control && finding['status'] === 'fixed');
    return one ?? expect.fail('nothing is fixed');
  }, patience);
  expect(found).toMatchObject({ account: idOf(2), region: 'eu-west-1', resource: { id: idOf(2) } });

  const places = [0, 1, 2].flatMap((n) => regions.map((region) => [n, region] as const));
  const encrypting = await Promise.all(places.map(async ([n, region]) => `${n} ${region} ${await isEncrypting(n, region)}`));
  expect(encrypting.filter((one) => one.endsWith('true'))).toEqual(['2 eu-west-1 true']);
  const changed = cloud.records().filter(({ readOnly, recipientAccountId }) => !readOnly && recipientAccountId !== idOf(0));
  expect(changed.map(({ eventName, awsRegion, recipientAccountId }) => `${eventName} ${awsRegion} ${recipientAccountId}`)).toEqual([
    `CreateVolume eu-west-1 ${idOf(2)}`,
    `EnableEbsEncryptionByDefault eu-west-1 ${idOf(2)}`,
  ]);
  const [, fix] = changed;
  expect(stringAt(fix, 'userIdentity', 'arn')).toBe(`arn:aws:sts::${idOf(2)}:assumed-role/redress-volumes/${control}@${String(found.id)}`);
  expect(stringAt(fix, 'userIdentity', 'sessionContext', 'sourceIdentity')).toContain(String(found.id));

  const dynamo = new DynamoDBClient({ ...as(0, 'us-east-1'), endpoint: cloud.motoEndpoint });
  // as people read it: by the hub's own place, whatever place the finding is of
  const ledger = dynamoLedger(cloud.stack.outputs['LedgerTable'] ?? '', dynamo, {
    place: { account: idOf(0), region: 'us-east-1' },
    functions: ['redress-volumes'],
    readsAll: true,
  });
  await vi.waitFor(async () => expect(at(await ledger.getFinding(found.id), 'finding', 'status')).toBe('fixed'), patience);
  await vi.waitFor(async () => expect(await cloud.queued()).toEqual({ now: 0, later: 0 }), patience);
  const day = dayOfFinding(found.id) ?? '';
  expect((await ledger.findingsOf(day)).map(({ finding }) => finding.account)).toContain(idOf(2));
});

test('an event of an account outside the organization, and one that somebody sends as AWS, start nothing', async () => {
  const detail = cloud.records().find(({ eventName }) => eventName === 'CreateVolume') ?? expect.fail('no record');
  const before = [cloud.announcements().length, cloud.records().length, cloud.invocations()];
  const Entries = [{ Source: 'aws.ec2', DetailType: 'AWS API Call via CloudTrail', Detail: JSON.stringify(detail) }];
  const sent = await new EventBridgeClient(as(1, 'eu-west-1')).send(new PutEventsCommand({ Entries }));
  expect(sent).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }] });

  // a stranger has the very rule and role that a member has
  const moto = new MotoClient({ endpoint: cloud.motoEndpoint }, '999988887777');
  const rule = { Name: 'redress-forward-ec2', EventPattern: JSON.stringify({ source: ['aws.ec2'] }) };
  await moto.json('events', 'PutRule', rule, 'eu-west-1');
  const Targets = [
    {
      Id: 'hub',
      Arn: cloud.stack.outputs['MembersBusArn'] ?? '',
      RoleArn: 'arn:aws:iam::999988887777:role/redress/redress-forwarder',
    },
  ];
  await moto.json('events', 'PutTargets', { Rule: rule.Name, Targets }, 'eu-west-1');
  await moto.json('events', 'PutEvents', { Entries }, 'eu-west-1');
  expect(await cloud.queued()).toEqual({ now: 0, later: 0 });
  // a management event is no event of PutEvents
  expect([cloud.announcements().length, cloud.records().length, cloud.invocations()]).toEqual(before);
});

test('what a stack left in a member is adopted: the hub has its exemption, and another run moves nothing', async () => {
  const [place, target] = [
    { account: idOf(1), region: 'eu-west-1' },
    { type: 'AWS::EC2::Volume', id: 'vol-of-a-stack' },
  ];
  const left = new DynamoDBClient(as(1, place.region));
  const keys = [['pk', 'HASH'] as const, ['sk', 'RANGE'] as const];
  await left.send(
    new CreateTableCommand({
      TableName: 'redress-ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    }),
  );
  const functions = ['redress-volumes'];
  const alone = dynamoLedger('redress-ledger', left, { place, functions });
  const now = new Date();
  const exemption = { until: '2099-12-31', reason: 'a lab', owner: 'sam', at: now.toISOString() };
  const state = { control: 'volume-encrypted', resource: target, fixes: [], exemption };
  await alone.lease(state.control, target, 'me', now, 60);
  await alone.release(state.control, target, 'me', state, now);
  await alone.keepExempt(state.control, target, exemption.until);

  const profiles = [0, 1].map((n) => {
    const { accessKeyId, secretAccessKey, sessionToken } = as(n, place.region).credentials;
    const token = sessionToken ? `aws_session_token=${sessionToken}\n` : '';
    return `[account-${n}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n${token}`;
  });
  const [credentials, config] = [join(folder, 'credentials'), join(folder, 'hub.json')];
  await writeFile(credentials, profiles.join('\n'));
  await writeFile(config, JSON.stringify({ organization: hubFor({ accounts: 3, regions }) }));
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.endpoint);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', credentials);
  const adopt = async () => {
    const { terminal, out, err } = keepingTerminal();
    const where = ['--profile', 'account-0', '--region', 'us-east-1', '--from-profile', 'account-1', '--config', config];
    const code = await run(['org', 'adopt', `${place.account}/${place.region}`, '--yes', ...where], terminal);
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
  try {
    expect(await adopt()).toMatchObject({ code: 0, out: expect.stringContaining('is adopted: 2 items') });
    const dynamo = new DynamoDBClient({ ...as(0, 'us-east-1'), endpoint: cloud.motoEndpoint });
    const own = { account: idOf(0), region: 'us-east-1' };
    const hub = dynamoLedger(cloud.stack.outputs['LedgerTable'] ?? '', dynamo, { place, own, functions, isHub: true });
    expect(await hub.exempt(state.control)).toEqual([target]);
    expect(await hub.lease(state.control, target, 'me', now, 60)).toEqual(state);
    expect(await adopt()).toMatchObject({ code: 0, out: expect.stringContaining('was adopted already') });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('nobody but the hub’s function becomes a role of a member, not even the member’s administrator', async () => {
  const RoleArn = `arn:aws:iam::${idOf(1)}:role/redress/redress-volumes`;
  for (const n of [0, 1, 2])
    await expect(
      new STSClient({ ...as(n, 'us-east-1'), maxAttempts: 1 }).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'x' })),
    ).rejects.toThrow('not authorized to perform: sts:AssumeRole');
});
