import { WAKE_SECONDS } from '#shared/finding/names.ts';
import results from '../../bench/results.json' with { type: 'json' };
import counted from '../../bench/sweeps.json' with { type: 'json' };
import { type Item, item } from './prices.ts';
import type { Shape } from './shape.ts';

const MILLION = 1e6;
/** A month of 30 days. */
export const DAYS = 30;
export const HOURS = 24 * DAYS;
const GB = 1e9;
const KB = 1e3;
/** The memory of a function, in GB. */
export const MEMORY = 0.5;
/** Long polls of one connection in a month, each of 20 seconds. */
const POLLS = (3600 * HOURS) / 20;
/** Connections over which Lambda polls an empty queue, by whether the mapping has a highest concurrency. */
const CONNECTIONS = { limited: 5, unlimited: 2 };

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

/** A month in which nothing happens, in an account that has nothing wrong, with the sweeps that find so. */
export function idle(shape: Shape): readonly Item[] {
  const { limited, unlimited, alarms, keys, metrics, tables, dashboards, daily, hourly, dailyRuns, hourlyRuns } = shape;
  const functions = limited + unlimited;
  const wakes = (functions * HOURS * 3600) / WAKE_SECONDS;
  // how often a control sweeps, and how many messages that are
  const sweeps = daily * DAYS + hourly * HOURS;
  const messages = dailyRuns * DAYS + hourlyRuns * HOURS;
  const runs = wakes + messages;
  // the controls of one message look side by side, each with one call after another
  const calls = messages * (eachSweep('reads') + eachSweep('ledgerReads') + eachSweep('ledgerWrites'));
  const logged = (runs * assumed.logBytes) / GB;
  const ledger = (tables * assumed.ledgerBytes) / GB;
  // a wake that finds nothing due asks once; it was counted in the local cloud
  const reads = wakes + sweeps * eachSweep('ledgerUnits');
  const polls = POLLS * (limited * CONNECTIONS.limited + unlimited * CONNECTIONS.unlimited);
  // as in the Region where trails have their home: elsewhere nothing is kept of what is right
  const { ledgerWrites, controls } = counted.hourlyHome;
  const writes = daily * DAYS * eachSweep('ledgerWrites') + (hourly * HOURS * ledgerWrites) / controls;
  return [
    item(`Polling ${functions} queues`, polls, 'requests', 'sqsRequest'),
    item('The key of the alerts', keys, 'key', 'key'),
    item('Alarms', alarms, 'metrics', 'alarmMetric'),
    item('Metrics that always have values', metrics, 'metrics', 'customMetric'),
    { what: 'The dashboard, as one of the first three', units: dashboards, unit: 'dashboard', price: 0 },
    // sent, answered, deleted; the receive is among the polls
    item('Hourly wakes, their answers, and sweeps', 3 * wakes + 2 * messages, 'requests', 'sqsRequest'),
    item('Functions that run for them', runs, 'requests', 'lambdaRequest'),
    item('Their time', (runs * assumed.coldSeconds + calls * assumed.callSeconds) * MEMORY, 'GB-seconds', 'armSecond'),
    item('Reads of the ledger by them', reads, 'reads', 'tableRead'),
    item('Writes to the ledger by sweeps', writes, 'writes', 'tableWrite'),
    item('The ledger', ledger, 'GB', 'tableGbMonth'),
    item('Its continuous backup', ledger, 'GB', 'backupGbMonth'),
    item('Logs, written', logged, 'GB', 'logGb'),
    item('Logs, kept for 90 days', logged * (90 / DAYS), 'GB', 'logGbMonth'),
    { what: 'Rules, schedules, bus, empty queues, metric filters', units: 0, unit: '', price: 0 },
  ].filter(({ what, units }) => units > 0 || what.startsWith('Rules'));
}

/** Calls of one control's sweep on average, as the bench counted them in a Region in which nothing is wrong. */
function eachSweep(calls: 'reads' | 'ledgerReads' | 'ledgerUnits' | 'ledgerWrites'): number {
  return counted.daily[calls] / counted.daily.controls;
}

/** What can happen to a creation, by the scenario of the bench that measures its calls; a reported one also costs the notifier's. */
export const outcomes = [
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
            item('Findings on the bus', MILLION, 'events', 'busEvent'),
            ...through('the notifier', callsOf(NOTIFIER, size), size),
            item('Messages of the topic', MILLION, 'messages', 'publish'),
          ]
        : []),
    ],
  }));
}

interface Calls {
  readonly ledger: number;
  /** What CloudTrail records in the account of the resource. */
  readonly read: number;
  readonly write: number;
  readonly all: number;
}

/** Calls of a batch. */
export function callsOf(scenario: string, size: number): Calls {
  const found = results.warm.find((one) => one.scenario === scenario && one.size === size);
  if (!found) throw new Error(`bench/results.json has no ${scenario} in batches of ${size}`);
  const { calls } = found;
  return { ledger: calls.ledger, read: calls.read, write: calls.write, all: Object.values(calls).reduce((sum, one) => sum + one, 0) };
}

/** A million messages through a queue and its function. */
function through(name: string, { ledger, all }: Calls, size: number): readonly Item[] {
  const batches = MILLION / size;
  return [
    // EventBridge sends each, Lambda receives and deletes ten at a time
    item(`The queue of ${name}`, MILLION + 2 * batches, 'requests', 'sqsRequest'),
    item(`Runs of ${name}`, batches, 'requests', 'lambdaRequest'),
    item(`The time of ${name}`, batches * all * assumed.callSeconds * MEMORY, 'GB-seconds', 'armSecond'),
    item(`The ledger, for ${name}`, batches * ledger * assumed.ledgerKb, 'writes', 'tableWrite'),
    item(`Logs of ${name}`, ((batches + MILLION) * assumed.logBytes) / GB, 'GB', 'logGb'),
  ];
}
