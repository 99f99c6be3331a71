import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDefaultModes } from '#shared/finding/config.ts';
import { parseConfig } from '#shared/finding/config-schema.ts';
import { SLACK_FUNCTION } from '#shared/finding/names.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { arnOf, type Template, templateOf } from './template.ts';

const actions: SlackActions = {
  signingSecretParameter: '/redress/slack/signing-secret',
  botTokenParameter: '/redress/slack/bot-token',
  workspaces: ['T012AB3CD'],
  allow: [{ account: '*', groups: ['S012AB3CD'] }],
};
let template: Template;
beforeAll(async () => {
  template = await templateOf({ alerts: { slack: { actions } } });
});
afterAll(() => template.remove());

const lambda = () => template.the('AWS::Lambda::Function', 'FunctionName', SLACK_FUNCTION);
const parameter = (name: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:parameter${name}`],
  ],
});

describe('the function that Slack calls', () => {
  test('has a URL that asks for no IAM identity, answers nobody else’s invocation, and is bounded', () => {
    const [id, { Properties }] = lambda();
    expect(Properties).toMatchObject({ ReservedConcurrentExecutions: 5, Timeout: 10, Runtime: 'nodejs24.x' });
    const [[url, { Properties: urlProperties }] = expect.fail('no URL')] = template.all('AWS::Lambda::Url');
    expect(urlProperties).toEqual({ AuthType: 'NONE', TargetFunctionArn: arnOf(id) });
    expect(template.outputs['SlackActionsUrl']?.Value).toEqual({ 'Fn::GetAtt': [url, 'FunctionUrl'] });
    const permissions = template.all('AWS::Lambda::Permission').map(([, { Properties: one }]) => one);
    expect(permissions).toHaveLength(2);
    expect(permissions).toContainEqual(expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }));
    expect(permissions).toContainEqual(expect.objectContaining({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }));
  });

  test('has a role that reads findings and two parameters, sends to the kinds, and writes marks of its own', () => {
    const [, { Properties }] = template.the('AWS::IAM::Role', 'RoleName', {
      'Fn::Join': ['', [`${SLACK_FUNCTION}-`, { Ref: 'AWS::Region' }]],
    });
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    const statements: { Action: string; Resource: unknown; Condition?: unknown }[] = Properties.Policies.flatMap(
      ({ PolicyDocument }: { PolicyDocument: { Statement: unknown[] } }) => PolicyDocument.Statement,
    );
    const [table] = template.the('AWS::DynamoDB::Table', 'TableName', 'redress-ledger');
    const queues = template.functions.map(({ id }) => arnOf(template.the('AWS::SQS::Queue', 'QueueName', `redress-${id}`)[0]));
    const under = (key: string) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] } });
    const parameters = expect.arrayContaining([parameter('/redress/slack/bot-token'), parameter('/redress/slack/signing-secret')]);
    const of = (action: string) => statements.filter(({ Action }) => Action === action);
    expect(statements).toHaveLength(6);
    expect(of('dynamodb:BatchGetItem')).toMatchObject([{ Resource: arnOf(table), Condition: under('FINDINGS#*') }]);
    expect(of('dynamodb:PutItem')).toMatchObject([{ Resource: arnOf(table), Condition: under('CLAIM#slack#*') }]);
    expect(of('sqs:SendMessage')).toMatchObject([{ Resource: queues }]);
    expect(of('ssm:GetParameter')).toMatchObject([{ Resource: parameters }]);
    expect(of('kms:Decrypt')).toMatchObject([{ Condition: { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': parameters } } }]);
  });

  test('knows the queue of every kind, and carries config and controls in its bundle', async () => {
    const [, { Properties, Metadata }] = lambda();
    const variables = Properties.Environment.Variables;
    for (const { id } of template.functions)
      expect(variables[`REDRESS_QUEUE_URL_${id.toUpperCase().replaceAll('-', '_')}`]).toEqual({
        Ref: template.the('AWS::SQS::Queue', 'QueueName', `redress-${id}`)[0],
      });
    const bundled = async (name: string) =>
      JSON.parse(await readFile(join(template.outdir, Metadata['aws:asset:path'], `${name}.json`), 'utf8'));
    expect(await bundled('config')).toEqual(withDefaultModes(template.config, controlsOf(template.functions)));
    expect(await bundled('controls')).toMatchObject({
      'ebs-default-encryption': 'volumes',
      'launch-template-encrypted': 'launch-templates',
    });
  });

  test('has an alarm for being called too often, and shares the one for failing', () => {
    const names = template.all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName);
    expect(names).toEqual(expect.arrayContaining(['redress-errors', `${SLACK_FUNCTION}-throttles`]));
    const [, called] = template.the('AWS::Lambda::Function', 'FunctionName', SLACK_FUNCTION);
    template.the('AWS::Logs::MetricFilter', 'LogGroupName', called.Properties.LoggingConfig.LogGroup);
  });
});

describe('the config', () => {
  const refusal = async (changes: object): Promise<string> => {
    const controls = (await discoverFunctions()).flatMap((kind) => kind.controls);
    try {
      parseConfig({ alerts: { slack: { actions: { ...actions, ...changes } } } }, controls);
    } catch (error) {
      return String(error);
    }
    return 'taken';
  };

  test.each<[string, object, RegExp]>([
    ['groups without a token', { botTokenParameter: undefined }, /groups need a botTokenParameter/],
    ['no workspace', { workspaces: [] }, /workspaces/],
    ['a name for a user', { allow: [{ account: '*', users: ['dana'] }] }, /is not the id of a Slack user/],
    ['an ARN in place of a parameter’s name', { signingSecretParameter: 'arn:aws:ssm:x' }, /is not the name of a parameter/],
    [
      'a secret in place of its parameter’s name',
      { signingSecretParameter: '8f742231b10e8888abcd99yyyzzz85a5' },
      /is not the name of a parameter/,
    ],
    ['an account that is none', { allow: [{ account: '12', users: [] }] }, /is not an account id/],
    ['an order that is none', { allow: [{ account: '*', orders: ['pause'] }] }, /orders/],
  ])('refuses %s', async (_name, changes, says) => {
    expect(await refusal(changes)).toMatch(says);
  });

  test('takes users alone without a token', async () => {
    expect(await refusal({ botTokenParameter: undefined, allow: [{ account: '111122223333', users: ['U012AB3CD'] }] })).toBe('taken');
  });
});
