import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { functionOf, WAKE_SECONDS } from '#shared/finding/names.ts';

/** How far back errors and runs are counted, in hours: within them every function was woken. */
export const HOURS = WAKE_SECONDS / 3600 + 1;

/** How a function fares, as CloudWatch counts it. */
export interface Health {
  /** How often it failed, and how often it ran, in the last `HOURS`. */
  readonly errors: number;
  readonly runs: number;
  /** The age of the oldest message on its queue, in seconds; 0 where there is none. */
  readonly oldestSeconds: number;
}

const PERIOD = 300;
const measures = {
  errors: { Namespace: 'AWS/Lambda', MetricName: 'Errors', dimension: 'FunctionName', Stat: 'Sum' },
  runs: { Namespace: 'AWS/Lambda', MetricName: 'Invocations', dimension: 'FunctionName', Stat: 'Sum' },
  oldestSeconds: { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', dimension: 'QueueName', Stat: 'Maximum' },
} as const;
type Measure = keyof typeof measures;
const names: readonly Measure[] = ['errors', 'runs', 'oldestSeconds'];

/** Asks CloudWatch how functions fare, by the kind; in one call, for 100 functions and more. */
export async function healthOf(client: CloudWatchClient, kinds: readonly string[], now: Date): Promise<ReadonlyMap<string, Health>> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const queries = kinds.flatMap((kind, at) => names.map((name) => query(kind, name, idOf(name, at))));
  const values = new Map<string, readonly number[]>();
  let NextToken: string | undefined;
  do {
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now.getTime() - HOURS * 3_600_000),
        EndTime: now,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queries,
        NextToken,
      }),
    );
    for (const { Id = '', Values = [] } of answer.MetricDataResults ?? []) values.set(Id, [...(values.get(Id) ?? []), ...Values]);
    NextToken = answer.NextToken;
  } while (NextToken);
  const valuesOf = (name: Measure, at: number) => values.get(idOf(name, at)) ?? [];
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  return new Map(
    kinds.map((kind, at) => [
      kind,
      { errors: sum(valuesOf('errors', at)), runs: sum(valuesOf('runs', at)), oldestSeconds: valuesOf('oldestSeconds', at)[0] ?? 0 },
    ]),
  );
}

function idOf(name: Measure, at: number): string {
  return `${name}${at}`;
}

function query(kind: string, name: Measure, Id: string): MetricDataQuery {
  const { Namespace, MetricName, dimension, Stat } = measures[name];
  const Metric = { Namespace, MetricName, Dimensions: [{ Name: dimension, Value: functionOf(kind) }] };
  return { Id, MetricStat: { Metric, Period: PERIOD, Stat } };
}
