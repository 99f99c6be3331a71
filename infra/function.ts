import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, type Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ERRORS_METRIC, METRICS_NAMESPACE } from '#shared/finding/names.ts';
import { allow } from './statements.ts';

/** What a function is made of. */
export interface FunctionProps extends Pick<FunctionOptions, 'recursiveLoop' | 'reservedConcurrentExecutions'> {
  /** The name of the function, and the start of the role's. */
  readonly name: string;
  readonly description: string;
  /** The folder of the bundle. */
  readonly code: string;
  readonly timeout: Duration;
  /** What the role may do, beside writing the function's log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment: { readonly [name: string]: string };
}

/** Adds a function with a log group and a role of its own. */
export function addFunction(
  scope: Construct,
  { name, description, code, statements, environment, ...options }: FunctionProps,
): { readonly role: Role; readonly handler: LambdaFunction } {
  const logGroup = new LogGroup(scope, 'Log', {
    logGroupName: `/aws/lambda/${name}`,
    retention: RetentionDays.THREE_MONTHS,
    // every decision is in the ledger, which outlives the stack; a log group left behind would stop a new deployment
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // One metric for all functions, which costs nothing until one fails. AWS's own `Errors` is one for each function,
  // and an alarm is paid for by the metric. https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
  logGroup.addMetricFilter('Errors', {
    filterPattern: FilterPattern.literal('{ $.type = "platform.report" && $.record.status != "success" }'),
    metricNamespace: METRICS_NAMESPACE,
    metricName: ERRORS_METRIC,
    metricValue: '1',
  });
  const role = new Role(scope, 'Role', {
    // the Region is part of the name, for roles are global to the account
    roleName: `${name}-${Aws.REGION}`,
    description: `${description} Made by Redress.`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    // inline, and so in place before an event source mapping is checked against it
    inlinePolicies: {
      work: new PolicyDocument({
        statements: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn), ...statements],
      }),
    },
  });
  const handler = new LambdaFunction(scope, 'Function', {
    ...options,
    functionName: name,
    description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(code),
    handler: 'index.handler',
    role,
    memorySize: 512,
    environment: {
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: 'INFO',
      ...environment,
    },
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Lambda's default, said aloud: the metric of errors is made from the report of each invocation
    systemLogLevelV2: SystemLogLevel.INFO,
  });
  // the role's policies are inline, so naming the role is enough to wait for them;
  // the default child of a Lambda function is its CfnFunction, by the CDK's own contract
  (handler.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
  return { role, handler };
}
