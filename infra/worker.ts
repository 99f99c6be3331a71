import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MAX_RECEIVES, TIMEOUT_SECONDS } from '#shared/finding/names.ts';
import { addFunction } from './function.ts';
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
    const { role, handler } = addFunction(this, {
      ...props,
      timeout: TIMEOUT,
      statements: [
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], this.queue.queueArn),
        ...props.statements(this),
      ],
      environment: { REDRESS_QUEUE_URL: this.queue.queueUrl, ...props.environment },
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
