import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_DIMENSION, METRICS_NAMESPACE } from '#shared/finding/names.ts';

const metrics = new Metrics({ namespace: METRICS_NAMESPACE });

/** Writes one value of a control's metric to the log, from where CloudWatch takes it. */
export function emit(control: string, name: string, unit: keyof typeof MetricUnit, value: number): void {
  const one = metrics.singleMetric();
  // Powertools adds the dimension `service`, under which the dashboard and its alarms would look in vain
  one.clearDefaultDimensions();
  one.addDimension(METRICS_DIMENSION, control);
  one.addMetric(name, MetricUnit[unit], value);
}
