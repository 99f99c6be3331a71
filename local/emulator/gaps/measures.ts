import { jsonAnswer } from '../../http.ts';
import { stringAt } from '../../json.ts';
import type { Measure, Telemetry } from '../../runtime/telemetry.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';

/** CloudWatch: what the running functions and rules count is put into moto's metrics when they are asked for, and logs hold errors. */
export function measures(telemetry: Telemetry): Additions {
  return {
    async 'cloudwatch:GetMetricData'(call, { forward, moto }) {
      for (const [namespace, some] of Map.groupBy(telemetry.take(), (one) => one.namespace)) await put(moto, namespace, some, call.region);
      return await forward(call);
    },
    async 'logs:FilterLogEvents'(call) {
      const name = stringAt(call.json, 'logGroupName')?.replace('/aws/lambda/', '') ?? '';
      const events = telemetry.errorsOf(name).map(({ at, line }) => ({ timestamp: at, message: line }));
      return jsonAnswer({ events }, 200, 'application/x-amz-json-1.1');
    },
  };
}

async function put(moto: MotoClient, Namespace: string, some: readonly Measure[], region: string): Promise<void> {
  const members = some.flatMap(({ name, dimension, count, at }, index) => {
    const member = `MetricData.member.${index + 1}`;
    return [
      [`${member}.MetricName`, name],
      [`${member}.Value`, String(count)],
      [`${member}.Timestamp`, at.toISOString()],
      [`${member}.Dimensions.member.1.Name`, dimension.name],
      [`${member}.Dimensions.member.1.Value`, dimension.value],
    ];
  });
  const answer = await moto.query('monitoring', 'PutMetricData', { Namespace, ...Object.fromEntries(members) }, region);
  if (answer.status >= 400) throw new Error(`moto refused PutMetricData: ${answer.body.toString('utf8').slice(0, 300)}`);
}
