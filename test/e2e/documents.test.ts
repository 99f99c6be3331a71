import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateAliasCommand, CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateAssociationCommand,
  CreateDocumentCommand,
  type CreateDocumentCommandInput,
  CreateMaintenanceWindowCommand,
  CreateOpsItemCommand,
  DescribeDocumentPermissionCommand,
  GetDocumentCommand,
  GetOpsItemCommand,
  ModifyDocumentPermissionCommand,
  RegisterTaskWithMaintenanceWindowCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { token } from '../fixtures/secrets.ts';
import { bucket, content, group, name as preferences } from '../support/documents/preferences.ts';
import { patience } from '../support/patience.ts';
import { World } from './world.ts';

const config: RedressConfig = {
  controls: {
    'document-private': { mode: 'fix' },
    'document-no-secrets': { mode: 'observe' },
    'session-preferences-logged': { mode: 'approve' },
    'command-no-secrets': { mode: 'observe' },
    'command-output-known': { mode: 'observe' },
    'ops-item-no-sensitive': { mode: 'approve' },
    'log-group-key': { mode: 'fix', key: 'alias/logs', names: ['/shop/*'] },
    'log-group-owner-tag': { mode: 'off' },
    'log-group-sensitive-tags': { mode: 'off' },
    'document-owner-tag': { mode: 'off' },
    'document-sensitive-tags': { mode: 'off' },
  },
};

/** A local cloud in which a user writes documents and log groups. */
class DocumentsWorld extends World {
  readonly ssm = new SSMClient(this.user);
  readonly s3 = new S3Client(this.user);
  readonly kms = new KMSClient(this.user);
  readonly logGroups = new CloudWatchLogsClient(this.user);

  static async start(): Promise<DocumentsWorld> {
    return new DocumentsWorld(await World.make('systems-manager', { config }));
  }

  async write(Name: string, Content: string, DocumentType: CreateDocumentCommandInput['DocumentType'] = 'Command'): Promise<void> {
    await this.ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType, DocumentFormat: 'JSON' }));
  }

  async sharedWith(Name: string): Promise<string[]> {
    const { AccountIds = [] } = await this.ssm.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }));
    return AccountIds;
  }

  async keyOf(logGroupNamePrefix: string): Promise<string | undefined> {
    const { logGroups = [] } = await this.logGroups.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
    return logGroups[0]?.kmsKeyId;
  }

  /** The inputs of the session preferences, in the version that stands. */
  async inputs(): Promise<unknown> {
    const { Content = '' } = await this.ssm.send(new GetDocumentCommand({ Name: preferences }));
    return JSON.parse(Content).inputs;
  }
}

let world: DocumentsWorld;
beforeAll(async () => {
  world = await DocumentsWorld.start();
});
afterAll(() => world?.stop());

const running = (...runCommand: string[]) =>
  JSON.stringify({ schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand } }] });

test('a token in a script is reported by its place, and its text is in no record', async () => {
  await world.write('release', running('set -e', `git push https://x:${token}@github.com/shop/app`));
  const { says } = await world.finding('document-no-secrets', 'release', 'open');
  expect(says).toMatch(/in mainSteps\[0\]\.inputs\.runCommand\[1\] of version 1\.$/);
  expect(JSON.stringify(world.cloud.records())).not.toContain(token);
});

test('a token in a command is reported within 5 s by its place, with where the output goes, and its text is in no record', async () => {
  const since = performance.now();
  const Parameters = { commands: ['set -e', `echo "LLM_AUTH_TOKEN=${token}" >> .env`] };
  const sent = new SendCommandCommand({
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [],
    Parameters,
    OutputS3BucketName: 'shop-nowhere',
  });
  const { Command } = await world.ssm.send(sent);
  const id = Command?.CommandId ?? '';
  const { says } = await world.finding('command-no-secrets', id, 'open');
  expect(says).toMatch(/^It was given what looks like secrets: .*github-token.* in parameters\.commands\[1\]\.$/);
  expect(performance.now() - since).toBeLessThan(5000);
  expect((await world.finding('command-output-known', id, 'open')).says).toMatch(/shop-nowhere, which does not exist/);
  expect(JSON.stringify(world.cloud.records())).not.toContain(token);
});

test('so is one in an association, and in a task of a maintenance window', async () => {
  const Parameters = { commands: [`export GITHUB_TOKEN=${token}`] };
  const Name = 'AWS-RunShellScript';
  const { AssociationDescription } = await world.ssm.send(new CreateAssociationCommand({ Name, Parameters }));
  const schedule = { Schedule: 'rate(1 day)', Duration: 2, Cutoff: 1, AllowUnassociatedTargets: true };
  const { WindowId } = await world.ssm.send(new CreateMaintenanceWindowCommand({ Name: 'nightly', ...schedule }));
  const given = { TaskType: 'RUN_COMMAND' as const, TaskArn: Name, TaskInvocationParameters: { RunCommand: { Parameters } } };
  const { WindowTaskId } = await world.ssm.send(new RegisterTaskWithMaintenanceWindowCommand({ WindowId, ...given }));
  const found = [`association/${AssociationDescription?.AssociationId}`, `windowtask/${WindowId}/${WindowTaskId}`];
  for (const id of found) expect((await world.finding('command-no-secrets', id, 'open')).says).toMatch(/arameters\.commands\[0\]\.$/);
  expect(JSON.stringify(world.cloud.records())).not.toContain(token);
});

test('text of an OpsItem is replaced once a person agrees', async () => {
  const item = new CreateOpsItemCommand({ Title: 'Deploy fails', Description: 'Ask anna.berg@example.com.', Source: 'shop' });
  const { OpsItemId = '' } = await world.ssm.send(item);
  const { id } = await world.finding('ops-item-no-sensitive', OpsItemId, 'awaiting-approval');
  expect(await world.redress('fix', id)).toMatchObject({ code: 0 });
  await world.finding('ops-item-no-sensitive', OpsItemId, 'fixed');
  const { OpsItem } = await world.ssm.send(new GetOpsItemCommand({ OpsItemId }));
  expect(OpsItem).toMatchObject({ Title: 'Deploy fails', Description: 'removed-by-redress', Source: 'shop' });
});

test('a document shared with All is private within five seconds, and an undo makes it public again', async () => {
  await world.write('deploy', running('df -h'));
  await world.ssm.send(new ModifyDocumentPermissionCommand({ Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['All'] }));
  const since = performance.now();
  await vi.waitFor(async () => expect(await world.sharedWith('deploy')).toEqual([]), { ...patience, interval: 100 });
  expect(performance.now() - since).toBeLessThan(5000);
  const { id } = await world.finding('document-private', 'deploy', 'fixed');
  expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
  await world.finding('document-private', 'deploy', 'undone');
  expect(await world.sharedWith('deploy')).toEqual(['all']);
});

test('session preferences demand encryption once a person agrees, every other input as it was, and no more after an undo', async () => {
  await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const kmsKeyId = `arn:aws:kms:${world.cloud.region}:${world.cloud.account}:key/0f`;
  await world.logGroups.send(new CreateLogGroupCommand({ logGroupName: group, kmsKeyId }));
  const before = JSON.parse(content()).inputs;
  await world.write(preferences, content(), 'Session');
  const { id } = await world.finding('session-preferences-logged', preferences, 'awaiting-approval');
  expect(await world.redress('fix', id)).toMatchObject({ code: 0 });
  await world.finding('session-preferences-logged', preferences, 'fixed');
  expect(await world.inputs()).toEqual({ ...before, s3EncryptionEnabled: true, cloudWatchEncryptionEnabled: true });
  expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
  await world.finding('session-preferences-logged', preferences, 'undone');
  expect(await world.inputs()).toEqual(before);
});

test('a log group is refused a key whose policy lacks two statements, gets it once they are there, and loses it by an undo', async () => {
  const { KeyMetadata: { KeyId = '', Arn = '' } = {} } = await world.kms.send(new CreateKeyCommand({}));
  await world.kms.send(new CreateAliasCommand({ AliasName: 'alias/logs', TargetKeyId: KeyId }));
  await world.logGroups.send(new CreateLogGroupCommand({ logGroupName: '/shop/orders' }));
  const refused = await world.finding('log-group-key', '/shop/orders', 'open');
  expect(world.cloud.calls().filter(({ api }) => api === 'logs:AssociateKmsKey')).toEqual([]);
  const add = /^Add to the key policy: (.*)$/;
  const Statement = refused.advice.flatMap(({ says }) => add.exec(says)?.slice(1) ?? []).map((json) => JSON.parse(json));
  expect(Statement).toHaveLength(2);
  await world.kms.send(
    new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  expect(await world.redress('fix', refused.id)).toMatchObject({ code: 0 });
  const { id } = await world.finding('log-group-key', '/shop/orders', 'fixed');
  expect(await world.keyOf('/shop/orders')).toBe(Arn);
  expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
  await world.finding('log-group-key', '/shop/orders', 'undone');
  expect(await world.keyOf('/shop/orders')).toBeUndefined();
});
