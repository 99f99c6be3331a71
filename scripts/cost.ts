import { WAKE_SECONDS } from '#shared/finding/names.ts';
import results from '../bench/results.json' with { type: 'json' };

/** One item of a bill: so many units at a price, in USD. */
export interface Item {
  readonly what: string;
  readonly units: number;
  /** What one unit is. */
  readonly unit: string;
  readonly price: number;
}

/** When the prices below were last looked up. */
export const READ_ON = '2026-11-28';

const MILLION = 1e6;
/** List prices in us-east-1, in USD, without any free allowance; the names are those of `sources`. */
const prices = {
  sqsRequest: 0.4 / MILLION,
  lambdaRequest: 0.2 / MILLION,
  lambdaGbSecond: 0.0000133334,
  alarmMetric: 0.1,
  customMetric: 0.3,
  dashboard: 3,
  logGb: 0.5,
  logGbMonth: 0.03,
  key: 1,
  tableRead: 0.125 / MILLION,
  tableWrite: 0.625 / MILLION,
  tableGbMonth: 0.25,
  backupGbMonth: 0.2,
  busEvent: 1 / MILLION,
  publish: 0.5 / MILLION,
  email: 2 / 100_000,
} as const;

/** Where each price stands, and where it was seen quoted. */
export const sources: readonly (readonly [says: string, ...pages: string[]])[] = [
  ['SQS: 0.40 a million requests of at most 64 KB', 'https://aws.amazon.com/sqs/pricing/', 'https://cloudburn.io/blog/amazon-sqs-pricing'],
  [
    'Lambda on arm64: 0.20 a million requests, 0.0000133334 a GB-second',
    'https://aws.amazon.com/lambda/pricing/',
    'https://cloudchipr.com/blog/aws-lambda-pricing',
  ],
  [
    'CloudWatch: 0.10 for each metric of an alarm, 0.30 for a custom metric (by the hour in which it has values), 3.00 for a dashboard, logs 0.50 a GB and 0.03 a GB and month',
    'https://aws.amazon.com/cloudwatch/pricing/',
  ],
  [
    'KMS: 1.00 for a key, and 1.00 more for each of its first two rotations',
    'https://aws.amazon.com/kms/pricing/',
    'https://cloudburn.io/blog/aws-kms-pricing',
  ],
  [
    'DynamoDB on demand: 0.625 a million writes of 1 KB, 0.125 a million reads of 4 KB, 0.25 a GB and month, and 0.20 for its continuous backup',
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  ],
  [
    "EventBridge: 1.00 a million events of one's own; events of AWS and schedules are free",
    'https://aws.amazon.com/eventbridge/pricing/',
    'https://cloudburn.io/blog/amazon-eventbridge-pricing',
  ],
  [
    'SNS: 0.50 a million messages, 2.00 for 100,000 e-mails',
    'https://aws.amazon.com/sns/pricing/',
    'https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/',
  ],
  [
    'Lambda polls an idle queue over five connections, each for 20 seconds: seen as 15 empty receives a minute',
    'https://github.com/getlift/lift/issues/132',
  ],
];

/** A month of 30 days. */
const DAYS = 30;
const HOURS = 24 * DAYS;
const GB = 1e9;
const KB = 1e3;
/** The memory of a function, in GB. */
const MEMORY = 0.5;
/** Metrics that alarms read: dead letters, errors, heartbeats. */
export const ALARM_METRICS = 3;
/** Long polls in a month: five connections, each of 20 seconds. */
const POLLS = (5 * 3600 * HOURS) / 20;

/** What is assumed, because it cannot be measured without an account; all on the high side. */
export const assumed = {
  /** Seconds billed for an invocation that starts a new environment, as each does in an idle account. */
  coldSeconds: 0.8,
  /** Seconds that a call to AWS takes, were they one after another. */
  callSeconds: 0.05,
  /** Bytes of log for an invocation, most of them Lambda's own lines, and for each event. */
  logBytes: 1 * KB,
  /** KB that a call to the ledger writes. */
  ledgerKb: 3,
  /** Bytes in the ledger of an idle account. */
  ledgerBytes: 10e6,
} as const;

/** A month in which nothing happens. */
export function idle({ functions, controls }: { readonly functions: number; readonly controls: number }): readonly Item[] {
  const wakes = (functions * HOURS * 3600) / WAKE_SECONDS;
  const sweeps = controls * DAYS;
  const runs = wakes + sweeps;
  const logged = (runs * assumed.logBytes) / GB;
  const ledger = assumed.ledgerBytes / GB;
  return [
    { what: `Polling ${functions} queues`, units: functions * POLLS, unit: 'requests', price: prices.sqsRequest },
    { what: 'The key of the alerts', units: 1, unit: 'key', price: prices.key },
    { what: 'Alarms', units: ALARM_METRICS, unit: 'metrics', price: prices.alarmMetric },
    { what: 'The dashboard, as one of the first three', units: 1, unit: 'dashboard', price: 0 },
    // sent, answered, deleted; the receive is among the polls
    { what: 'Hourly wakes, their answers, and sweeps', units: 3 * wakes + 2 * sweeps, unit: 'requests', price: prices.sqsRequest },
    { what: 'Functions that run for them', units: runs, unit: 'requests', price: prices.lambdaRequest },
    { what: 'Their time', units: runs * assumed.coldSeconds * MEMORY, unit: 'GB-seconds', price: prices.lambdaGbSecond },
    // counted in the local cloud: one Query for a wake that finds nothing due, and for a sweep that finds nothing wrong
    { what: 'Reads of the ledger by them', units: runs, unit: 'reads', price: prices.tableRead },
    { what: 'The ledger', units: ledger, unit: 'GB', price: prices.tableGbMonth },
    { what: 'Its continuous backup', units: ledger, unit: 'GB', price: prices.backupGbMonth },
    { what: 'Logs, written', units: logged, unit: 'GB', price: prices.logGb },
    { what: 'Logs, kept for 90 days', units: logged * (90 / DAYS), unit: 'GB', price: prices.logGbMonth },
    { what: 'Rules, schedules, bus, empty queues, metric filters', units: 0, unit: '', price: 0 },
  ];
}

/** What can happen to a creation, by the scenario of the bench that measures its calls; a reported one also costs the notifier's. */
const outcomes = [
  { title: 'looked at, and right', scenario: 'RunInstances, encryption by default on', isReported: false },
  { title: 'reported', scenario: 'unencrypted volume, reported', isReported: true },
  { title: 'fixed by a copy, and reported', scenario: 'unencrypted volume, replaced by a copy', isReported: true },
] as const;
const NOTIFIER = 'finding, published to SNS';

/** A million creations that came in batches of a size, by what happens to them. */
export function aMillion(size: 1 | 10): readonly { readonly title: string; readonly items: readonly Item[] }[] {
  return outcomes.map(({ title, scenario, isReported }) => ({
    title,
    items: [
      ...through('its function', callsOf(scenario, size), size),
      ...(isReported
        ? [
            { what: 'Findings on the bus', units: MILLION, unit: 'events', price: prices.busEvent },
            ...through('the notifier', callsOf(NOTIFIER, size), size),
            { what: 'Messages of the topic', units: MILLION, unit: 'messages', price: prices.publish },
          ]
        : []),
    ],
  }));
}

interface Calls {
  readonly ledger: number;
  readonly all: number;
}

/** Calls of a batch. */
function callsOf(scenario: string, size: number): Calls {
  const found = results.warm.find((one) => one.scenario === scenario && one.size === size);
  if (!found) throw new Error(`bench/results.json has no ${scenario} in batches of ${size}`);
  const { calls } = found;
  return { ledger: calls.ledger, all: Object.values(calls).reduce((sum, one) => sum + one, 0) };
}

/** A million messages through a queue and its function. */
function through(name: string, { ledger, all }: Calls, size: number): readonly Item[] {
  const batches = MILLION / size;
  return [
    // EventBridge sends each, Lambda receives and deletes ten at a time
    { what: `The queue of ${name}`, units: MILLION + 2 * batches, unit: 'requests', price: prices.sqsRequest },
    { what: `Runs of ${name}`, units: batches, unit: 'requests', price: prices.lambdaRequest },
    { what: `The time of ${name}`, units: batches * all * assumed.callSeconds * MEMORY, unit: 'GB-seconds', price: prices.lambdaGbSecond },
    { what: `The ledger, for ${name}`, units: batches * ledger * assumed.ledgerKb, unit: 'writes', price: prices.tableWrite },
    { what: `Logs of ${name}`, units: ((batches + MILLION) * assumed.logBytes) / GB, unit: 'GB', price: prices.logGb },
  ];
}

/** What an item costs, in USD. */
export function costOf({ units, price }: Item): number {
  return units * price;
}

/** What items cost together, in USD. */
export function total(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + costOf(item), 0);
}

/** Prices that the text names. */
export const { dashboard: DASHBOARD, customMetric: CUSTOM_METRIC, email: EMAIL, alarmMetric: ALARM_METRIC } = prices;
