import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AnyControl } from '#shared/control/control.ts';
import { METRICS_DIMENSION, METRICS_NAMESPACE } from '#shared/finding/names.ts';
import { pascal } from './kind.ts';
import type { Worker } from './worker.ts';

/** How old a message may be before people are told: longer than one that waits its full turn of 15 minutes. */
const OLDEST = Duration.minutes(30);
const PERIOD = Duration.minutes(5);

/** What is watched, and who is told. */
export interface MonitoringProps {
  readonly workers: readonly Worker[];
  /** Functions without a queue. */
  readonly functions: readonly Pick<Worker, 'name' | 'function'>[];
  readonly controls: readonly AnyControl[];
  readonly topic: ITopic;
}

/** Alarms for every worker, and one dashboard. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { workers, functions, controls, topic }: MonitoringProps) {
    super(scope, id);
    for (const worker of workers) this.watch(worker, topic);
    for (const one of functions) this.watchCalls(one, topic);
    this.show(workers, controls);
  }

  private watch(worker: Worker, topic: ITopic): void {
    const { name, queue } = worker;
    this.alarm(topic, `${name}-dead-letters`, {
      alarmDescription: `Messages in ${name}-dlq: Redress could not handle them. Look at the log of ${name}, then put them back with \`redress redrive\`.`,
      metric: depthOf(worker),
      threshold: 1,
    });
    this.alarm(topic, `${name}-errors`, {
      alarmDescription: `The function ${name} fails. What it was working on is tried again; look at its log.`,
      metric: worker.function.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
      threshold: 1,
    });
    this.alarm(topic, `${name}-late`, {
      alarmDescription: `Messages wait more than ${OLDEST.toMinutes()} minutes for ${name}: it is throttled, or fails.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: OLDEST.toSeconds(),
    });
  }

  private watchCalls({ name, function: called }: Pick<Worker, 'name' | 'function'>, topic: ITopic): void {
    this.alarm(topic, `${name}-errors`, {
      alarmDescription: `The function ${name} fails. Whoever waited for it was told, and can try again; look at its log.`,
      metric: called.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
      threshold: 1,
    });
    this.alarm(topic, `${name}-throttles`, {
      alarmDescription: `The function ${name} is called more often than people click: somebody else may have found its URL.`,
      metric: called.metricThrottles({ period: PERIOD, statistic: Stats.SUM }),
      threshold: 1,
    });
  }

  private alarm(topic: ITopic, name: string, props: Omit<AlarmProps, 'evaluationPeriods'>): void {
    const alarm = new Alarm(this, pascal(name), {
      alarmName: name,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // queues and functions without traffic report nothing
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  private show(workers: readonly Worker[], controls: readonly AnyControl[]): void {
    const each = (metricName: string, statistic: string): IMetric[] =>
      controls.map(
        ({ id }) =>
          new Metric({
            namespace: METRICS_NAMESPACE,
            metricName,
            dimensionsMap: { [METRICS_DIMENSION]: id },
            statistic,
            period: PERIOD,
            label: id,
          }),
      );
    const graph = (title: string, left: IMetric[], label: string) =>
      new GraphWidget({ title, left, leftYAxis: { min: 0, label, showUnits: false }, width: 12, height: 6 });
    new Dashboard(this, 'Dashboard', {
      // dashboards are global to the account
      dashboardName: `redress-${Aws.REGION}`,
      widgets: [
        [graph('Violations', each('violations', Stats.SUM), 'count'), graph('Fixes', each('fixes', Stats.SUM), 'count')],
        [
          graph('Failures', each('failures', Stats.SUM), 'count'),
          graph('From the call to fixed, slowest tenth', each('secondsToFixed', Stats.p(90)), 'seconds'),
        ],
        [
          graph(
            'Oldest message',
            workers.map(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: name, period: PERIOD })),
            'seconds',
          ),
          graph(
            'Dead letters',
            workers.map((worker) => depthOf(worker, worker.name)),
            'count',
          ),
        ],
      ],
    });
  }
}

function depthOf({ deadLetters }: Worker, label?: string): Metric {
  return deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM, ...(label && { label }) });
}
