import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MAX_RECEIVES, TIMEOUT_SECONDS, WAKE_SECONDS, wakeOf } from '#shared/finding/names.ts';
import { addFunction } from './function.ts';
import { deploymentPattern } from './patterns.ts';
import { formerDeadLetters, type SharedQueues } from './queues.ts';
import { addRule } from './rules.ts';
import { allow } from './statements.ts';

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
  readonly shared: SharedQueues;
}

/** A queue, and the function that works through it, with a role of its own. */
export class Worker extends Construct {
  readonly name: string;
  readonly queue: Queue;
  /** The dead-letter queue for all. */
  readonly deadLetters: Queue;
  /** The one that this worker had of its own in the previous version. */
  readonly formerDeadLetters: Queue | undefined;
  readonly role: Role;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { name, shared } = props;
    this.name = name;
    this.deadLetters = shared.deadLetters;
    this.formerDeadLetters = formerDeadLetters(this, name);
    this.queue = new Queue(this, 'Queue', {
      queueName: name,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // AWS's rule for event source mappings: six times the function's timeout, plus the batch window
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds() + WINDOW.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    const { role, handler } = addFunction(this, {
      ...props,
      timeout: TIMEOUT,
      statements: [
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], this.queue.queueArn),
        allow(['sqs:SendMessage'], shared.heartbeats.queueArn),
        ...props.statements(this),
      ],
      environment: {
        REDRESS_QUEUE_URL: this.queue.queueUrl,
        REDRESS_HEARTBEATS_URL: shared.heartbeats.queueUrl,
        ...props.environment,
      },
      // A message that must wait is sent to the same queue again. Lambda takes that for a loop and stops it after 16 rounds;
      // how often a message comes back is counted in the message itself.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.role = role;
    this.function = handler;
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

  /** Lets rules of this stack send to the queue, and adds the one that wakes the function. */
  allowRules(ruleArns: readonly string[]): void {
    const wake = addRule(this, 'Wake', {
      name: wakeOf(this.name),
      description: `${this.name}: what has waited for its time; and whether it still takes what is sent to it.`,
      // all at the same minute, so that the alarm can count the answers; and at once after a deployment, so that it need not wait
      when: {
        scheduleExpression: `cron(0 0/${WAKE_SECONDS / 3600} * * ? *)`,
        eventPattern: deploymentPattern(Stack.of(this).stackId),
      },
      to: this,
      head: { wake: true },
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': [...ruleArns, wake] } },
      }),
    );
  }
}
