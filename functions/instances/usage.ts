import type { Instance } from '@aws-sdk/client-ec2';
import { classify, errorText } from '#shared/aws/errors.ts';
import { pages } from '#shared/aws/pages.ts';
import type { Loader, Reader } from '#shared/control/control.ts';

/** So many days of the metric decide. */
export const DAYS = 14;
const DAY_SECONDS = 86_400;
/** How long a new instance is left as it is: a day, and an hour in which CloudWatch counts. */
export const SETTLE_SECONDS = DAY_SECONDS + 3600;
/** Until when it counts as new: a little less, so that its number is read before anything is sent. */
const NEW_SECONDS = SETTLE_SECONDS - 300;

/** How often an instance was asked without a session token, as far as that can be known. */
export type Usage =
  | { readonly is: 'counted'; readonly requests: number }
  | { readonly is: 'new' }
  | { readonly is: 'unknown'; readonly why: string };

/** Whether a fix that was announced while the instance was new may still be waiting for its time. */
export function maySettle(instance: Instance, now: Date): boolean {
  return now.getTime() - madeAt(instance) < 2 * SETTLE_SECONDS * 1000;
}

/** Whether its last start is within the days that the metric counts: scripts that run at a start may be all that asks without a token. */
export function countsStart({ LaunchTime }: Instance, now: Date): boolean {
  return LaunchTime !== undefined && now.getTime() - LaunchTime.getTime() < DAYS * DAY_SECONDS * 1000;
}

/** What the metric says of one instance; one that is new has no history, so nothing is read. */
export async function usageOf(id: string, instance: Instance, read: Reader, now: Date): Promise<Usage> {
  if (now.getTime() - madeAt(instance) < NEW_SECONDS * 1000) return { is: 'new' };
  try {
    const requests = (await read.many(requestsById(now), [id])).get(id);
    return requests === undefined ? { is: 'unknown', why: 'CloudWatch has no number of them' } : { is: 'counted', requests };
  } catch (error) {
    const what = classify(error);
    if (what !== 'denied' && what !== 'refused') throw error;
    return { is: 'unknown', why: `Redress cannot read their number: ${errorText(error)}` };
  }
}

/**
 * When an instance was made, as far as AWS shows it: `LaunchTime` is that of its last start,
 * and the first network interface and the volumes stay attached when it stops.
 */
function madeAt({ LaunchTime, NetworkInterfaces = [], BlockDeviceMappings = [] }: Instance): number {
  const attached = [
    ...NetworkInterfaces.map((one) => one.Attachment?.AttachTime),
    ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.AttachTime),
  ];
  const times = [LaunchTime, ...attached].flatMap((time) => (time ? [time.getTime()] : []));
  return times.length > 0 ? Math.min(...times) : 0;
}

/** The requests without a session token by instance; one of which CloudWatch has no data is absent. */
function requestsById(now: Date): Loader<number> {
  return {
    name: 'requests without a session token',
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
    max: 500,
    async load(ids, read) {
      // most instances demand tokens, and few batches ask
      const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
      const query = (id: string, n: number) => ({
        Id: `m${n}`,
        MetricStat: {
          Metric: { Namespace: 'AWS/EC2', MetricName: 'MetadataNoToken', Dimensions: [{ Name: 'InstanceId', Value: id }] },
          Period: DAY_SECONDS,
          Stat: 'Sum',
        },
      });
      const asked = {
        MetricDataQueries: ids.map(query),
        StartTime: new Date(now.getTime() - DAYS * DAY_SECONDS * 1000),
        EndTime: now,
      };
      const results = await pages(
        read,
        (token) => new GetMetricDataCommand({ ...asked, ...token }),
        ({ MetricDataResults }) => MetricDataResults,
      );
      const sums = new Map<string, number>();
      const unread = new Set<string>();
      const partial = new Set<string>();
      for (const { Id, Values = [], StatusCode } of results) {
        const id = ids[Number(Id?.slice(1))] ?? '';
        if (StatusCode === 'Forbidden' || StatusCode === 'InternalError') unread.add(id);
        // a long answer comes in parts, of which the last is complete
        if (StatusCode === 'PartialData') partial.add(id);
        else partial.delete(id);
        if (Values.length > 0) sums.set(id, (sums.get(id) ?? 0) + Values.reduce((sum, value) => sum + value, 0));
      }
      // a part of the data would count too little
      return new Map([...sums].filter(([id]) => !unread.has(id) && !partial.has(id)));
    },
  };
}
