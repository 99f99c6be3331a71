import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { errorText } from '#shared/aws/errors.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { deadLettersOf, redriven } from './dead-letters.ts';
import { Faults } from './faults.ts';
import { makeAll } from './making.ts';
import type { Plan } from './plan.ts';
import { type Row, verdict } from './verdict.ts';
import { Windows } from './windows.ts';
import { inCloud } from './world.ts';

/** What is asked of a storm. */
export interface StormOptions {
  readonly plan: Plan;
  readonly seed: number;
  readonly terminal: Terminal;
}

/** What came of a storm. */
export interface StormResult {
  readonly rows: readonly Row[];
  readonly thrown: { readonly [what: string]: number };
  readonly deadLetters: { readonly [cause: string]: number };
  readonly leasesLeft: number;
  /** Creations that the local cloud itself did not take. */
  readonly notMade: number;
  /** Whether all queues were empty in the end. */
  readonly isQuiet: boolean;
  /** Of the whole, from the first creation on, in seconds. */
  readonly took: number;
}

/** So many messages are through in a function's time, while moto answers the calls of all of them. */
const BATCH = 20;
/** How long a queue hides what it handed out, in seconds: longer than a dead function's lease, and than a batch takes on a busy machine. */
const HIDDEN = '90';
/** A dead function's case waits for its lease of 65 s, and a message for up to five tries: so long may nothing become less. */
const PATIENCE_MS = 15 * 60_000;

/** Makes creations in a local cloud while its functions' calls fail in every way, and tells what came of them. */
export async function storm(options: StormOptions): Promise<StormResult> {
  const { terminal, plan } = options;
  const tell = teller(terminal);
  const returned = new Map<string, string[]>();
  const onReturned = (ids: readonly string[], why: string): void => {
    for (const id of ids) returned.set(id, [...(returned.get(id) ?? []), why]);
  };
  const { organization } = plan;
  return await inCloud(plan.config, { organization, mostPerBatch: BATCH, onProgress: tell, onReturned }, (cloud) =>
    within(cloud, options, returned, tell),
  );
}

/** Says on standard error how a storm goes on. */
export function teller({ err, paintError }: Terminal): (text: string) => void {
  return (text) => err(paintError.dim(`· ${text}`));
}

async function within(
  cloud: LocalCloud,
  { plan, seed, terminal }: StormOptions,
  returned: ReadonlyMap<string, readonly string[]>,
  tell: (text: string) => void,
): Promise<StormResult> {
  // the CLI finds the local cloud as it finds AWS
  Object.assign(process.env, cloud.env);
  const { region } = cloud;
  const credentials = { accessKeyId: cloud.env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: cloud.env['AWS_SECRET_ACCESS_KEY'] ?? '' };
  const sqs = new SQSClient({ region, endpoint: cloud.endpoint, credentials });
  const dynamo = new DynamoDBClient({ region, endpoint: cloud.motoEndpoint, credentials });
  const table = cloud.stack.outputs['LedgerTable'] ?? '';
  for (const { queueUrl } of cloud.stack.mappings)
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: HIDDEN } }));
  const accounts = await plan.prepare(cloud);
  const faults = new Faults(seed, plan.strength);
  const windows = new Windows();
  cloud.onCall((seen) => {
    windows.note(seen);
    return faults.onCall(seen);
  });
  const begun = Date.now();
  const passing = setInterval(() => void windows.pass(dynamo, table).catch((error: unknown) => tell(errorText(error))), 1000);
  const quiet = () => untilQuiet(cloud, tell);
  const { made, copies, notMade } = await makeAll(cloud, accounts, faults, { plan, seed }, tell);
  await quiet();
  faults.end();
  const deadLetters = await deadLettersOf(sqs, cloud.stack.outputs['DeadLetterQueueUrl'] ?? '', returned);
  if (Object.keys(deadLetters).length > 0) await redriven(terminal);
  const isQuiet = await quiet();
  clearInterval(passing);
  const functions = cloud.stack.functions.map(({ name }) => name);
  const ledger = dynamoLedger(table, dynamo, { place: cloud, functions, readsAll: plan.organization !== undefined });
  const rows = await verdict(made, { plan, accounts }, cloud.announcements(), ledger);
  const took = Math.round((Date.now() - begun) / 1000);
  const thrown = { ...faults.counts, 'copies of events': copies };
  return { rows, thrown, deadLetters, leasesLeft: await leasesIn(dynamo, table), notMade, isQuiet, took };
}

/** Waits until no queue holds anything; false if what they hold becomes no less for too long, however slow the machine is. */
async function untilQuiet(cloud: LocalCloud, tell: (text: string) => void): Promise<boolean> {
  let [fewest, since] = [Number.POSITIVE_INFINITY, Date.now()];
  let told = 0;
  for (let calm = 0; calm < 4; ) {
    const { now, later } = await cloud.queued();
    calm = now + later === 0 ? calm + 1 : 0;
    if (now + later < fewest) [fewest, since] = [now + later, Date.now()];
    if (Date.now() - since > PATIENCE_MS) {
      tell(`${now + later} messages are on the queues, and none became less in ${PATIENCE_MS / 60_000} minutes`);
      return false;
    }
    if (Date.now() - told > 10_000) {
      told = Date.now();
      tell(`${now} messages wait, and ${later} come later`);
    }
    await sleep(calm === 0 ? 2000 : 500);
  }
  return true;
}

async function leasesIn(dynamo: DynamoDBClient, TableName: string): Promise<number> {
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true }))
    count += Items.filter((item) => item['pk']?.S?.startsWith('CASE#') && item['leaseOwner'] !== undefined).length;
  return count;
}
