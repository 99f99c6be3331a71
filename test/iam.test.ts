import { describe, expect, test } from 'vitest';
import type { AwsCall } from '../local/emulator/aws-call.ts';
import type { Json } from '../local/json.ts';
import { ec2Call, jsonCall, queryCall } from './local/calls.ts';
import { type Asked, refusalOf, sayRefusal } from './support/iam.ts';
import { askedFor } from './support/iam-calls.ts';

const account = '123456789012';
const table = `arn:aws:dynamodb:us-east-1:${account}:table/ledger`;
const volume = `arn:aws:ec2:us-east-1:${account}:volume/vol-1`;
const allow = (Action: Json, Resource: Json = '*', Condition?: Json): Json => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const deny = (Action: Json, Resource: Json = '*', Condition?: Json): Json => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const asked = (action: string, resource: string | undefined = '*', keys: Asked['keys'] = {}): Asked => ({ action, resource, keys });
const somewhere = (action: string): Asked => ({ action, resource: undefined, keys: {} });
const tagging = (...tags: string[]) => asked('ec2:CreateTags', volume, tags.length > 0 ? { 'aws:TagKeys': tags } : {});

describe('what a role may do', () => {
  const under = (operator: string, ...wanted: string[]) => allow('ec2:CreateTags', '*', { [operator]: { 'aws:TagKeys': wanted } });
  const viaSsm = { StringEquals: { 'kms:ViaService': ['ssm.us-east-1.amazonaws.com'] } };
  const forAws = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };

  test.each<[string, boolean, Asked, ...Json[]]>([
    ['an action that a statement names', true, asked('ec2:DescribeVolumes'), allow(['ec2:DescribeImages', 'ec2:DescribeVolumes'])],
    ['in whatever case', true, asked('ec2:DescribeVolumes'), allow('EC2:describevolumes')],
    ['by a wildcard', true, asked('kms:ReEncryptFrom'), allow('kms:ReEncrypt*')],
    ['not another', false, asked('ec2:DescribeVolumes'), allow('ec2:DescribeVolume')],
    ['nor without a statement', false, asked('ec2:DescribeVolumes')],
    ['nor what is denied besides', false, asked('ec2:DescribeVolumes'), allow('*'), deny('ec2:*')],
    ['on the resource that a statement names', true, asked('dynamodb:PutItem', table), allow('dynamodb:PutItem', table)],
    ['by a wildcard of one sign', true, tagging(), allow('ec2:CreateTags', volume.replace('vol-1', 'vol-?'))],
    ['not on one whose name is longer', false, asked('dynamodb:PutItem', `${table}-2`), allow('dynamodb:PutItem', table)],
    ['nor a dot for any sign', false, asked('sns:Publish', 'arn:aXb'), allow('sns:Publish', 'arn:a.b')],
    ['nor on all, where only one is named', false, asked('ec2:DescribeVolumes'), allow('ec2:DescribeVolumes', volume)],
    ['on what is not told, by the action alone', true, somewhere('kms:DescribeKey'), allow('kms:DescribeKey', 'arn:aws:kms:x')],
    ['but no denial by the action alone', true, somewhere('kms:GetKeyPolicy'), allow('kms:*'), deny('kms:*', 'arn:aws:kms:x')],
    ['unless it is on all', false, somewhere('kms:GetKeyPolicy'), allow('kms:*'), deny('kms:*')],
    ['with every key like one', true, tagging('created:owner', 'created:via'), under('ForAllValues:StringLike', 'x', 'created:*')],
    ['not with one key unlike all', false, tagging('created:owner', 'Team'), under('ForAllValues:StringLike', 'created:*')],
    ['nor in another case', false, tagging('Created:owner'), under('ForAllValues:StringLike', 'created:*')],
    ['but where case counts for nothing', true, tagging('TEAM'), under('ForAllValues:StringEqualsIgnoreCase', 'Team')],
    ['with no key at all, for all of none are right', true, tagging(), under('ForAllValues:StringLike', 'created:*')],
    ['not so where a key must be there', false, tagging(), under('Null', 'false')],
    ['with a key that must be there', true, tagging('Team'), under('Null', 'false')],
    ['with one key of several', true, tagging('a', 'b'), under('ForAnyValue:StringEquals', 'b')],
    ['not with none', false, tagging(), under('ForAnyValue:StringEquals', 'b')],
    ['with keys that are not those', true, tagging('Team'), under('ForAllValues:StringNotLike', 'redress:*', 'created:*')],
    ['not with one of those', false, tagging('Team', 'created:via'), under('ForAllValues:StringNotLike', 'redress:*', 'created:*')],
    [
      'under every condition of a statement',
      false,
      tagging('a'),
      allow('ec2:*', '*', { Null: { 'aws:TagKeys': 'false' }, StringEquals: { 'ec2:CreateAction': 'CopyVolumes' } }),
    ],
    ['itself, whatever is denied through a service', true, asked('kms:Decrypt'), allow('kms:*'), deny('kms:Decrypt', '*', viaSsm)],
    ['not itself what is allowed through a service', false, asked('kms:Decrypt'), allow('kms:Decrypt', '*', viaSsm)],
    ['what nobody can tell of an Allow', true, asked('kms:CreateGrant'), allow('kms:CreateGrant', '*', forAws)],
    ['and of a Deny', true, asked('kms:CreateGrant'), allow('kms:*'), deny('kms:CreateGrant', '*', forAws)],
  ])('%s', (_, isAllowed, what, ...statements) => {
    expect(refusalOf(what, statements) === undefined).toBe(isAllowed);
  });

  test('is refused with the statement that comes nearest', () => {
    const statements = [allow('ec2:DescribeVolumes'), allow('ec2:CreateTags', `${volume}2`), under('Null', 'true')];
    const refusal = refusalOf(tagging('a', 'b'), statements) ?? expect.fail('it is allowed');
    expect(refusal).toEqual({ is: 'not allowed', nearest: statements[2] });
    expect(sayRefusal(tagging('a', 'b', 'c', 'd'), refusal)).toBe(
      `ec2:CreateTags on ${volume} with aws:TagKeys a, b, c, … is not allowed; nearest statement: ${JSON.stringify(statements[2])}`,
    );
    expect(refusalOf(tagging('a'), statements.slice(0, 2))).toEqual({ is: 'not allowed', nearest: statements[1] });
    expect(refusalOf(asked('ec2:CopyVolumes'), statements)).toEqual({ is: 'not allowed', nearest: statements[0] });
    expect(refusalOf(asked('sns:Publish'), statements)).toEqual({ is: 'not allowed', nearest: null });
    expect(refusalOf(asked('ec2:DescribeVolumes'), [...statements, deny('*')])).toEqual({ is: 'denied', nearest: deny('*') });
  });

  test.each<[string, Json]>([
    ['the condition key aws:SourceIp', allow('ec2:*', '*', { StringEquals: { 'aws:SourceIp': 'x' } })],
    ['the condition operator StringEqualsIfExists', under('StringEqualsIfExists', 'x')],
    ['NotAction', { Effect: 'Allow', NotAction: 'ec2:*', Resource: '*' }],
    ['NotResource', { Effect: 'Allow', Action: 'ec2:*', NotResource: 'x' }],
  ])('is not guessed by %s', (name, statement) => {
    expect(() => refusalOf(tagging('a'), [statement])).toThrow(`does not know ${name}`);
  });
});

describe('what AWS asks for a call', () => {
  const dynamodb = (action: string, body: object) => jsonCall('dynamodb', `DynamoDB_20120810.${action}`, body);
  const ssm = (action: string, body: object) => jsonCall('ssm', `AmazonSSM.${action}`, body);
  const event = (EventBusName: string | undefined, Source: string) => ({ ...(EventBusName && { EventBusName }), Source, DetailType: 'x' });
  const item = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
  const parameter = (name: string) => `arn:aws:ssm:us-east-1:${account}:parameter/${name}`;
  const instance = `arn:aws:ec2:us-east-1:${account}:instance/i-1`;
  const template = (id: string) => `arn:aws:ec2:us-east-1:${account}:launch-template/${id}`;
  const group = (name: string) => `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:*:autoScalingGroupName/${name}`;
  const onTable = (action: string, ...keys: string[]) => asked(`dynamodb:${action}`, table, { 'dynamodb:LeadingKeys': keys });
  const creating = (resource: string, create: string, ...keys: string[]) =>
    asked('ec2:CreateTags', resource, { 'aws:TagKeys': keys, 'ec2:CreateAction': [create] });
  const anyVolume = volume.replace('vol-1', '*');

  test.each<[string, AwsCall, ...Asked[]]>([
    ['an item', dynamodb('GetItem', { TableName: 'ledger', Key: item('A') }), onTable('GetItem', 'A')],
    [
      'an item that is put, into a table named by its ARN',
      dynamodb('PutItem', { TableName: table, Item: item('A') }),
      onTable('PutItem', 'A'),
    ],
    [
      'a query',
      dynamodb('Query', {
        TableName: 'ledger',
        KeyConditionExpression: 'pk = :a AND sk > :b',
        ExpressionAttributeValues: { ':a': { S: 'A' }, ':b': { S: 'B' } },
      }),
      onTable('Query', 'A'),
    ],
    [
      'many items, each key once',
      dynamodb('BatchGetItem', { RequestItems: { ledger: { Keys: [item('A'), item('B'), item('A')] } } }),
      onTable('BatchGetItem', 'A', 'B'),
    ],
    [
      'many that are put and deleted',
      dynamodb('BatchWriteItem', {
        RequestItems: { ledger: [{ PutRequest: { Item: item('A') } }, { DeleteRequest: { Key: item('B') } }] },
      }),
      onTable('BatchWriteItem', 'A', 'B'),
    ],
    [
      'a transaction, as what it is made of',
      dynamodb('TransactWriteItems', {
        TransactItems: [{ Update: { TableName: 'ledger', Key: item('A') } }, { Delete: { TableName: 'ledger', Key: item('B') } }],
      }),
      onTable('UpdateItem', 'A'),
      onTable('DeleteItem', 'B'),
    ],
    [
      'messages',
      jsonCall('sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: 'http://127.0.0.1:1/123456789012/work' }),
      asked('sqs:SendMessage', `arn:aws:sqs:us-east-1:${account}:work`),
    ],
    ['an alert', queryCall('sns', 'Publish', { TopicArn: 'arn:aws:sns:us-east-1:1:t' }), asked('sns:Publish', 'arn:aws:sns:us-east-1:1:t')],
    [
      'events, of which each bus is asked for once',
      jsonCall('events', 'AWSEvents.PutEvents', {
        Entries: [event('redress', 'a'), event('redress', 'a'), event('redress', 'b'), event(undefined, 'b')],
      }),
      asked('events:PutEvents', `arn:aws:events:us-east-1:${account}:event-bus/redress`, {
        'events:source': ['a'],
        'events:detail-type': ['x'],
      }),
      asked('events:PutEvents', `arn:aws:events:us-east-1:${account}:event-bus/redress`, {
        'events:source': ['b'],
        'events:detail-type': ['x'],
      }),
      asked('events:PutEvents', `arn:aws:events:us-east-1:${account}:event-bus/default`, {
        'events:source': ['b'],
        'events:detail-type': ['x'],
      }),
    ],
    ['who calls: nothing', queryCall('sts', 'GetCallerIdentity')],
    ['what has no resource', ec2Call('DescribeVolumes', { 'VolumeId.1': 'vol-1' }), asked('ec2:DescribeVolumes')],
    ['a setting of the account', ec2Call('EnableEbsEncryptionByDefault'), asked('ec2:EnableEbsEncryptionByDefault')],
    ['what may have one', ec2Call('DescribeImageAttribute', { ImageId: 'ami-1' }), somewhere('ec2:DescribeImageAttribute')],
    ['a key', jsonCall('kms', 'TrentService.DescribeKey', { KeyId: 'alias/x' }), somewhere('kms:DescribeKey')],
    [
      'parameters, the public and the shared among them',
      ssm('GetParameters', { Names: ['/shop/key:3', 'plain', '/aws/service/ami', 'arn:aws:ssm:us-east-1:1:parameter/theirs'] }),
      ...[
        parameter('shop/key'),
        parameter('plain'),
        'arn:aws:ssm:us-east-1::parameter/aws/service/ami',
        'arn:aws:ssm:us-east-1:1:parameter/theirs',
      ].map((arn) => asked('ssm:GetParameters', arn)),
    ],
    [
      'a parameter with tags',
      ssm('PutParameter', { Name: '/a', Tags: [{ Key: 'Team', Value: 'x' }] }),
      asked('ssm:PutParameter', parameter('a'), { 'aws:TagKeys': ['Team'] }),
      asked('ssm:AddTagsToResource', parameter('a'), { 'aws:TagKeys': ['Team'] }),
    ],
    [
      "a parameter's tags removed, with the keys and without",
      ssm('RemoveTagsFromResource', { ResourceType: 'Parameter', ResourceId: '/a', TagKeys: ['Team'] }),
      asked('ssm:RemoveTagsFromResource', parameter('a'), { 'aws:TagKeys': ['Team'] }),
      asked('ssm:RemoveTagsFromResource', parameter('a')),
    ],
    [
      'tags of several resources',
      ec2Call('CreateTags', { 'ResourceId.1': 'vol-1', 'ResourceId.2': 'i-1', 'Tag.1.Key': 'Team', 'Tag.1.Value': 'x' }),
      asked('ec2:CreateTags', instance, { 'aws:TagKeys': ['Team'] }),
      tagging('Team'),
    ],
    [
      'a copy with tags',
      ec2Call('CopyVolumes', {
        SourceVolumeId: 'vol-1',
        'TagSpecification.1.ResourceType': 'volume',
        'TagSpecification.1.Tag.1.Key': 'Name',
      }),
      asked('ec2:CopyVolumes', volume),
      asked('ec2:CopyVolumes', anyVolume),
      creating(anyVolume, 'CopyVolumes', 'Name'),
      creating(anyVolume, 'CreateVolume', 'Name'),
    ],
    [
      'a launch template with tags',
      ec2Call('CreateLaunchTemplate', {
        LaunchTemplateName: 'a',
        'TagSpecification.1.ResourceType': 'launch-template',
        'TagSpecification.1.Tag.1.Key': 'x',
      }),
      asked('ec2:CreateLaunchTemplate', template('*')),
      creating(template('*'), 'CreateLaunchTemplate', 'x'),
    ],
    [
      'a version of one',
      ec2Call('CreateLaunchTemplateVersion', { LaunchTemplateId: 'lt-1' }),
      asked('ec2:CreateLaunchTemplateVersion', template('lt-1')),
    ],
    [
      "groups' tags",
      queryCall('autoscaling', 'CreateOrUpdateTags', {
        'Tags.member.1.ResourceId': 'a',
        'Tags.member.1.Key': 'x',
        'Tags.member.2.ResourceId': 'b',
        'Tags.member.2.Key': 'x',
      }),
      ...[group('a'), group('b')].map((arn) => asked('autoscaling:CreateOrUpdateTags', arn, { 'aws:TagKeys': ['x'] })),
    ],
    [
      "a document's tags",
      jsonCall('ssm', 'AddTagsToResource', { ResourceType: 'Document', ResourceId: 'deploy', Tags: [{ Key: 'x', Value: 'y' }] }),
      asked('ssm:AddTagsToResource', `arn:aws:ssm:us-east-1:${account}:document/deploy`, { 'aws:TagKeys': ['x'] }),
    ],
    ['the list of documents', jsonCall('ssm', 'ListDocuments', { MaxResults: 50 }), asked('ssm:ListDocuments', '*')],
    [
      "a group's launch template",
      queryCall('autoscaling', 'UpdateAutoScalingGroup', { AutoScalingGroupName: 'a', 'LaunchTemplate.LaunchTemplateId': 'lt-1' }),
      asked('autoscaling:UpdateAutoScalingGroup', group('a')),
      somewhere('ec2:RunInstances'),
    ],
  ])('%s', (_, call, ...expected) => {
    expect(askedFor(call, account)).toEqual(expected);
  });

  test('a call of DynamoDB whose keys are not found is not passed over', () => {
    expect(() => askedFor(dynamodb('Scan', { TableName: 'ledger' }), account)).toThrow('does not find the keys of a Scan');
  });
});
