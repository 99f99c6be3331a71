import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import type { AnyControl, AwsCommand, Place } from '#shared/control/control.ts';
import { judging } from '#shared/engine/hub/empty.ts';
import { type Answers, answerTo, type Refusals } from '../support/answers.ts';
import { choosing } from '../support/choosing.ts';
import { completeFunctions } from '../support/complete.ts';
import { awsError, Harness } from '../support/harness.ts';
import { MemoryTable } from '../support/table.ts';

/** What the sweeps of one Region of a member call, together. */
interface Swept {
  readonly functions: number;
  readonly controls: number;
  /** Calls in the member. */
  readonly reads: number;
  readonly ledgerReads: number;
  /** The units that these reads are: one for each key that a call names, and for each query. */
  readonly ledgerUnits: number;
  /** Without the notes of what found nothing, which only a hub keeps. */
  readonly ledgerWrites: number;
  /** Controls that found nothing, of which a hub notes so. */
  readonly nothing: number;
}

const member: Place = { account: '444455556666', region: 'eu-west-1', partition: 'aws' };
/** How many volumes there are in a Region that is in use: encrypted, and with an owner tag. */
const VOLUMES = 100;

const trail = {
  Name: 'organization',
  TrailARN: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/organization',
  HomeRegion: 'us-east-1',
  IsMultiRegionTrail: true,
  IsOrganizationTrail: true,
};

/** A Region in which nothing runs: its default VPC, an organization's trail, and every setting as the controls want it. */
const empty: Answers = {
  'cloudtrail:DescribeTrails': (asked: { includeShadowTrails: boolean }) => ({ trailList: asked.includeShadowTrails ? [trail] : [] }),
  'cloudtrail:GetTrailStatus': () => ({ IsLogging: true }),
  'cloudtrail:GetEventSelectors': () => ({ EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }),
  'ec2:DescribeSecurityGroups': () => ({
    SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'default', VpcId: 'vpc-1', IpPermissions: [], IpPermissionsEgress: [] }],
  }),
  'ec2:DescribeVpcs': () => ({ Vpcs: [{ VpcId: 'vpc-1', IsDefault: true }] }),
  'ec2:GetAllowedImagesSettings': () => ({ State: 'audit-mode' }),
  'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId: 'alias/aws/ebs' }),
  'ec2:GetEbsEncryptionByDefault': () => ({ EbsEncryptionByDefault: true }),
  'ec2:GetImageBlockPublicAccessState': () => ({ ImageBlockPublicAccessState: 'block-new-sharing' }),
  'ec2:GetInstanceMetadataDefaults': () => ({ AccountLevel: { HttpTokens: 'required' } }),
  'ec2:GetSerialConsoleAccessStatus': () => ({ SerialConsoleAccessEnabled: false }),
  'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: 'block-all-sharing' }),
  'guardduty:GetDetector': () => ({ Status: 'ENABLED' }),
  'guardduty:ListDetectors': () => ({ DetectorIds: ['d'] }),
  'macie2:GetMacieSession': () => ({ status: 'ENABLED' }),
  'ssm:GetServiceSetting': ({ SettingId }: { SettingId: string }) => ({
    ServiceSetting: { SettingId, SettingValue: SettingId.includes('public-sharing') ? 'Disable' : '' },
  }),
};
const refused: Refusals = { 'ssm:GetDocument': awsError('InvalidDocument') };

const volumes = Array.from({ length: VOLUMES }, (_, n) => ({
  VolumeId: `vol-${n}`,
  Encrypted: true,
  State: 'in-use',
  Tags: [{ Key: 'created:owner', Value: 'dana' }],
}));
const inUse: Answers = {
  ...empty,
  'ec2:DescribeVolumes': ({ Filters = [] }: { Filters?: readonly { Name: string; Values: readonly string[] }[] }) => {
    const [{ Name, Values } = { Name: '', Values: [] }] = Filters;
    if (Name === 'encrypted') return { Volumes: [] };
    return { Volumes: Name === 'volume-id' ? volumes.filter(({ VolumeId }) => Values.includes(VolumeId)) : volumes };
  },
};

/** A Region in use has a group, and the home Region has the trails and the account's block: that is what controls look at every hour. */
const withGroup: Answers = {
  ...empty,
  'autoscaling:DescribeAutoScalingGroups': () => ({ AutoScalingGroups: [{ AutoScalingGroupName: 'web', Instances: [] }] }),
};
const home: Answers = {
  ...empty,
  'cloudtrail:DescribeTrails': () => ({ trailList: [trail] }),
  's3:GetAccountPublicAccessBlock': () => ({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  }),
};
const homeMember = { ...member, region: 'us-east-1' };

/** Sweeps one Region with these controls of one function, as a hub does, and counts what that calls. */
async function sweep(controls: readonly AnyControl[], answers: Answers, nothing: Set<string>, at = member): Promise<Swept> {
  const table = new MemoryTable();
  const ledger: string[] = [];
  let ledgerUnits = 0;
  table.around = async (name, call, command) => {
    ledger.push(name);
    if (isRead(name)) ledgerUnits += command instanceof BatchGetItemCommand ? unitsOf(command) : 1;
    return call();
  };
  // what the table of answers does not name is a list, and empty; what it answers is of the type that each command names
  const send = async (command: AwsCommand): Promise<never> => answerTo(command, anyOf(answers), refused) as never;
  const others = [{ place: at, world: { send } }];
  const acting = { foundNothing: async ({ id }: AnyControl) => void nothing.add(id) };
  const harness = new Harness({ controls, world: { send }, others, table, acting });
  harness.put({ controls: controls.map(({ id }) => id), event: { ...scheduled, region: at.region } });
  await harness.settle();
  if (harness.announced.length > 0 || harness.writes.length > 0)
    throw new Error(`this Region should be as wanted: ${harness.announced.map(({ control, found }) => `${control}: ${found}`)}`);
  const ledgerReads = ledger.filter(isRead).length;
  return {
    functions: 1,
    controls: controls.length,
    reads: harness.reads.length,
    ledgerReads,
    ledgerUnits,
    ledgerWrites: ledger.length - ledgerReads,
    nothing: controls.filter(({ id }) => nothing.has(id)).length,
  };
}

const isRead = (name: string) => /^(?:Batch)?(?:Get|Query)/.test(name);

/** What is not there is read for as much as an item of up to 4 KB. */
function unitsOf({ input }: BatchGetItemCommand): number {
  const asked = Object.values(input.RequestItems ?? {});
  return asked.reduce((sum, { Keys = [], ConsistentRead }) => sum + Keys.length * (ConsistentRead ? 1 : 0.5), 0);
}

function anyOf(answers: Answers): Answers {
  return new Proxy(answers, { get: (known, action: string) => known[action] ?? (() => ({})) });
}

const scheduled = {
  id: 'sweep',
  account: member.account,
  region: member.region,
  time: '2026-11-21T09:00:00Z',
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  resources: [],
  detail: {},
};

const functions = await completeFunctions();
// a control that waits for a call of Redress itself has nothing to call in a member
const ofMembers = functions.map(({ controls }) => controls.filter(({ triggers }) => !triggers.some(({ isOwn }) => isOwn)));

/** What is meant of these functions, in parts that each have a message of their own. */
function partsOf(isMeant: (control: AnyControl) => boolean): AnyControl[][] {
  return ofMembers.map((controls) => controls.filter(isMeant)).filter(({ length }) => length > 0);
}

async function all(isMeant: (control: AnyControl) => boolean, answers = empty, nothing = new Set<string>(), at = member): Promise<Swept> {
  const swept = await Promise.all(partsOf(isMeant).map((controls) => sweep(controls, answers, nothing, at)));
  const sum = (name: keyof Swept) => swept.reduce((before, one) => before + one[name], 0);
  return {
    functions: sum('functions'),
    controls: sum('controls'),
    reads: sum('reads'),
    ledgerReads: sum('ledgerReads'),
    ledgerUnits: sum('ledgerUnits'),
    ledgerWrites: sum('ledgerWrites'),
    nothing: sum('nothing'),
  };
}

const judges = judging(ofMembers.flat());

/** What a hub's schedule has look once it passes by what found nothing. */
async function allLeft(isMeant: (control: AnyControl) => boolean, answers: Answers, at = member): Promise<Swept> {
  const nothing = new Set<string>();
  const isLeft = (control: AnyControl) => isMeant(control) && judges(control.id, at) && !nothing.has(control.id);
  await all(isLeft, answers, nothing, at);
  return await all(isLeft, answers, nothing, at);
}

/** What a hub reads of each place before anything looks there, and what more for each message that it sends. */
async function chosen(isMeant: (control: AnyControl) => boolean, at = member) {
  const parts = partsOf(isMeant);
  const sum = async (isPassedBy: boolean) => {
    const read = await Promise.all(parts.map((controls) => choosing(controls, at, isPassedBy, judges)));
    const of = (name: 'messages' | 'notes' | 'units') => read.reduce((before, one) => before + one[name], 0);
    return { messages: of('messages'), notes: of('notes'), units: of('units') };
  };
  const [passed, sent] = [await sum(true), await sum(false)];
  expect(passed.messages).toBe(0);
  return {
    functions: parts.length,
    notes: passed.notes,
    units: passed.units,
    // those of all functions, where nothing is passed by
    messages: sent.messages,
    notesOfMessage: (sent.notes - passed.notes) / sent.messages,
    unitsOfMessage: (sent.units - passed.units) / sent.messages,
  };
}

const isHourly = ({ sweep: { every } }: AnyControl) => every === '1 hour';
const isDaily = (control: AnyControl) => !isHourly(control);

test('what sweeps of a Region call is what the cost is computed of', async () => {
  const counted = {
    volumes: VOLUMES,
    daily: await all(isDaily),
    // what a hub does not pass by there: settings, and what AWS makes by itself
    dailyEmpty: await allLeft(isDaily, empty),
    dailyInUse: await all(isDaily, inUse),
    hourly: await all(isHourly),
    hourlyInUse: await allLeft(isHourly, withGroup),
    hourlyHome: await allLeft(isHourly, home, homeMember),
    choosing: {
      daily: await chosen(isDaily),
      hourly: await chosen(isHourly),
      dailyHome: await chosen(isDaily, homeMember),
      hourlyHome: await chosen(isHourly, homeMember),
    },
  };
  // to write it anew: npx vitest run --project unit test/bench/sweep-calls.test.ts -u && npm run generate
  await expect(`${JSON.stringify(counted, undefined, 2)}\n`).toMatchFileSnapshot('../../bench/sweeps.json');
});
