import type { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { RedressConfig } from '../shared/config.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '../shared/names.ts';
import { addRule } from './rules.ts';
import { allow } from './statements.ts';
import { Worker } from './worker.ts';

/** What the alerts are made from. */
export interface AlertsProps {
  readonly config: RedressConfig;
  /** The folder of the notifier's bundle. */
  readonly code: string;
  readonly bus: CfnEventBus;
}

/** The topic that people subscribe to, and the notifier that turns findings into its messages. */
export class Alerts extends Construct {
  readonly topic: Topic;
  readonly worker: Worker;

  constructor(scope: Construct, id: string, { config, code, bus }: AlertsProps) {
    super(scope, id);
    // A key of our own, because CloudWatch alarms cannot publish to a topic under `alias/aws/sns`: that key's policy
    // is AWS's, and does not let them. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    const key = new Key(this, 'Key', {
      description: 'Encrypts the alerts of Redress on their way through SNS.',
      enableKeyRotation: true,
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
    // named by the address, not by its place: else a list that shrinks would take the subscription of another
    for (const endpoint of new Set(config.alerts?.emails)) {
      new Subscription(this, `Email ${endpoint}`, { topic: this.topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }

    this.worker = new Worker(this, 'Worker', {
      name: 'redress-alerts',
      description: 'Tells people what Redress found.',
      code,
      environment: { REDRESS_TOPIC_ARN: this.topic.topicArn },
      statements: () => [allow(['sns:Publish'], this.topic.topicArn), allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn)],
    });
    const rule = addRule(this, 'Findings', {
      name: 'redress-alerts',
      description: 'Every finding of Redress, for the notifier.',
      when: { eventPattern: { source: [FINDING_SOURCE], 'detail-type': [FINDING_DETAIL_TYPE] } },
      bus: bus.attrArn,
      to: this.worker,
    });
    this.worker.allowRules([rule]);
  }
}
