import * as v from 'valibot';
import type { AnyControl } from '#shared/control/control.ts';
import { sweepsHere } from '../../infra/sweep-rules.ts';

/** What a stack has that costs while nothing happens, and how often it sweeps. */
export interface Shape {
  /** Mappings that poll a queue, with a highest concurrency, and without one. */
  readonly limited: number;
  readonly unlimited: number;
  /** Metrics that alarms read. */
  readonly alarms: number;
  readonly keys: number;
  /** Metrics that have values also while nothing happens. */
  readonly metrics: number;
  readonly tables: number;
  readonly dashboards: number;
  /** Controls that sweep once a day, and once an hour. */
  readonly daily: number;
  readonly hourly: number;
  /** Functions that do, each of them with one message for all its controls. */
  readonly dailyRuns: number;
  readonly hourlyRuns: number;
}

/** What every stack of Redress has, whatever it runs: a test compares it with the template. */
export const STACK: Omit<Shape, 'limited' | keyof ReturnType<typeof sweepsOf>> = {
  unlimited: 0,
  alarms: 3,
  keys: 1,
  metrics: 0,
  tables: 1,
  dashboards: 1,
};

/** Types of which any number costs nothing while nothing happens. */
const FREE = new Set([
  'AWS::Events::EventBus',
  'AWS::Events::EventBusPolicy',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
]);

const COUNTED: { readonly [type: string]: (properties: Properties) => Partial<Record<keyof Shape, number>> } = {
  'AWS::Lambda::EventSourceMapping': ({ ScalingConfig }) => (ScalingConfig === undefined ? { unlimited: 1 } : { limited: 1 }),
  // a query or a sum is paid by each metric in it
  'AWS::CloudWatch::Alarm': ({ Metrics }) => ({ alarms: Array.isArray(Metrics) ? Metrics.length : 1 }),
  'AWS::CloudWatch::Dashboard': () => ({ dashboards: 1 }),
  'AWS::KMS::Key': () => ({ keys: 1 }),
  'AWS::DynamoDB::Table': () => ({ tables: 1 }),
  'AWS::Logs::MetricFilter': ({ MetricTransformations }) => ({
    metrics: JSON.stringify(MetricTransformations ?? []).split('"DefaultValue"').length - 1,
  }),
};

type Properties = { readonly [name: string]: unknown };

const templates = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string(), Properties: v.optional(v.record(v.string(), v.unknown()), {}) })),
});

/** Counts what a template has; throws on a type of which nobody has said whether it costs. */
export function shapeOf(template: unknown, functions: readonly Sweeping[]): Shape {
  const shape = { limited: 0, unlimited: 0, alarms: 0, keys: 0, metrics: 0, tables: 0, dashboards: 0, ...sweepsOf(functions) };
  for (const { Type, Properties } of Object.values(v.parse(templates, template).Resources)) {
    const counted = COUNTED[Type]?.(Properties);
    if (!counted && !FREE.has(Type)) throw new Error(`scripts/cost/shape.ts does not know whether ${Type} costs while nothing happens`);
    for (const name of ['limited', 'unlimited', 'alarms', 'keys', 'metrics', 'tables', 'dashboards'] as const)
      shape[name] += counted?.[name] ?? 0;
  }
  return shape;
}

/** What of a function sweeps. */
type Sweeping = Parameters<typeof sweepsHere>[0];

/** How many controls sweep once a day, and once an hour, and in how many functions, if all are on. */
export function sweepsOf(functions: readonly Sweeping[]) {
  const rules = functions.flatMap((fn) => sweepsHere(fn));
  const of = (every: AnyControl['sweep']['every']) => rules.filter((rule) => rule.every === every);
  const controlsOf = (some: typeof rules) => some.reduce((sum, { head }) => sum + head.controls.length, 0);
  const [daily, hourly] = [of('1 day'), of('1 hour')];
  return { daily: controlsOf(daily), hourly: controlsOf(hourly), dailyRuns: daily.length, hourlyRuns: hourly.length };
}
