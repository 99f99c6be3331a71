import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { trying } from '../../failure.ts';
import type { Patient } from '../check.ts';

/** How far back it is looked when rules last sent something, in days. */
export const DAYS = 14;
const PERIOD_SECONDS = 3600;
/** CloudWatch answers so many queries in one call. */
const QUERIES = 500;

/**
 * When each rule last sent something to its target, to the hour; a rule that did not within `DAYS` is not in the map.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export async function lastSent(
  names: readonly string[],
  { client, now }: Pick<Patient, 'client' | 'now'>,
): Promise<ReadonlyMap<string, Date>> {
  const cloudWatch = new CloudWatchClient(client);
  const latest = new Map<string, Date>();
  for (let from = 0; from < names.length; from += QUERIES) {
    const some = names.slice(from, from + QUERIES);
    let NextToken: string | undefined;
    do {
      const page = await trying('ask CloudWatch when rules matched', () =>
        cloudWatch.send(
          new GetMetricDataCommand({
            StartTime: new Date(now.getTime() - DAYS * 86_400_000),
            EndTime: now,
            ScanBy: 'TimestampDescending',
            NextToken,
            MetricDataQueries: some.map((Value, at) => ({
              Id: `r${at}`,
              MetricStat: {
                Metric: { Namespace: 'AWS/Events', MetricName: 'Invocations', Dimensions: [{ Name: 'RuleName', Value }] },
                Period: PERIOD_SECONDS,
                Stat: 'Sum',
              },
            })),
          }),
        ),
      );
      for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        const name = some[Number(Id.slice(1))] ?? '';
        const times = Timestamps.filter((_time, at) => (Values[at] ?? 0) > 0).map(Number);
        const last = Math.max(latest.get(name)?.getTime() ?? 0, ...times);
        if (last > 0) latest.set(name, new Date(last));
      }
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return latest;
}
