import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import type { AlertsConfig } from '#shared/finding/alerts-config.ts';
import { announcementName, answerName } from '#shared/finding/announcement.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { parseConfig } from '#shared/finding/config-schema.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '#shared/finding/names.ts';
import { matches } from '#shared/replay/matcher.ts';
import { aFinding } from '../support/alerts/findings.ts';
import { arnOf, type Template, templateOf } from './template.ts';

const alerts: AlertsConfig = {
  amazonQ: true,
  securityHub: true,
  slack: {
    channels: {
      security: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' },
      hook: { webhookParameter: '/redress/slack/hook' },
    },
  },
};

describe('the notifier is made by the config', () => {
  let plain: Template;
  let full: Template;
  beforeAll(async () => {
    plain = await templateOf();
    full = await templateOf({ alerts });
  });
  afterAll(() => Promise.all([plain, full].map((one) => one.remove())));

  const statementsOf = (template: Template) => {
    const name = { 'Fn::Join': ['', ['redress-alerts-', { Ref: 'AWS::Region' }]] };
    const [, role] = template.the('AWS::IAM::Role', 'RoleName', name);
    const [{ PolicyDocument }] = role.Properties.Policies;
    return PolicyDocument.Statement as { Action: string | string[]; Resource: unknown; Condition?: object }[];
  };
  // beside what each worker may: write its log, and work through its queue
  const every = /^logs:|^sqs:(DeleteMessage|GetQueueAttributes|ReceiveMessage)$/;
  const actionsOf = (template: Template) =>
    [...new Set(statementsOf(template).flatMap(({ Action }) => Action))].filter((action) => !every.test(action)).sort();

  test('a config that names nobody leaves the notifier its topic, and its own items of the ledger', () => {
    const ledgerActions = ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'];
    expect(actionsOf(plain)).toEqual([...ledgerActions, 'kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish', 'sqs:SendMessage']);
    const [heartbeats] = plain.the('AWS::SQS::Queue', 'QueueName', 'redress-heartbeats');
    const sends = statementsOf(plain).filter(({ Action }) => Action === 'sqs:SendMessage');
    expect(sends.map(({ Resource }) => Resource)).toEqual([arnOf(heartbeats)]);
    const [ledger] = plain.the('AWS::DynamoDB::Table', 'TableName', 'redress-ledger');
    for (const { Condition } of statementsOf(plain).filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(arnOf(ledger))))
      expect(Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['DONE#ALERT#*'] } });
  });

  test('Slack and Security Hub bring what they need, and no more', () => {
    expect(actionsOf(full)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'securityhub:BatchImportFindings',
      'sns:Publish',
      'sqs:SendMessage',
      'ssm:GetParameter',
    ]);
    const text = JSON.stringify(statementsOf(full));
    expect(text).toContain(':parameter/redress/slack/token');
    expect(text).toContain('kms:EncryptionContext:PARAMETER_ARN');
  });

  test('Amazon Q has a topic of its own under the same key, which the notifier alone publishes to', () => {
    const [, topic] = full.the('AWS::SNS::Topic', 'TopicName', 'redress-alerts');
    const [id, own] = full.the('AWS::SNS::Topic', 'TopicName', 'redress-alerts-amazon-q');
    expect(own.Properties.KmsMasterKeyId).toEqual(topic.Properties.KmsMasterKeyId);
    expect(full.outputs['AmazonQTopicArn']?.Value).toEqual({ Ref: id });
    expect(plain.all('AWS::SNS::Topic')).toHaveLength(1);
  });

  test('no function of the stack can be told to take another place for Slack', async () => {
    for (const template of [plain, full]) expect(template.text).not.toContain('REDRESS_LOCAL_SLACK');
  });

  test('no secret is in the template or the bundle: only the names of parameters', async () => {
    const [, { Metadata }] = full.the('AWS::Lambda::Function', 'FunctionName', 'redress-alerts');
    const config: RedressConfig = JSON.parse(await readFile(join(full.outdir, Metadata['aws:asset:path'], 'config.json'), 'utf8'));
    expect(config.alerts).toEqual(alerts);
  });

  test.each<[string, Partial<Finding>, boolean]>([
    ['what is wrong', { severity: 'low', status: 'open' }, true],
    [
      'what was told before, and is right now',
      { severity: 'low', status: 'fixed', announcement: announcementName('f-1', 2, 'fixed') },
      true,
    ],
    ['what is worth telling though it is right', { severity: 'medium', status: 'fixed' }, true],
    ['an answer to an order', { severity: 'low', status: 'fixed', announcement: answerName('f-1', 'o-1') }, true],
    ['not of what is routine, and right when it is first told', { severity: 'low', status: 'fixed' }, false],
  ])('the notifier hears: %s', (_name, changes, isHeard) => {
    const [, rule] = plain.the('AWS::Events::Rule', 'Name', 'redress-alerts');
    const detail: Json = JSON.parse(JSON.stringify(aFinding(changes)));
    expect(matches(rule.Properties.EventPattern, { source: FINDING_SOURCE, 'detail-type': FINDING_DETAIL_TYPE, detail })).toBe(isHeard);
  });
});

describe('a config that cannot be used says why', () => {
  const parse = (value: unknown) => () => parseConfig({ alerts: value }, []);

  test.each<[string, unknown, string]>([
    ['a route to nowhere', { routes: [{ to: ['slack:nobody'] }] }, 'slack:nobody'],
    ['a route to Amazon Q without it', { routes: [{ to: ['amazon-q'] }] }, 'amazon-q'],
    [
      'a secret in place of its parameter',
      { slack: { channels: { a: { webhookParameter: 'https://hooks.slack.com/services/T/B/x' } } } },
      'is not',
    ],
    ['a channel by its name', { slack: { channels: { a: { tokenParameter: '/t', channel: '#general' } } } }, 'C0123456789'],
    ['an owner who is not one of Slack', { slack: { channels: {}, owners: { dana: '@dana' } } }, 'Slack id'],
    ['pages that are not under https', { docs: 'http://example.com' }, 'https'],
    ['a status that there is not', { quiet: ['done'] }, 'must be one of'],
  ])('%s', (_name, value, says) => {
    expect(parse(value)).toThrow(says);
    // somebody may have put the secret itself there
    expect(parse(value)).not.toThrow('services/T/B');
  });

  test('what is right stays as it is', () => {
    expect(parse({ ...alerts, routes: [{ atLeast: 'high', to: ['slack:hook', 'topic', 'amazon-q'] }] })()).toMatchObject({ alerts });
  });
});
