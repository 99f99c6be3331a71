import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient, DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRuleNamesByTargetCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { findDeployment } from '../../../cli/deployment.ts';
import type { Patient } from '../../../cli/doctor/check.ts';
import { NOW } from '../world.ts';
import { ACCOUNT, type Cloud, REGION } from './sound.ts';

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
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => {
    if (values[':pk'].S === 'SWITCH') return { Items: cloud.pause === undefined ? [] : [{ body: { S: cloud.pause } }] };
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
    if (typeof said === 'number') return new Response('', { status: said });
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
