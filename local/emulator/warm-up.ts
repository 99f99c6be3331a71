import type { MotoClient } from './moto-client.ts';

const name = 'redress-warm-up';

/** Makes moto load the services that the first event needs, which takes two seconds, while there is other work to do. */
export async function warmUp(moto: MotoClient, account: string, region: string): Promise<void> {
  await moto.query('cloudformation', 'CreateStack', { StackName: name, TemplateBody: '{"Resources":{}}' }, region);
  await moto.query('cloudformation', 'DeleteStack', { StackName: name }, region);
  await moto.readEc2('DescribeVolumes', {}, region);

  const { QueueUrl = '' } = await moto.json('sqs', 'CreateQueue', { QueueName: name }, region);
  await moto.json('events', 'PutRule', { Name: name, EventPattern: JSON.stringify({ source: [name] }) }, region);
  const transformer = { InputPathsMap: { event: '$' }, InputTemplate: '<event>' };
  const target = { Id: name, Arn: `arn:aws:sqs:${region}:${account}:${name}`, InputTransformer: transformer };
  await moto.json('events', 'PutTargets', { Rule: name, Targets: [target] }, region);
  await moto.json('events', 'PutEvents', { Entries: [{ Source: name, DetailType: name, Detail: '{}' }] }, region);
  await moto.json('events', 'RemoveTargets', { Rule: name, Ids: [name] }, region);
  await moto.json('events', 'DeleteRule', { Name: name }, region);
  await moto.json('sqs', 'DeleteQueue', { QueueUrl }, region);
}
