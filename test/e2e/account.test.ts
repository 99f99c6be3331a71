import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DisableAllowedImagesSettingsCommand,
  DisableImageBlockPublicAccessCommand,
  DisableSnapshotBlockPublicAccessCommand,
  EC2Client,
  EnableSerialConsoleAccessCommand,
  GetAllowedImagesSettingsCommand,
  GetImageBlockPublicAccessStateCommand,
  GetInstanceMetadataDefaultsCommand,
  GetSerialConsoleAccessStatusCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ModifyInstanceMetadataDefaultsCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { CreateDetectorCommand, GetDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { DisableMacieCommand, EnableMacieCommand, GetMacieSessionCommand, Macie2Client } from '@aws-sdk/client-macie2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import {
  CreateDocumentCommand,
  GetServiceSettingCommand,
  ModifyDocumentPermissionCommand,
  ResetServiceSettingCommand,
  SSMClient,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ACCOUNT } from '#shared/control/setting.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { namedEndpoint, resolveLocalhost } from '../../local/runtime/localhost-names.ts';
import { patience } from '../support/patience.ts';
import { sizes } from './volumes-world.ts';
import { World, type WorldOptions } from './world.ts';

/** A local cloud in which tests change the settings of the account. */
class AccountWorld extends World {
  /** The client of an ordinary user. */
  readonly ec2 = new EC2Client(this.user);
  /** A client of moto itself, whose calls nobody sees. */
  readonly behindEc2 = new EC2Client(this.moto);
  readonly ssm = new SSMClient(this.user);
  readonly behindSsm = new SSMClient(this.moto);
  readonly trails = new CloudTrailClient(this.user);
  readonly behindTrails = new CloudTrailClient(this.moto);

  /** Sends the events of these schedules alone: those of all would look at everything. */
  async schedule(...names: readonly string[]): Promise<void> {
    for (const { ruleArn } of this.cloud.stack.schedules) {
      const event = { source: 'aws.events', type: 'Scheduled Event', resources: [ruleArn], detail: {} };
      if (names.some((name) => ruleArn.endsWith(`/redress-${name}`))) await this.cloud.send(event);
    }
  }

  /** One more trail that logs, of whose making nobody knows. */
  async makeTrail(Name: string): Promise<string> {
    const S3BucketName = `logs-of-${Name}`;
    await new S3Client(this.moto).send(new CreateBucketCommand({ Bucket: S3BucketName }));
    const { TrailARN = '' } = await this.behindTrails.send(new CreateTrailCommand({ Name, S3BucketName }));
    await this.behindTrails.send(new StartLoggingCommand({ Name }));
    return TrailARN;
  }
  readonly kms = new KMSClient(this.user);
  readonly guardDuty = new GuardDutyClient(this.user);
  readonly macie = new Macie2Client(this.user);
  readonly s3control = new S3ControlClient({ ...this.user, endpoint: namedEndpoint(this.user.endpoint) });
  readonly behindS3 = new S3Client({ ...this.moto, forcePathStyle: true });

  static async start(options: WorldOptions): Promise<AccountWorld> {
    return new AccountWorld(await World.make('account', options));
  }
}

// The tests run in order, in an account where nobody has set anything.
const sharing = 'snapshot-sharing-blocked';
let world: AccountWorld;
let account: string;
beforeAll(async () => {
  resolveLocalhost();
  const fix = { mode: 'fix' } as const;
  const console = { mode: 'fix', settleSeconds: 0 } as const;
  world = await AccountWorld.start({
    config: { controls: { 'imds-defaults-v2': fix, 'serial-console-off': console, 'images-allowed-audited': fix } },
  });
  account = world.cloud.account;
});
afterAll(() => world?.stop());

const isA = (control: string, status: Finding['status']) => world.finding(control, account, status);
const blocking = async () => (await world.ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}))).State;

describe('public sharing of snapshots that somebody allows', () => {
  test('is blocked again within five seconds where nothing is public', async () => {
    await world.ec2.send(new DisableSnapshotBlockPublicAccessCommand({}));
    const since = performance.now();
    await vi.waitFor(async () => expect(await blocking()).toBe('block-all-sharing'), { ...patience, interval: 100 });
    expect(performance.now() - since).toBeLessThan(5000);
    const { changes, actor } = await isA(sharing, 'fixed');
    expect(changes).toEqual([
      { api: 'ec2:EnableSnapshotBlockPublicAccess', says: 'Block all public sharing of snapshots in this Region.' },
    ]);
    expect(actor.name).toBe('dana');
  });

  test('waits for a person where a snapshot is public, and names it', async () => {
    const { VolumeId } = await world.behindEc2.send(new CreateVolumeCommand(sizes));
    const { SnapshotId = '' } = await world.behindEc2.send(new CreateSnapshotCommand({ VolumeId }));
    await world.behindEc2.send(
      new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', GroupNames: ['all'] }),
    );
    await world.ec2.send(new DisableSnapshotBlockPublicAccessCommand({}));
    const waiting = await isA(sharing, 'awaiting-approval');
    expect(waiting.says).toContain(`A person should look first: ${SnapshotId} is public`);
    expect([await blocking(), world.calls('ec2:EnableSnapshotBlockPublicAccess')]).toEqual(['unblocked', 1]);

    expect(await world.redress('fix', waiting.id)).toMatchObject({ code: 0 });
    await isA(sharing, 'fixed');
    expect([await blocking(), world.calls('ec2:EnableSnapshotBlockPublicAccess')]).toEqual(['block-all-sharing', 2]);
  });

  test('is allowed again by an order to undo, and stays so', async () => {
    const { id } = await isA(sharing, 'fixed');
    expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
    await isA(sharing, 'undone');
    await world.ec2.send(new DisableSnapshotBlockPublicAccessCommand({}));
    await isA(sharing, 'exempt');
    expect([await blocking(), world.calls('ec2:EnableSnapshotBlockPublicAccess')]).toEqual(['unblocked', 2]);
  });
});

test('public sharing of AMIs is blocked by one call, though it shows later', async () => {
  await world.ec2.send(new DisableImageBlockPublicAccessCommand({}));
  await isA('image-sharing-blocked', 'fixed');
  const { ImageBlockPublicAccessState } = await world.ec2.send(new GetImageBlockPublicAccessStateCommand({}));
  expect([ImageBlockPublicAccessState, world.calls('ec2:EnableImageBlockPublicAccess')]).toEqual(['block-new-sharing', 1]);
});

describe('public sharing of documents that somebody allows', () => {
  const SettingId = '/ssm/documents/console/public-sharing-permission';
  const control = 'document-sharing-blocked';
  const setting = async () => {
    const { ServiceSetting } = await world.ssm.send(new GetServiceSettingCommand({ SettingId }));
    return [ServiceSetting?.SettingValue, ServiceSetting?.Status];
  };

  test('is blocked again within five seconds where nothing is public', async () => {
    const arn = `arn:aws:ssm:${world.cloud.region}:${account}:servicesetting${SettingId}`;
    await world.ssm.send(new UpdateServiceSettingCommand({ SettingId: arn, SettingValue: 'Enable' }));
    const since = performance.now();
    await vi.waitFor(async () => expect(await setting()).toEqual(['Disable', 'Customized']), { ...patience, interval: 100 });
    expect(performance.now() - since).toBeLessThan(5000);
    await isA(control, 'fixed');
  });

  test('waits for a person where a document is public, names it, and is as AWS has it after an undo', async () => {
    const Content = JSON.stringify({ schemaVersion: '2.2', mainSteps: [] });
    await world.behindSsm.send(new CreateDocumentCommand({ Name: 'deploy', Content, DocumentType: 'Command', DocumentFormat: 'JSON' }));
    await world.behindSsm.send(new ModifyDocumentPermissionCommand({ Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['all'] }));
    await world.ssm.send(new ResetServiceSettingCommand({ SettingId }));
    const { id, says } = await isA(control, 'awaiting-approval');
    expect(says).toContain('A person should look first: deploy is public');
    expect(await setting()).toEqual(['Enable', 'Default']);
    expect(await world.redress('fix', id)).toMatchObject({ code: 0 });
    await isA(control, 'fixed');
    expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
    await isA(control, 'undone');
    expect(await setting()).toEqual(['Enable', 'Default']);
  });
});

test('the other settings of the account', async () => {
  await world.ec2.send(new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'optional' }));
  await world.ec2.send(new EnableSerialConsoleAccessCommand({}));
  await world.ec2.send(new DisableAllowedImagesSettingsCommand({}));
  for (const control of ['imds-defaults-v2', 'serial-console-off', 'images-allowed-audited']) await isA(control, 'fixed');
  const { AccountLevel } = await world.ec2.send(new GetInstanceMetadataDefaultsCommand({}));
  expect(AccountLevel).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 2, ManagedBy: 'account' });
  expect(await world.ec2.send(new GetSerialConsoleAccessStatusCommand({}))).toMatchObject({ SerialConsoleAccessEnabled: false });
  expect(await world.ec2.send(new GetAllowedImagesSettingsCommand({}))).toMatchObject({ State: 'audit-mode' });
});

// one flow for all four, for each wait costs seconds
test('keys, detectors and the block of buckets are guarded: each waits for a person, is fixed by an order, and undone by another', async () => {
  const { KeyMetadata: { KeyId = '', Arn = '' } = {} } = await world.kms.send(new CreateKeyCommand({ Description: 'volumes' }));
  await world.ec2.send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: Arn }));
  const { VolumeId = '' } = await world.behindEc2.send(new CreateVolumeCommand({ ...sizes, Encrypted: true, KmsKeyId: Arn }));
  await world.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  const { DetectorId } = await world.guardDuty.send(new CreateDetectorCommand({ Enable: true }));
  await world.guardDuty.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
  await world.macie.send(new EnableMacieCommand({}));
  await world.macie.send(new DisableMacieCommand({}));
  const flags = { BlockPublicAcls: true, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };
  await world.behindS3.send(new CreateBucketCommand({ Bucket: 'www-public', ACL: 'public-read' }));
  await world.s3control.send(new PutPublicAccessBlockCommand({ AccountId: account, PublicAccessBlockConfiguration: flags }));
  const states = async () => [
    (await world.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState,
    (await world.guardDuty.send(new GetDetectorCommand({ DetectorId }))).Status,
    (await world.macie.send(new GetMacieSessionCommand({})).catch(() => undefined))?.status,
    (await world.s3control.send(new GetPublicAccessBlockCommand({ AccountId: account }))).PublicAccessBlockConfiguration,
  ];
  const guards = [
    ['key-usable', KeyId],
    ['guardduty-on', account],
    ['macie-on', account],
    ['bucket-public-access-blocked', account],
  ] as const;
  const all = (status: Finding['status']) => Promise.all(guards.map(([control, id]) => world.finding(control, id, status)));
  const order = async (what: 'fix' | 'undo', findings: readonly Finding[]) => {
    for (const { code } of await Promise.all(findings.map(({ id }) => world.redress(what, id)))) expect(code).toBe(0);
  };

  const waiting = await all('awaiting-approval');
  expect(waiting.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'high', 'high']);
  for (const [n, says] of [
    `EBS encrypts new volumes of this Region under it. Under it are: volume ${VolumeId}.`,
    'GuardDuty is suspended',
    'Macie was disabled',
    'these flags are off: IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets. Public now: www-public',
  ].entries())
    expect(waiting[n]?.says).toContain(says);
  expect(await states()).toEqual(['PendingDeletion', 'DISABLED', undefined, flags]);

  await order('fix', waiting);
  await all('fixed');
  const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  expect(await states()).toEqual(['Enabled', 'ENABLED', 'ENABLED', blocked]);

  await order('undo', waiting);
  await all('undone');
  expect(await states()).toEqual(['Disabled', 'DISABLED', 'PAUSED', flags]);
});

// the last, for no call is an event any more after it
describe('trails that somebody stops', () => {
  const control = 'trail-logging';
  const main = 'management-events';
  const isLogging = async (Name: string) => (await world.trails.send(new GetTrailStatusCommand({ Name }))).IsLogging;
  const stop = (Name: string) => world.trails.send(new StopLoggingCommand({ Name }));
  let second = '';

  test('the only one logs again within five seconds, and the alert is critical', async () => {
    await stop(main);
    const since = performance.now();
    await vi.waitFor(async () => expect(await isLogging(main)).toBe(true), { ...patience, interval: 100 });
    expect(performance.now() - since).toBeLessThan(5000);
    const { severity, changes, actor } = await world.finding(control, main, 'fixed');
    expect([severity, changes, actor.name]).toEqual([
      'critical',
      [{ api: 'cloudtrail:StartLogging', says: `Start ${main} again.` }],
      'dana',
    ]);
  });

  test('a second one is low and only reported, by its ARN too', async () => {
    second = await world.makeTrail('second');
    await stop(second);
    const { severity, says } = await world.finding(control, 'second', 'open');
    expect([severity, says]).toEqual(['low', expect.stringContaining(`It does not log. But ${main} covers this Region.`)]);
    expect([await isLogging(second), world.calls('cloudtrail:StartLogging')]).toEqual([false, 1]);
  });

  test('the call that Redress makes once a day comes back as an event', async () => {
    await world.schedule('account-wake');
    await vi.waitFor(() => expect(world.calls('sqs:TagQueue')).toBe(1), patience);
    await world.schedule('account-sweep-1-hour');
    const found = { type: ACCOUNT, id: account };
    const kept = async () => (await world.ledger.lease('events-arriving', found, 'test', new Date(), 0))?.kept;
    await vi.waitFor(async () => expect(await kept()).toEqual({ seenAt: expect.stringMatching(/^20\d\d-/) }), patience);
    expect(world.told('events-arriving', account)).toEqual([]);
  });

  test('a second one that somebody deletes is reported with the calls that bring it back', async () => {
    await world.trails.send(new DeleteTrailCommand({ Name: second }));
    const deleted = await vi.waitFor(() => {
      const latest = world.told(control, 'second').at(-1);
      return latest?.says.includes('It was deleted') ? latest : expect.fail('it is not known yet');
    }, patience);
    expect(deleted.severity).toBe('low');
    expect(deleted.advice[0]?.says).toContain('`aws cloudtrail create-trail --name second');
  });

  test('an undo stops it again; then no call is an event any more, and a sweep leaves it so for 7 days', async () => {
    const { id } = await world.finding(control, main, 'fixed');
    expect(await world.redress('undo', id)).toMatchObject({ code: 0 });
    await world.finding(control, main, 'undone');
    const invocations = world.invocations();
    await stop(main);
    await world.ec2.send(new DisableSnapshotBlockPublicAccessCommand({}));
    await world.quiet();
    expect(world.invocations()).toBe(invocations);
    await world.schedule('account-sweep-1-hour');
    const { exemption } = await world.finding(control, main, 'exempt');
    const days = (Date.parse(exemption?.until ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect([await isLogging(main), world.calls('cloudtrail:StartLogging')]).toEqual([false, 1]);
  });
});
