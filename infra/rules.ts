import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Sweeps, Wake } from '#shared/finding/message.ts';
import type { Pattern } from './patterns.ts';

/** What makes a rule fire: a pattern, a schedule, or either. */
type Occasion = { readonly eventPattern: Pattern; readonly scheduleExpression?: string } | { readonly scheduleExpression: string };

/** A rule that sends to a worker's queue, and to the dead-letter queue what it cannot deliver. */
export interface RuleProps {
  readonly name: string;
  readonly description: string;
  readonly when: Occasion;
  readonly to: { readonly queue: IQueue; readonly deadLetters: IQueue };
  /** The name or ARN of the bus; absent means the account's default bus, where AWS's own events are. */
  readonly bus?: string;
  /** What the message says beside the event; absent sends the event as it is. */
  readonly head?: ({ readonly control: string } | Pick<Sweeps, 'controls' | 'isOfMembers'> | Wake) & {
    /** Said of what comes from the bus of the members, where an account may join by it. */
    readonly isForwarded?: true;
  };
}

/**
 * Makes a rule and returns its ARN. Written at CloudFormation's level, because the pattern is ours to the letter,
 * and the template puts the event as JSON where CDK's own inputs would make it a string.
 */
export function addRule(scope: Construct, id: string, { name, description, when, to, bus, head }: RuleProps): string {
  const rule = new CfnRule(scope, id, {
    name,
    description,
    ...when,
    ...(bus && { eventBusName: bus }),
    state: 'ENABLED',
    targets: [
      {
        id: 'queue',
        arn: to.queue.queueArn,
        deadLetterConfig: { arn: to.deadLetters.queueArn },
        // EventBridge's own default, said aloud
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        ...(head && {
          inputTransformer: { inputTemplate: JSON.stringify({ ...head, event: 0 }).replace(/0}$/, '<aws.events.event.json>}') },
        }),
      },
    ],
  });
  return rule.attrArn;
}
