import type { Rule } from '@aws-sdk/client-eventbridge';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Subscription } from '@aws-sdk/client-sns';
import { listAt, stringAt } from '#shared/control/record.ts';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import type { Patient } from '../../../cli/doctor/check.ts';
import { codeDigest } from '../../../infra/code-digest.ts';
import { configDigest } from '../../../infra/config-digest.ts';
import { CHOSEN_BY_AWS, type Resolved } from '../../../infra/resolve.ts';
import { NOW } from '../world.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const url = (name: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;

/** What AWS would answer of a deployment, to be broken. */
export interface Cloud {
  readonly stack: { status: string; since: Date; readonly outputs: Map<string, string> };
  readonly rules: Map<string, Rule & { readonly to: string }>;
  readonly queues: Map<string, { Policy?: string; RedrivePolicy?: string; waiting: number }>;
  readonly mappings: Map<string, EventSourceMappingConfiguration>;
  readonly functions: Map<string, { State: string; LastUpdateStatus: string; reserved?: number }>;
  readonly roles: Map<string, { trust: string; readonly policies: Map<string, string>; readonly attached: string[] }>;
  readonly subscriptions: Subscription[];
  /** By the name of the trail. */
  readonly trails: Map<string, { isLogging: boolean; selectors: object; isHidden?: boolean; error?: string }>;
  /** What is denied to roles, by whom. */
  readonly denied: Map<string, 'boundary' | 'organization'>;
  /** Milliseconds before now at which a rule last sent something. */
  readonly sent: Map<string, number>;
  readonly lambdaErrors: Map<string, { count: number; readonly log: string[] }>;
  /** Functions that have not run. */
  readonly idle: Set<string>;
  readonly parameters: Map<string, { Type: 'SecureString' | 'String'; Value: string }>;
  /** Slack's answers, by method or webhook. */
  readonly slack: Map<string, object | string | number>;
  pause: string | undefined;
  /** What is in the ledger for a name of a parameter. */
  finding: ((name: string) => object | undefined) | undefined;
}

const text = (value: unknown) =>
  JSON.stringify(value).replaceAll(JSON.stringify(CHOSEN_BY_AWS), '"arn:aws:kms:eu-west-1:111122223333:key/1"');

/** A deployment that works: everything as the template has it. */
export function sound({ resources, config, functions }: Pick<Patient, 'resources' | 'config' | 'functions'>): Cloud {
  const all = (type: string) => resources.flatMap((one: Resolved) => (one.type === type ? [one.properties] : []));
  const names = (type: string, property: string) => all(type).map((one) => String(one[property]));
  const rules = all('AWS::Events::Rule').map((one) => {
    const Name = String(one['Name']);
    const { EventPattern, ScheduleExpression } = one;
    return [
      Name,
      {
        Name,
        State: 'ENABLED' as const,
        ...(EventPattern !== undefined && { EventPattern: text(EventPattern) }),
        ...(ScheduleExpression !== undefined && { ScheduleExpression: String(ScheduleExpression) }),
        to: stringAt(listAt(one, 'Targets')[0], 'Arn') ?? '',
      },
    ] as const;
  });
  const policies = all('AWS::SQS::QueuePolicy');
  const queues = all('AWS::SQS::Queue').map(({ QueueName, RedrivePolicy }) => {
    const policy = policies.find((one) => listAt(one, 'Queues').some((one) => String(one).endsWith(`/${QueueName}`)));
    const RedriveText = RedrivePolicy === undefined ? {} : { RedrivePolicy: text(RedrivePolicy) };
    return [String(QueueName), { Policy: text(policy?.['PolicyDocument']), ...RedriveText, waiting: 0 }] as const;
  });
  const kinds = names('AWS::Lambda::EventSourceMapping', 'FunctionName');
  const outputs = [
    ['LedgerTable', 'redress-ledger'],
    ['ConfigDigest', configDigest(config, functions)],
    ['CodeDigest', codeDigest()],
    ['TopicArn', `arn:aws:sns:${REGION}:${ACCOUNT}:redress-alerts`],
    ['DeadLetterQueueUrl', url(DEAD_LETTERS)],
    ...kinds.map((name) => [`${name.replace(/^redress-|-/g, ' ').replace(/ (\w)/g, (_all, one) => one.toUpperCase())}QueueUrl`, url(name)]),
  ] as [string, string][];
  return {
    stack: { status: 'UPDATE_COMPLETE', since: new Date(NOW.getTime() - 30 * 86_400_000), outputs: new Map(outputs) },
    rules: new Map(rules),
    queues: new Map(queues),
    mappings: new Map(
      kinds.map((name) => [
        name,
        { UUID: `id-${name}`, State: 'Enabled', FunctionResponseTypes: ['ReportBatchItemFailures'], LastProcessingResult: 'OK' },
      ]),
    ),
    functions: new Map(
      names('AWS::Lambda::Function', 'FunctionName').map((name) => [name, { State: 'Active', LastUpdateStatus: 'Successful' }]),
    ),
    roles: new Map(
      all('AWS::IAM::Role').map((role) => [
        String(role['RoleName']),
        {
          trust: text(role['AssumeRolePolicyDocument']),
          policies: new Map(listAt(role, 'Policies').map((one) => [stringAt(one, 'PolicyName') ?? '', text(Object(one).PolicyDocument)])),
          attached: [],
        },
      ]),
    ),
    subscriptions: [{ Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn: 'arn:aws:sns:::1' }],
    trails: new Map([
      ['all', { isLogging: true, selectors: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }] } }],
    ]),
    denied: new Map(),
    sent: new Map(rules.map(([name]) => [name, 3_600_000])),
    lambdaErrors: new Map(),
    idle: new Set(),
    parameters: new Map([
      ['/redress/slack/token', { Type: 'SecureString', Value: 'xoxb-1' }],
      ['/redress/slack/webhook', { Type: 'SecureString', Value: 'https://hooks.slack.com/services/T0/B0/x' }],
    ]),
    slack: new Map<string, object | string | number>([
      ['/api/auth.test', { ok: true }],
      ['/api/conversations.info', { ok: true, channel: { is_member: true, is_archived: false } }],
      ['/services/T0/B0/x', 'no_text'],
    ]),
    pause: undefined,
    finding: undefined,
  };
}
