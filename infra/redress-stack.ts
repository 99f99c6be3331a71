import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ControlFunction } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { ALERTS, LEDGER, SLACK_ACTIONS } from '#shared/finding/names.ts';
import { hubOf } from '#shared/finding/organization.ts';
import { FINDINGS_INDEX, FOUND_ON, LOOKED_AT, OPEN_INDEX, OPEN_UNDER } from '#shared/ledger/items.ts';
import { Alerts } from './alerts.ts';
import { codeDigest } from './code-digest.ts';
import { configDigest } from './config-digest.ts';
import { ControlFunctionStack } from './control-function.ts';
import { memberRolesOf } from './forwarding.ts';
import { HubBus } from './hub.ts';
import { pascal } from './ids.ts';
import { Monitoring } from './monitoring.ts';
import { SharedQueues } from './queues.ts';
import { SlackClicks } from './slack-actions.ts';
import { Trail } from './trail.ts';
import type { Worker } from './worker.ts';

/** What the stack is made from. */
export interface RedressProps extends StackProps {
  readonly functions: readonly ControlFunction[];
  /** The validated config. */
  readonly config: RedressConfig;
  /** The folder of a function's bundle, by the function's name. */
  readonly codeOf: (name: string) => string;
}

/** Redress in one account and Region, or the hub of an organization. The template names no account and no Region. */
export class RedressStack extends Stack {
  constructor(scope: Construct, id: string, { functions, config, codeOf, ...props }: RedressProps) {
    // CloudFormation takes no template of more than 1 MB
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    const ledger = new Table(this, 'Ledger', {
      tableName: LEDGER,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      // the key `aws/dynamodb`: unlike DynamoDB's own, its uses are in the account's CloudTrail; no role needs a grant
      encryption: TableEncryption.AWS_MANAGED,
      // the record of what was changed, and of the previous state, outlives the stack
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // what a sweep looks at again; only cases with an open finding have the attribute
    ledger.addGlobalSecondaryIndex({
      indexName: OPEN_INDEX,
      partitionKey: { name: OPEN_UNDER, type: AttributeType.STRING },
      sortKey: { name: 'pk', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [LOOKED_AT],
    });
    const organization = hubOf(config);
    // what people read of all accounts: by day, for an account and Region each would be 20,000 queries
    if (organization !== undefined)
      ledger.addGlobalSecondaryIndex({
        indexName: FINDINGS_INDEX,
        partitionKey: { name: FOUND_ON, type: AttributeType.STRING },
        sortKey: { name: 'sk', type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    const bus = new CfnEventBus(this, 'Bus', { name: 'redress', description: 'The findings of Redress.' });
    const shared = new SharedQueues(this, 'Queues');
    const alerts = new Alerts(this, 'Alerts', { config, code: codeOf(ALERTS), bus, ledger, shared });
    const stacks = functions.map(
      (fn) => new ControlFunctionStack(this, pascal(fn.id), { fn, config, code: codeOf(fn.id), ledger, bus, shared }),
    );
    const roles = stacks.map(({ worker }) => worker.role.roleArn);
    const hub = organization === undefined ? undefined : new HubBus(this, 'Members', organization).bus;
    for (const stack of stacks) stack.addRules(roles, hub && { bus: hub.attrArn, roles: memberRolesOf(functions) });
    const { actions } = config.alerts?.slack ?? {};
    const clicks =
      actions &&
      new SlackClicks(this, 'SlackActions', { actions, code: codeOf(SLACK_ACTIONS), ledger, functions: stacks, isHub: hub !== undefined });
    new Monitoring(this, 'Monitoring', {
      workers: [...stacks, alerts].map(({ worker }) => worker),
      clicks,
      shared,
      topic: alerts.topic,
      hasDashboard: config.dashboard ?? true,
    });
    if (config.trail) new Trail(this, 'Trail');

    this.output('LedgerTable', ledger.tableName, 'The table of cases, decisions and what was done.');
    this.output('ConfigDigest', configDigest(config, functions), 'Tells whether a config is the one that is deployed.');
    this.output('CodeDigest', codeDigest(), 'Tells whether the code is that of a version.');
    this.output('BusName', bus.attrName, 'The event bus that carries every finding.');
    this.output('TopicArn', alerts.topic.topicArn, 'The topic to subscribe to for alerts.');
    if (alerts.amazonQ) this.output('AmazonQTopicArn', alerts.amazonQ.topicArn, 'The topic for Amazon Q Developer in chat applications.');
    if (hub) this.output('MembersBusArn', hub.attrArn, 'The event bus that members forward their events to.');
    if (clicks) this.output('SlackActionsUrl', clicks.url, 'The request URL for the interactivity of the Slack app.');
    this.output('DeadLetterQueueUrl', shared.deadLetters.queueUrl, 'What no function could handle.');
    for (const { fn, worker } of stacks) this.queueOutputs(pascal(fn.id), worker);
    this.queueOutputs('Alerts', alerts.worker);
  }

  private queueOutputs(name: string, { queue, formerDeadLetters }: Worker): void {
    this.output(`${name}QueueUrl`, queue.queueUrl, `The queue of ${name}.`);
    if (formerDeadLetters)
      this.output(
        `${name}DeadLetterQueueUrl`,
        formerDeadLetters.queueUrl,
        `What ${name} could not handle when it had a dead-letter queue of its own.`,
      );
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
