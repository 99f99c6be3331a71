import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Template, templateOf } from './template.ts';

let template: Template;
beforeAll(async () => {
  template = await templateOf();
});
afterAll(() => template.remove());

const workers = () => [...template.functions.map(({ id }) => `redress-${id}`), 'redress-alerts'];

describe('what watches over it', () => {
  test('three alarms for all functions tell the topic', () => {
    const [topic] = template.the('AWS::SNS::Topic', 'TopicName', 'redress-alerts');
    const alarms = template.all('AWS::CloudWatch::Alarm');
    const treated = alarms.map(([, { Properties }]) => [Properties.AlarmName, Properties.TreatMissingData]);
    expect(Object.fromEntries(treated)).toEqual({
      'redress-dead-letters': 'notBreaching',
      'redress-errors': 'notBreaching',
      'redress-heartbeats': 'breaching',
    });
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
      expect(Properties.AlarmDescription).toMatch(/`redress status` names the functions?\b/);
    }
  });

  test('the alarm of heartbeats wants one of each function from wake to wake, and goes off when one misses two', () => {
    const [, { Properties }] = template.the('AWS::CloudWatch::Alarm', 'AlarmName', 'redress-heartbeats');
    expect(Properties).toMatchObject({
      MetricName: 'NumberOfMessagesSent',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: workers().length,
      Period: 3600,
      EvaluationPeriods: 2,
    });
  });

  test("each function's log feeds the metric of the errors' alarm", () => {
    const [, alarm] = template.the('AWS::CloudWatch::Alarm', 'AlarmName', 'redress-errors');
    for (const [, { Properties }] of template.all('AWS::Lambda::Function')) {
      const [, filter] = template.the('AWS::Logs::MetricFilter', 'LogGroupName', Properties.LoggingConfig.LogGroup);
      const { MetricName, MetricNamespace } = filter.Properties.MetricTransformations[0];
      expect([MetricNamespace, MetricName]).toEqual([alarm.Properties.Namespace, alarm.Properties.MetricName]);
      expect(filter.Properties.FilterPattern).toBe('{ $.type = "platform.report" && $.record.status != "success" }');
      expect(Properties.LoggingConfig.SystemLogLevel).toBe('INFO');
    }
  });

  test('alarms can publish to the encrypted topic, which takes nothing without TLS', () => {
    const [, topic] = template.the('AWS::SNS::Topic', 'TopicName', 'redress-alerts');
    const key = template.resources.get(topic.Properties.KmsMasterKeyId['Fn::GetAtt'][0]);
    const alarms = {
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    expect(key?.Properties.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ ...alarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
    );
    const [[, policy] = []] = template.all('AWS::SNS::TopicPolicy');
    expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ ...alarms, Effect: 'Allow', Action: 'sns:Publish' }),
    );
    expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('the dashboard shows the controls with most, and each queue', () => {
    const [[, dashboard] = []] = template.all('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\', '');
    for (const metric of ['SUM(violations)', 'SUM(fixes)', 'SUM(failures)', 'MAX(secondsToFixed)'])
      expect(body).toContain(`SELECT ${metric} FROM SCHEMA(Redress, control) GROUP BY control`);
    for (const name of workers()) expect(body).toContain(`"label":"${name}"`);
  });
});
