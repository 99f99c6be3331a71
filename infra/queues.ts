import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DEAD_LETTERS, HEARTBEATS } from '#shared/finding/names.ts';
import { acknowledge } from './nag.ts';

const safe = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** The queues that all workers share; nothing polls them, so they cost nothing while they are empty. */
export class SharedQueues extends Construct {
  /** What no function could handle, and what no rule could deliver. */
  readonly deadLetters: Queue;
  /** The answers to heartbeats: counted, never read. */
  readonly heartbeats: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...safe,
      queueName: DEAD_LETTERS,
      // a message keeps the time it was first sent, so this must be longer than the queues' own
      retentionPeriod: Duration.days(14),
    });
    // By name, because a queue's policy has no room for the ARN of each rule. Whoever may make such a rule could put a
    // message here; so `redress redrive` takes no order from what a rule has put here.
    const rules = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/`;
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': [`${rules}redress-*`, `${rules}redress/redress-*`] },
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
    // SQS reports on a queue that holds messages, and soon no more on one that is empty: a day's answers keep it reporting zeros
    this.heartbeats = new Queue(this, 'Heartbeats', { ...safe, queueName: HEARTBEATS, retentionPeriod: Duration.days(1) });
    acknowledge(
      this.heartbeats,
      'AwsSolutions-SQS3',
      'Nothing reads this queue, so nothing fails to: the number of messages sent to it is watched.',
    );
  }
}

/**
 * The dead-letter queues that each of these functions had of its own in earlier stacks. A queue that leaves the template is
 * deleted with what is in it, so they stay through version 0.1; 0.2 may drop this list. They are empty in a new stack.
 */
const former: readonly string[] = ['alerts', 'auto-scaling-groups', 'instances', 'launch-templates', 'parameters', 'volumes'].map(
  (name) => `redress-${name}`,
);

/** Keeps the dead-letter queue that a function had of its own; undefined for a function that never had one. */
export function formerDeadLetters(worker: Construct, name: string): Queue | undefined {
  if (!former.includes(name)) return undefined;
  const queue = new Queue(worker, 'DeadLetters', { ...safe, queueName: `${name}-dlq`, retentionPeriod: Duration.days(14) });
  acknowledge(queue, 'AwsSolutions-SQS3', 'It was a dead-letter queue itself, and only holds what was in it then.');
  return queue;
}
