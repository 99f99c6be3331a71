import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { secretParametersOf } from '#shared/finding/alerts-config.ts';
import { announcementName } from '#shared/finding/announcement.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { ALERTS, FINDING_DETAIL_TYPE, FINDING_SOURCE, functionOf } from '#shared/finding/names.ts';
import { hubOf } from '#shared/finding/organization.ts';
import { becomingMembers, justifyMembers } from './hub.ts';
import { IMPORT } from './member.ts';
import type { SharedQueues } from './queues.ts';
import { addRule } from './rules.ts';
import { acknowledgeSecrets, secretStatements } from './secrets.ts';
import { allow, underKey } from './statements.ts';
import { Worker } from './worker.ts';

/** What the alerts are made from. */
export interface AlertsProps {
  readonly config: RedressConfig;
  /** The folder of the notifier's bundle. */
  readonly code: string;
  readonly bus: CfnEventBus;
  readonly ledger: Table;
  readonly shared: SharedQueues;
}

/** The topics that people subscribe to, and the notifier that turns findings into messages. */
export class Alerts extends Construct {
  readonly topic: Topic;
  /** The topic for Amazon Q Developer in chat applications, where the config asks for one. */
  readonly amazonQ: Topic | undefined;
  readonly worker: Worker;

  constructor(scope: Construct, id: string, { config, code, bus, ledger, shared }: AlertsProps) {
    super(scope, id);
    // A key of our own, because CloudWatch alarms cannot publish to a topic under `alias/aws/sns`: that key's policy
    // is AWS's, and does not let them. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    const key = new Key(this, 'Key', {
      description: 'Encrypts the alerts of Redress on their way through SNS.',
      enableKeyRotation: true,
      // The longest that KMS takes: each of the first two rotations adds the price of a key, and nothing is kept under
      // this one that a rotation would protect. https://aws.amazon.com/kms/pricing/
      rotationPeriod: Duration.days(2560),
      // nothing is kept under it: SNS holds a message only until it is delivered
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new Alias(this, 'KeyAlias', { aliasName: 'alias/redress-alerts', targetKey: key });
    const ours = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    key.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], conditions: ours }),
    );

    this.topic = new Topic(this, 'Topic', { topicName: 'redress-alerts', displayName: 'Redress', masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms], actions: ['sns:Publish'], resources: [this.topic.topicArn], conditions: ours }),
    );
    const alerts = config.alerts ?? {};
    // named by the address, not by its place: else a list that shrinks would take the subscription of another
    for (const endpoint of new Set(alerts.emails)) {
      new Subscription(this, `Email ${endpoint}`, { topic: this.topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }
    // one of its own: what is not in the schema of Amazon Q Developer it would drop, and people cannot read that schema
    this.amazonQ = alerts.amazonQ
      ? new Topic(this, 'AmazonQTopic', { topicName: 'redress-alerts-amazon-q', masterKey: key, enforceSSL: true })
      : undefined;

    const secrets = secretParametersOf(alerts);
    // Security Hub takes a finding only from the account that it is about
    const importsInMembers = alerts.securityHub === true && hubOf(config) !== undefined;
    this.worker = new Worker(this, 'Worker', {
      name: functionOf(ALERTS),
      shared,
      description: 'Reports to people what Redress found.',
      code,
      environment: {
        REDRESS_TOPIC_ARN: this.topic.topicArn,
        REDRESS_TABLE: ledger.tableName,
        ...(this.amazonQ && { REDRESS_AMAZON_Q_TOPIC_ARN: this.amazonQ.topicArn }),
      },
      statements: ({ queue }) => [
        ...[this.topic, this.amazonQ].flatMap((topic) => (topic ? allow(['sns:Publish'], topic.topicArn) : [])),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn),
        allow(['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'], ledger.tableArn, underKey('DONE#ALERT#*')),
        ...secretStatements(secrets),
        ...(secrets.length > 0 ? slackStatements(ledger, queue.queueArn) : []),
        ...(alerts.securityHub ? [allow([IMPORT], product)] : []),
        ...(importsInMembers ? [becomingMembers(functionOf(ALERTS), ['sts:AssumeRole'])] : []),
      ],
    });
    if (importsInMembers) justifyMembers(this.worker.role, functionOf(ALERTS));
    if (secrets.length > 0) acknowledgeSecrets(this.worker.role);
    const rule = addRule(this, 'Findings', {
      name: 'redress-alerts',
      description: 'Every finding of Redress that people should see, for the notifier.',
      // what is routine, and done when it is first announced, needs nobody: a burst of new volumes is no burst of letters
      when: {
        eventPattern: {
          source: [FINDING_SOURCE],
          'detail-type': [FINDING_DETAIL_TYPE],
          detail: {
            $or: [
              { severity: [{ 'anything-but': ['low'] }] },
              { announcement: [{ 'anything-but': { suffix: announcementName('', 1, 'fixed') } }] },
            ],
          },
        },
      },
      bus: bus.attrArn,
      to: this.worker,
    });
    this.worker.allowRules([rule]);
  }
}

/** The account's own product, under which findings of one's own are imported. */
const product = `arn:${Aws.PARTITION}:securityhub:${Aws.REGION}:${Aws.ACCOUNT_ID}:product/${Aws.ACCOUNT_ID}/default`;

/** What Slack needs beside its secrets: the state of its channels, and the notifier's own queue for what has to wait. */
function slackStatements(ledger: Table, queue: string): PolicyStatement[] {
  return [
    allow(
      ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      ledger.tableArn,
      underKey('ALERTS#*'),
    ),
    allow(['sqs:SendMessage'], queue),
  ];
}
