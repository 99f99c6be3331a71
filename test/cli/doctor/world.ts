import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient, DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRuleNamesByTargetCommand, ListRulesCommand, type Rule } from '@aws-sdk/client-eventbridge';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  type EventSourceMappingConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { listAt, stringAt } from '#shared/control/record.ts';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import { findDeployment } from '../../../cli/deployment.ts';
import type { Patient } from '../../../cli/doctor/check.ts';
import { configDigest } from '../../../infra/config-digest.ts';
import { CHOSEN_BY_AWS, type Resolved } from '../../../infra/resolve.ts';
import { NOW } from '../world.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
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
  readonly slack: Map<string, object | string>;
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
    slack: new Map<string, object | string>([
      ['/api/auth.test', { ok: true }],
      ['/api/conversations.info', { ok: true, channel: { is_member: true, is_archived: false } }],
      ['/services/T0/B0/x', 'no_text'],
    ]),
    pause: undefined,
    finding: undefined,
  };
}

/** Lets the clients answer what a cloud says when they ask; ends with the test that restores mocks. */
export function answerFor(cloud: Cloud) {
  const missing = (name: string) => Object.assign(new Error(`${name} is not there`), { name: 'ResourceNotFoundException' });
  const known = <Value>(map: ReadonlyMap<string, Value>, name = ''): Value => {
    const value = map.get(name);
    if (value === undefined) throw missing(name);
    return value;
  };
  const mocks = {
    cloudFormation: mockClient(CloudFormationClient),
    cloudTrail: mockClient(CloudTrailClient),
    cloudWatch: mockClient(CloudWatchClient),
    logs: mockClient(CloudWatchLogsClient),
    dynamo: mockClient(DynamoDBClient),
    events: mockClient(EventBridgeClient),
    iam: mockClient(IAMClient),
    lambda: mockClient(LambdaClient),
    sns: mockClient(SNSClient),
    sqs: mockClient(SQSClient),
    ssm: mockClient(SSMClient),
  };
  const { cloudFormation, cloudTrail, cloudWatch, logs, dynamo, events, iam, lambda, sns, sqs, ssm } = mocks;
  cloudFormation.on(DescribeStacksCommand).callsFake(() => ({
    Stacks: [
      {
        StackName: 'Redress',
        StackId: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Redress/0f00`,
        CreationTime: cloud.stack.since,
        StackStatus: cloud.stack.status,
        Outputs: [...cloud.stack.outputs].map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  }));
  cloudTrail.on(DescribeTrailsCommand).callsFake(() => ({
    trailList: [...cloud.trails.keys()].map((Name) => ({
      Name,
      TrailARN: `arn:trail/${Name}`,
      IsMultiRegionTrail: true,
      HomeRegion: 'us-east-1',
    })),
  }));
  const trailOf = (arn: string) => {
    const trail = known(cloud.trails, arn.split('/').at(-1));
    if (trail.isHidden) throw Object.assign(new Error('not yours'), { name: 'AccessDeniedException' });
    return trail;
  };
  cloudTrail
    .on(GetTrailStatusCommand)
    .callsFake(({ Name }) => ({ IsLogging: trailOf(Name).isLogging, LatestDeliveryError: trailOf(Name).error }));
  cloudTrail.on(GetEventSelectorsCommand).callsFake(({ TrailName }) => trailOf(TrailName).selectors);
  cloudWatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }) => ({
    MetricDataResults: MetricDataQueries.map(
      ({
        Id,
        MetricStat,
      }: {
        Id: string;
        MetricStat: { Metric: { MetricName: string; Namespace: string; Dimensions: { Value: string }[] } };
      }) => {
        const { MetricName, Namespace, Dimensions } = MetricStat.Metric;
        const name = Dimensions[0]?.Value ?? '';
        const age = cloud.sent.get(name);
        if (Namespace === 'AWS/Events')
          return age === undefined ? { Id } : { Id, Values: [1], Timestamps: [new Date(NOW.getTime() - age)] };
        if (MetricName === 'Errors') return { Id, Values: [cloud.lambdaErrors.get(name)?.count ?? 0] };
        return { Id, Values: MetricName === 'Invocations' && !cloud.idle.has(name) ? [2] : [] };
      },
    ),
  }));
  logs.on(FilterLogEventsCommand).callsFake(({ logGroupName }) => ({
    events: cloud.lambdaErrors.get(logGroupName.split('/').at(-1))?.log.map((message, timestamp) => ({ message, timestamp })),
  }));
  dynamo.on(GetItemCommand).callsFake(() => (cloud.pause === undefined ? {} : { Item: { body: { S: cloud.pause } } }));
  dynamo.on(QueryCommand).callsFake(() => {
    const names = ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input.Name ?? '');
    return { Items: names.flatMap((name) => cloud.finding?.(name) ?? []).map((finding) => ({ body: { S: JSON.stringify({ finding }) } })) };
  });
  events.on(ListRulesCommand).callsFake(({ EventBusName }) => ({
    Rules: [...cloud.rules.values()].filter(({ Name }) => (Name === 'redress-alerts') === (EventBusName === 'redress')),
  }));
  events.on(ListRuleNamesByTargetCommand).callsFake(({ TargetArn }) => ({
    RuleNames: [...cloud.rules].flatMap(([name, { to }]) => (to === TargetArn ? [name] : [])),
  }));
  iam
    .on(GetRoleCommand)
    .callsFake(({ RoleName }) => ({ Role: { AssumeRolePolicyDocument: encodeURIComponent(known(cloud.roles, RoleName).trust) } }));
  iam.on(ListRolePoliciesCommand).callsFake(({ RoleName }) => ({ PolicyNames: [...known(cloud.roles, RoleName).policies.keys()] }));
  iam.on(ListAttachedRolePoliciesCommand).callsFake(({ RoleName }) => ({
    AttachedPolicies: known(cloud.roles, RoleName).attached.map((PolicyName) => ({ PolicyName })),
  }));
  iam.on(GetRolePolicyCommand).callsFake(({ RoleName, PolicyName }) => ({
    PolicyDocument: encodeURIComponent(known(known(cloud.roles, RoleName).policies, PolicyName)),
  }));
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames }) => ({
    EvaluationResults: ActionNames.map((EvalActionName: string) => ({
      EvalActionName,
      EvalDecision: 'allowed',
      ...(cloud.denied.get(EvalActionName) === 'boundary' && {
        PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      }),
      ...(cloud.denied.get(EvalActionName) === 'organization' && { OrganizationsDecisionDetail: { AllowedByOrganizations: false } }),
    })),
  }));
  lambda
    .on(ListEventSourceMappingsCommand)
    .callsFake(({ FunctionName }) => ({ EventSourceMappings: [cloud.mappings.get(FunctionName) ?? []].flat() }));
  lambda.on(GetFunctionConfigurationCommand).callsFake(({ FunctionName }) => known(cloud.functions, FunctionName));
  lambda
    .on(GetFunctionConcurrencyCommand)
    .callsFake(({ FunctionName }) => ({ ReservedConcurrentExecutions: known(cloud.functions, FunctionName).reserved }));
  sns.on(ListSubscriptionsByTopicCommand).callsFake(() => ({ Subscriptions: cloud.subscriptions }));
  sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }) => {
    const { waiting, ...attributes } = known(cloud.queues, QueueUrl.split('/').at(-1));
    return { Attributes: { ...attributes, ApproximateNumberOfMessages: String(waiting) } };
  });
  ssm.on(GetParameterCommand).callsFake(({ Name }) => {
    const Parameter = cloud.parameters.get(Name);
    if (!Parameter) throw Object.assign(new Error('there is none'), { name: 'ParameterNotFound' });
    return { Parameter };
  });
  ssm.on(PutParameterCommand).resolves({});
  ssm.on(DeleteParameterCommand).resolves({});
  vi.stubGlobal('fetch', async (address: string | URL) => {
    const said = cloud.slack.get(new URL(address).pathname);
    if (said === undefined) throw new TypeError('fetch failed');
    return new Response(typeof said === 'string' ? said : JSON.stringify(said), { status: typeof said === 'string' ? 400 : 200 });
  });
  return {
    ...mocks,
    restore() {
      for (const mock of Object.values(mocks)) mock.restore();
      vi.unstubAllGlobals();
    },
  };
}

/** A patient as it is now. */
export async function patientNow(made: Pick<Patient, 'resources' | 'config' | 'functions'>): Promise<Patient> {
  const deployment = await findDeployment({ region: REGION });
  return { ...made, deployment, client: { region: REGION }, account: ACCOUNT, region: REGION, now: NOW };
}
