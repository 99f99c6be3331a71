import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DisableEbsEncryptionByDefaultCommand, EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pace } from '#shared/aws/pace.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import { joinedRows } from '#shared/ledger/joined.ts';
import type { LocalFinding } from '../../local/findings.ts';
import { at, stringAt } from '../../local/json.ts';
import { hubFor } from '../../local/synthesise.ts';
import { keepingTerminal, redress } from '../cli/world.ts';
import { patience } from '../support/patience.ts';
import { offBut, synthesised } from '../support/synthesised.ts';
import { startWatchedCloud, type WatchedCloud } from '../support/watched-cloud.ts';

const played = { accounts: 3, regions: ['us-east-1', 'eu-west-1'], stackSets: true };
let folder: string;
let cloud: WatchedCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-e2e-'));
  const { templateFile } = await synthesised(folder, false, {
    controls: { ...(await offBut('volumes')), 'volume-owner-tag': { mode: 'off' } },
    organization: hubFor(played),
  });
  cloud = await startWatchedCloud({ template: templateFile, organization: played });
  vi.spyOn(pace, 'pause').mockImplementation(async () => await new Promise((resolve) => setTimeout(resolve, 20)));
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The settings of clients of an account's administrator. */
const as = (name: string, region = 'us-east-1') => {
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.accounts.find((one) => one.name === name) ?? expect.fail(`no ${name}`);
  return { endpoint: cloud.endpoint, region, credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
};
const idOf = (name: string) => cloud.accounts.find((one) => one.name === name)?.id ?? '';

/** A command of `redress` with the credentials of what administers StackSets. */
async function command(...argv: readonly string[]) {
  const { credentials, endpoint, region } = as('administrator');
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', String(credentials.sessionToken));
  return await redress([...argv, '--config', join(folder, 'redress.json')], keepingTerminal());
}

/** The stacks that StackSets have made, each with its id. */
async function stacks(): Promise<string[]> {
  const client = new CloudFormationClient(as('administrator'));
  const of = (StackSetName: string) => client.send(new ListStackInstancesCommand({ StackSetName, CallAs: 'DELEGATED_ADMIN' }));
  const all = await Promise.all(['redress-member-roles', 'redress-member-rules'].map(of));
  return all.flatMap(({ Summaries = [] }) => Summaries.flatMap(({ StackId }) => StackId ?? []));
}

const itsLedger = () => ({
  table: cloud.stack.outputs['LedgerTable'] ?? '',
  dynamo: new DynamoDBClient({ ...as('hub'), endpoint: cloud.motoEndpoint }),
});

test('a deployment names the account that fails and why, and the next one mends that alone', async () => {
  const iam = new IAMClient(as('member-2'));
  const RoleName = 'redress-volumes';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }));
  const first = await command('org', 'deploy', '--hub', `${idOf('hub')}/us-east-1`, '--yes');
  const why = `ResourceLogicalId:VolumesRole, ResourceType:AWS::IAM::Role, ResourceStatusReason:${RoleName} already exists.`;
  expect(first.err).toContain(`failed: redress-member-roles in ${idOf('member-2')} us-east-1: ${why}`);
  expect(first.out).toContain("3 of 5 members' Regions have their roles and rules.");
  expect(first.code).toBe(1);
  const before = await stacks();

  await iam.send(new DeleteRoleCommand({ RoleName }));
  const second = await command('org', 'deploy');
  expect(second.err.split('\n')).toEqual([
    `~ retry stacks of redress-member-roles in workloads: ${idOf('member-2')}: us-east-1`,
    `~ retry stacks of redress-member-rules in workloads: ${idOf('member-2')}: us-east-1, eu-west-1`,
  ]);
  expect(second).toMatchObject({ code: 0, out: "5 of 5 members' Regions have their roles and rules." });
  // what was well is the same stack still
  const after = await stacks();
  expect(after).toEqual(expect.arrayContaining(before));
  expect([before.length, after.length]).toEqual([5, 8]);
  expect(await command('doctor', '--org')).toMatchObject({ code: 0, out: "5 of 5 members' Regions have their roles and rules." });
});

test('a new account in the OU is served without another deployment', async () => {
  const answer = await fetch(`${cloud.endpoint}/_local/accounts`, { method: 'POST' });
  const { id, name } = (await answer.json()) as { id: string; name: string };
  await vi.waitFor(async () => expect(await stacks()).toHaveLength(11), patience);
  const fixed = (by: string) =>
    vi.waitFor(() => {
      const isOne = (one: LocalFinding) => one['account'] === id && one['region'] === 'eu-west-1' && one['status'] === 'fixed';
      return cloud.announcements().find((one) => isOne(one) && stringAt(one, 'event', 'name') === by) ?? expect.fail(`nothing by ${by}`);
    }, patience);
  // its stack has the place swept
  expect(await fixed('CloudFormation Stack Status Change')).toMatchObject({ control: 'ebs-default-encryption' });
  const ec2 = new EC2Client(as(name, 'eu-west-1'));
  await ec2.send(new DisableEbsEncryptionByDefaultCommand({}));
  const found = await fixed('DisableEbsEncryptionByDefault');
  expect((await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault).toBe(true);
  await vi.waitFor(async () => expect(await cloud.queued()).toEqual({ now: 0, later: 0 }), patience);

  const { table, dynamo } = itsLedger();
  const place = { account: idOf('hub'), region: 'us-east-1' };
  const ledger = dynamoLedger(table, dynamo, { place, functions: ['redress-volumes'], readsAll: true });
  expect(at(await ledger.getFinding(found.id), 'finding', 'account')).toBe(id);
  expect(await joinedRows(table, dynamo).all()).toEqual(played.regions.toSorted().map((region) => ({ account: id, region })));
  const checked = await command('doctor', '--org');
  expect(checked).toMatchObject({ code: 0, out: "7 of 7 members' Regions have their roles and rules." });
  expect(checked.err).toContain(`The config does not list ${id}: each joins the hub with the first event that it forwards`);
});

test('an account that leaves is taken out at the next sweep, and reported', async () => {
  const { table, dynamo } = itsLedger();
  const [{ account = '' } = {}] = await joinedRows(table, dynamo).all();
  expect(await fetch(`${cloud.endpoint}/_local/accounts?id=${account}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await stacks()).toHaveLength(8);
  // a function has the sessions that it took before for an hour at most; one that starts anew has none
  const isKilled = new Promise<void>((resolve) => {
    cloud.onCall(({ function: name }) => {
      if (name !== 'redress-volumes') return undefined;
      cloud.onCall(undefined);
      resolve();
      return 'kill';
    });
  });
  await new EC2Client(as('hub')).send(new DisableEbsEncryptionByDefaultCommand({}));
  await isKilled;

  await cloud.sweep();
  await vi.waitFor(async () => expect(await joinedRows(table, dynamo).all()).toEqual([]), patience);
  const isOurs = (one: LocalFinding) => one['account'] === account && one['control'] === 'members-only';
  const found = await vi.waitFor(() => cloud.announcements().find(isOurs) ?? expect.fail('not reported'), patience);
  expect(found).toMatchObject({ status: 'skipped' });
  expect(await command('doctor', '--org')).toMatchObject({ code: 0, out: "5 of 5 members' Regions have their roles and rules." });
});
