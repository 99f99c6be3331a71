import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { RegisterImageCommand } from '@aws-sdk/client-ec2';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { RedressConfig } from '#shared/finding/config.ts';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import { forgetWindows } from '../../local/pace.ts';
import { deadLettersOf, redriven } from './dead-letters.ts';
import { Faults } from './faults.ts';
import { drawn, randomOf } from './random.ts';
import { Account, type Sort, sorts } from './sorts.ts';
import { type Made, type Row, verdict } from './verdict.ts';

/** What is asked of a storm. */
export interface StormOptions {
  readonly creations: number;
  /** Over how long they are made, in seconds. */
  readonly seconds: number;
  readonly seed: number;
  tell(text: string): void;
}

/** What came of a storm. */
export interface StormResult {
  readonly rows: readonly Row[];
  readonly thrown: { readonly [what: string]: number };
  readonly deadLetters: { readonly [cause: string]: number };
  readonly leasesLeft: number;
  /** Of the whole, from the first creation on. */
  readonly seconds: number;
}

/** What the storm runs with: whatever can be fixed is fixed at once, and launches' kinds may update groups. */
const config: RedressConfig = {
  controls: {
    'ebs-default-encryption': { mode: 'observe' },
    'volume-encrypted': { mode: 'fix', settleSeconds: 0 },
    'parameter-secure': { mode: 'fix' },
    'launch-template-encrypted': { mode: 'fix' },
    'auto-scaling-group-encrypted': { mode: 'fix', allowGroupUpdates: true },
    'launch-configuration-encrypted': { mode: 'approve', allowGroupUpdates: true },
  },
};
/** Copies of each event, which come at any time after it and in any order. */
const COPIES = 4;
/** How often AWS answers nothing for a while, in milliseconds between, and for how long. */
const FREEZE = { every: 12_000, for: 2000 };
/** How long a queue hides what it handed out, in seconds: what comes back after a crash does so within seconds, not after minutes. */
const HIDDEN = '5';
/** The functions' lease lasts for 65 s, and a dead one's case has to wait for that. */
const PATIENCE_MS = 20 * 60_000;

/** Makes creations in a local cloud while its functions' calls fail in every way, and tells what came of them. */
export async function storm({ creations, seconds, seed, tell }: StormOptions): Promise<StormResult> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-storm-'));
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const faults = new Faults(randomOf(seed + 1));
  const returned = new Map<string, string[]>();
  const cloud = await startLocalCloud({
    configFile,
    concurrency: 2,
    onProgress: tell,
    onReturned: (ids, why) => {
      for (const id of ids) returned.set(id, [...(returned.get(id) ?? []), why]);
    },
  });
  const credentials = { accessKeyId: cloud.env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: cloud.env['AWS_SECRET_ACCESS_KEY'] ?? '' };
  const account = new Account(cloud.account, { region: cloud.region, endpoint: cloud.endpoint, credentials });
  const behind = { region: cloud.region, endpoint: cloud.motoEndpoint, credentials };
  const [sqs, dynamo] = [new SQSClient({ ...behind, useQueueUrlAsEndpoint: false }), new DynamoDBClient(behind)];
  const table = cloud.stack.outputs['LedgerTable'] ?? '';
  try {
    for (const { queueUrl } of cloud.stack.mappings)
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: HIDDEN } }));
    const image = await account.ec2.send(new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda' }));
    account.image = image.ImageId ?? '';
    cloud.onCall((seen) => faults.onCall(seen));
    const begun = Date.now();
    const made = await makeAll(cloud, account, faults, { creations, seconds, seed, tell });
    const quiet = () => untilQuiet(cloud, () => forgetWindows(dynamo, table), tell);
    await quiet();
    faults.end();
    const letters = await deadLettersOf(sqs, cloud.stack.outputs['DeadLetterQueueUrl'] ?? '', returned);
    if (letters.bodies.length > 0) {
      tell(`Redriving ${letters.bodies.length} dead letters`);
      await redriven(sqs, letters, cloud.stack.mappings);
    }
    await quiet();
    const rows = await verdict(made, account, cloud.announcements());
    const duration = Math.round((Date.now() - begun) / 1000);
    const thrown = { ...faults.counts, 'copies of events': creations * COPIES };
    return { rows, thrown, deadLetters: letters.byCause, leasesLeft: await leasesIn(dynamo, table), seconds: duration };
  } finally {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the creations, evenly over the time, with freezes and copies of their events between. */
async function makeAll(
  cloud: LocalCloud,
  account: Account,
  faults: Faults,
  { creations, seconds, seed, tell }: StormOptions,
): Promise<Made[]> {
  const random = randomOf(seed);
  const made: Made[] = [];
  const copies: Promise<void>[] = [];
  const begun = Date.now();
  let frozen = begun;
  for (let n = 0; n < creations; n += 1) {
    const sort: Sort = drawn(sorts, random);
    // also when another creation is slow, each has its time
    await sleep(Math.max(0, begun + (n * seconds * 1000) / creations - Date.now()));
    const before = cloud.records().length;
    made.push({ sort, id: await sort.make(account, `storm-${n}`) });
    const events = cloud.records().slice(before);
    for (let copy = 0; copy < COPIES; copy += 1) {
      const record = events[Math.floor(random() * events.length)];
      const wait = random() * seconds * 1000;
      if (record) copies.push(sleep(wait).then(() => cloud.send(eventOf(record))));
    }
    if (Date.now() - frozen > FREEZE.every) {
      frozen = Date.now();
      faults.freeze(FREEZE.for);
    }
    if ((n + 1) % 50 === 0) tell(`${n + 1} of ${creations} made`);
  }
  await Promise.all(copies);
  return made;
}

function eventOf(record: ReturnType<LocalCloud['records']>[number]): Parameters<LocalCloud['send']>[0] {
  return {
    source: record.eventSource.replace(/^(.+)\.amazonaws\.com$/, 'aws.$1'),
    type: 'AWS API Call via CloudTrail',
    resources: [],
    detail: record,
  };
}

/** Waits until no queue holds anything; windows of the rate limit pass in a second. */
async function untilQuiet(cloud: LocalCloud, nextWindow: () => Promise<void>, tell: (text: string) => void): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let told = 0;
  for (let calm = 0; calm < 4; ) {
    const { now, later } = await cloud.queued();
    calm = now + later === 0 ? calm + 1 : 0;
    if (Date.now() > end) throw new Error(`${now + later} messages are still on the queues after ${PATIENCE_MS / 60_000} minutes`);
    if (Date.now() - told > 10_000) {
      told = Date.now();
      tell(`${now} messages wait, and ${later} come later`);
    }
    await nextWindow();
    await sleep(500);
  }
}

async function leasesIn(dynamo: DynamoDBClient, TableName: string): Promise<number> {
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true }))
    count += Items.filter((item) => item['pk']?.S?.startsWith('CASE#') && item['leaseOwner'] !== undefined).length;
  return count;
}
