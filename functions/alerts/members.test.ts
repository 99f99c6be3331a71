import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchGetItemCommand, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { aFinding } from '../../test/support/alerts/findings.ts';
import { awsError } from '../../test/support/harness.ts';
import { MemberImports } from './members.ts';
import { securityFinding } from './render/asff.ts';
import { alertView } from './view.ts';

const sts = mockClient(STSClient);
const hub = mockClient(SecurityHubClient);
const sns = mockClient(SNSClient);
const dynamo = mockClient(DynamoDBClient);
afterAll(() => {
  for (const one of [sts, hub, sns, dynamo]) one.restore();
  vi.unstubAllEnvs();
});

const own = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
const member = { account: '444455556666', region: 'us-east-1' };
const finding = aFinding({ ...member, id: 'f-20261121-444455556666' });
const drawn = [securityFinding(alertView(finding, {}))];
const notEnabled = () => awsError('InvalidAccessException', 'Account 444455556666 is not subscribed to AWS Security Hub', 401);

let now: number;
let logs: string[];
let calls: string[];
let refusing: ((token: string) => Error | undefined) | undefined;
beforeEach(() => {
  [now, logs, calls, refusing] = [Date.parse('2026-11-21T09:00:00Z'), [], [], undefined];
  for (const one of [sts, hub, sns, dynamo]) one.reset();
  let given = 0;
  sts.on(AssumeRoleCommand).callsFake(({ RoleArn, Policy }) => {
    given += 1;
    calls.push(`${RoleArn} ${Policy ?? 'whole'}`);
    return { Credentials: { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'x', SessionToken: `token-${given}` } };
  });
  hub.on(BatchImportFindingsCommand).callsFake(async (_input, getClient) => {
    const { config } = getClient();
    const { sessionToken = 'none' } = await config.credentials();
    calls.push(`import in ${await config.region()} as ${sessionToken}`);
    const refusal = refusing?.(sessionToken);
    if (refusal) throw refusal;
    return { FailedFindings: [] };
  });
});

const imports = () => new MemberImports({ own, now: () => now, log: (level, message) => void logs.push(`${level} ${message}`) });
const role = `arn:aws:iam::${member.account}:role/redress/redress-alerts whole`;

describe('a finding of a member', () => {
  test('is imported there, by a session of the role that is kept for all Regions of the account', async () => {
    const all = imports();
    expect(await all.import(drawn, member)).toEqual(new Map());
    await all.import(drawn, { ...member, region: 'eu-west-1' });
    expect(calls).toEqual([role, 'import in us-east-1 as token-1', 'import in eu-west-1 as token-1']);
  });

  test('names the account and Region that it is about, as the product of that account', () => {
    expect(drawn[0]).toMatchObject({
      AwsAccountId: member.account,
      Region: member.region,
      ProductArn: `arn:aws:securityhub:us-east-1:${member.account}:product/${member.account}/default`,
    });
  });

  test('waits for no member without Security Hub: that is logged once, and asked again after an hour', async () => {
    const all = imports();
    refusing = notEnabled;
    for (const _each of [1, 2, 3]) expect(await all.import(drawn, member)).toEqual(new Map());
    // a session may be of a role that was made again, so a second one is tried
    expect(calls).toEqual([role, 'import in us-east-1 as token-1', role, 'import in us-east-1 as token-2']);
    expect(logs).toEqual(['warn a member does not take findings into Security Hub']);
    now += 3600_000;
    await all.import(drawn, member);
    expect(logs).toHaveLength(1);
    refusing = undefined;
    now += 3600_000;
    await all.import(drawn, member);
    expect(calls.at(-1)).toMatch(/^import in us-east-1/);
    await all.import(drawn, member);
    expect(calls.at(-1)).toBe(calls.at(-2));
  });

  test('waits for no member without the role either', async () => {
    sts.on(AssumeRoleCommand).rejects(awsError('AccessDenied', 'not authorized to perform: sts:AssumeRole', 403));
    expect(await imports().import(drawn, member)).toEqual(new Map());
    expect([calls, logs]).toEqual([[], ['warn a member does not take findings into Security Hub']]);
  });

  test('goes in by a new session where the role was made again', async () => {
    const all = imports();
    await all.import(drawn, member);
    refusing = (token) => (token === 'token-1' ? awsError('UnrecognizedClientException', 'invalid token', 403) : undefined);
    await all.import(drawn, member);
    expect(calls.at(-1)).toBe('import in us-east-1 as token-2');
    expect(logs).toEqual([]);
  });

  test('is tried again with its message where AWS does not answer now', async () => {
    refusing = () => awsError('ThrottlingException', 'slow down', 429);
    await expect(imports().import(drawn, member)).rejects.toThrow('slow down');
    expect(logs).toEqual([]);
  });
});

describe('the notifier', () => {
  const alone: RedressConfig = { alerts: { securityHub: true } };
  const ofHub: RedressConfig = {
    ...alone,
    organization: { id: 'o-a1b2c3d4e5', hub: true, regions: ['us-east-1', 'eu-west-1'], accounts: [member.account, own.account] },
  };

  /** What a new process of the function does with findings under a config. */
  async function told(config: RedressConfig, ...findings: readonly object[]): Promise<SQSBatchResponse> {
    const folder = await mkdtemp(join(tmpdir(), 'redress-alerts-'));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const settings = { LAMBDA_TASK_ROOT: folder, REDRESS_TABLE: 'table', REDRESS_TOPIC_ARN: 'topic', AWS_REGION: own.region };
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'own' };
    for (const [name, value] of Object.entries({ ...settings, ...keys })) vi.stubEnv(name, value);
    sns.on(PublishCommand).resolves({});
    dynamo.on(BatchGetItemCommand).resolves({}).on(BatchWriteItemCommand).resolves({});
    const Records = findings.map((detail, n) => ({ messageId: `m${n}`, body: JSON.stringify({ detail }), attributes: {} }));
    const context = { invokedFunctionArn: `arn:aws:lambda:${own.region}:${own.account}:function:redress-alerts`, awsRequestId: 'r' };
    try {
      // a module of its own for each process
      const module = await import(`${new URL('./handler.ts', import.meta.url).href}?${folder}`);
      return await module.handler({ Records } as unknown as SQSEvent, context as Context);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  const here = aFinding();
  const stranger = aFinding({ account: '999988887777', id: 'f-20261121-999988887777' });

  test('of a hub imports each finding in its place, those of its own as itself, and those of no member nowhere', async () => {
    const refused = { ...finding, region: 'eu-west-1', id: 'f-20261121-000000000000', announcement: 'other' };
    refusing = (token) => (token === 'token-1' && calls.at(-1)?.includes('eu-west-1') ? notEnabled() : undefined);
    expect(await told(ofHub, here, finding, stranger, refused)).toEqual({ batchItemFailures: [] });
    expect(calls.filter((one) => one === 'import in eu-west-1 as own')).toHaveLength(1);
    expect(calls.filter((one) => one.startsWith('import in us-east-1'))).toEqual(['import in us-east-1 as token-1']);
    expect(calls.join()).not.toContain('999988887777');
    expect(sns.commandCalls(PublishCommand)).toHaveLength(4);
  });

  test('that is alone imports what it finds as itself, and asks for no session', async () => {
    await told(alone, here);
    expect(calls).toEqual(['import in eu-west-1 as own']);
  });
});
