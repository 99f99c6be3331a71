import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DEAD_LETTERS, ERRORS_METRIC, METRICS_DIMENSION, METRICS_NAMESPACE, WAKE_SECONDS } from '#shared/finding/names.ts';
import { pascal } from './ids.ts';
import type { SharedQueues } from './queues.ts';
import type { SlackClicks } from './slack-actions.ts';
import type { Worker } from './worker.ts';

const PERIOD = Duration.minutes(5);
/** From one wake to the next. */
const WAKE = Duration.seconds(WAKE_SECONDS);
/** So many times in a row an answer has to be missing: one that comes minutes later than the last misses a single time. */
const WAKES_MISSED = 2;
/** A dashboard of more than 50 metrics is not among the free ones; four graphs of as many controls, and the functions', stay below. */
const CONTROLS_SHOWN = 8;

/** What is watched, and who gets the alarms. */
export interface MonitoringProps {
  readonly workers: readonly Worker[];
  readonly shared: SharedQueues;
  readonly clicks: SlackClicks | undefined;
  readonly topic: ITopic;
  readonly hasDashboard: boolean;
}

/**
 * Alarms for all functions together, and one dashboard. CloudWatch charges an alarm for each metric that it reads, also
 * for those of a query or a sum; so each of these reads one, and `redress status` names the function at fault.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { workers, shared, clicks, topic, hasDashboard }: MonitoringProps) {
    super(scope, id);
    const deadLetters = shared.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
    const errors = new Metric({ namespace: METRICS_NAMESPACE, metricName: ERRORS_METRIC, statistic: Stats.SUM, period: PERIOD });
    this.alarm(topic, DEAD_LETTERS, {
      alarmDescription: `Messages in ${DEAD_LETTERS}: Redress could not handle them. \`redress status\` names the functions they were sent to. Look at their logs, then put the messages back with \`redress redrive\`.`,
      metric: deadLetters,
      threshold: 1,
    });
    this.alarm(topic, 'redress-errors', {
      alarmDescription:
        'A function of Redress fails, and its messages are tried again. `redress status` names the function: look at its log.',
      metric: errors,
      threshold: 1,
    });
    this.alarm(topic, 'redress-heartbeats', {
      alarmDescription: `Not every function of Redress has answered its hourly wake for ${WAKES_MISSED * WAKE.toHours()} hours: messages wait, or nothing runs at all. \`redress status\` names the function.`,
      metric: shared.heartbeats.metricNumberOfMessagesSent({ period: WAKE, statistic: Stats.SUM }),
      evaluationPeriods: WAKES_MISSED,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: workers.length,
      // no answer at all is the worst
      treatMissingData: TreatMissingData.BREACHING,
    });
    if (clicks)
      this.alarm(topic, `${clicks.name}-throttles`, {
        alarmDescription: `The function ${clicks.name} is called more often than people click: somebody else may have found its URL.`,
        metric: clicks.function.metricThrottles({ period: PERIOD, statistic: Stats.SUM }),
        threshold: 1,
      });
    if (hasDashboard) this.show(workers, { deadLetters, errors });
  }

  private alarm(topic: ITopic, name: string, props: Omit<AlarmProps, 'evaluationPeriods'> & Partial<AlarmProps>): void {
    const alarm = new Alarm(this, pascal(name), {
      alarmName: name,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // what has no traffic reports nothing
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  private show(workers: readonly Worker[], { deadLetters, errors }: { readonly deadLetters: Metric; readonly errors: Metric }): void {
    // the controls with most, whichever they are: a line for each would cost more with each control
    const most = (metricName: string, statistic: 'SUM' | 'MAX'): IMetric[] => [
      new MathExpression({
        expression: `SELECT ${statistic}(${metricName}) FROM SCHEMA(${METRICS_NAMESPACE}, ${METRICS_DIMENSION}) GROUP BY ${METRICS_DIMENSION} ORDER BY ${statistic}() DESC LIMIT ${CONTROLS_SHOWN}`,
        usingMetrics: {},
        period: PERIOD,
        label: '',
      }),
    ];
    const graph = (title: string, left: IMetric[], label: string) =>
      new GraphWidget({ title, left, leftYAxis: { min: 0, label, showUnits: false }, width: 12, height: 6 });
    const ages = workers.map(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: name, period: PERIOD }));
    new Dashboard(this, 'Dashboard', {
      // dashboards are global to the account
      dashboardName: `redress-${Aws.REGION}`,
      widgets: [
        [graph('Violations', most('violations', 'SUM'), 'count'), graph('Fixes', most('fixes', 'SUM'), 'count')],
        [
          graph('Failures', most('failures', 'SUM'), 'count'),
          graph('From the call to fixed, slowest', most('secondsToFixed', 'MAX'), 'seconds'),
        ],
        [
          graph('Oldest message', ages, 'seconds'),
          graph(
            'Dead letters, and errors of functions',
            [deadLetters.with({ label: 'dead letters' }), errors.with({ label: 'errors' })],
            'count',
          ),
        ],
      ],
    });
  }
}
