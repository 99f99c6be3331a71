import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MAX_RECEIVES, METRICS_NAMESPACE, TIMEOUT_SECONDS } from '../shared/names.ts';

const TIMEOUT = Duration.seconds(TIMEOUT_SECONDS);
const WINDOW = Duration.seconds(1);

/** What a worker is made of. */
export interface WorkerProps {
  /** The name of the function and the queue, and the start of the role's, such as `redress-volumes`. */
  readonly name: string;
  readonly description: string;
  /** The folder of the bundle. */
  readonly code: string;
  /** What the role may do, beside reading its queue and writing its log. */
  readonly statements: (worker: Worker) => readonly PolicyStatement[];
  readonly environment: { readonly [name: string]: string };
}

/** A queue, its dead-letter queue, and the function that works through it, with a role of its own. */
export class Worker extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly role: Role;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { name } = props;
    this.name = name;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `${name}-dlq`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // a message keeps the time it was first sent, so this must be longer than the queue's own
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: name,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // AWS's rule for event source mappings: six times the function's timeout, plus the batch window
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds() + WINDOW.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      // every decision is in the ledger, which outlives the stack; a log group left behind would stop a new deployment
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      // the Region is part of the name, for roles are global to the account
      roleName: `${name}-${Aws.REGION}`,
      description: `${props.description} Made by Redress.`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // inline, and so in place before the event source mapping is checked against it
      inlinePolicies: {
        work: new PolicyDocument({
          statements: [
            allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], this.queue.queueArn),
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          ],
        }),
        act: new PolicyDocument({ statements: [...props.statements(this)] }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.code),
      handler: 'index.handler',
      role: this.role,
      timeout: TIMEOUT,
      memorySize: 512,
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        REDRESS_QUEUE_URL: this.queue.queueUrl,
        ...props.environment,
      },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // A message that must wait is sent to the same queue again. Lambda takes that for a loop and stops it after 16 rounds;
      // how often a message comes back is counted in the message itself.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    // the role's policies are inline, so naming the role is enough to wait for them
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.addDeletionOverride('DependsOn');
    new EventSourceMapping(this, 'Mapping', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: 100,
      maxBatchingWindow: WINDOW,
      reportBatchItemFailures: true,
      // not reserved concurrency: with it, messages that find no free function use up their receive count
      maxConcurrency: 5,
    });
  }

  /** Lets EventBridge rules of this stack send to the queue, and to the dead-letter queue what cannot be delivered. */
  allowRules(ruleArns: readonly string[]): void {
    for (const queue of [this.queue, this.deadLetters]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': [...ruleArns] } },
        }),
      );
    }
  }
}

/** An IAM statement that denies actions on one resource, whoever else allows them. */
export function deny(actions: readonly string[], resource: string, conditions?: PolicyStatement['conditions']): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: [...actions], resources: [resource], ...(conditions && { conditions }) });
}

/** An IAM statement that allows actions on one resource. */
export function allow(actions: readonly string[], resource: string, conditions?: PolicyStatement['conditions']): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [resource], ...(conditions && { conditions }) });
}
