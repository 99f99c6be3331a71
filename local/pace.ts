import { readFile, writeFile } from 'node:fs/promises';
import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ObservedCall } from './emulator/proxy.ts';
import { at, isObject, parseJson } from './json.ts';

/** How a queue hands out its messages: how long it hides one, and how long and to which size it gathers a batch; times in seconds. */
export interface Pace {
  readonly visibility: number;
  readonly window: number;
  readonly batch: number;
}

/** Shortens the delays of a SendMessageBatch, to one second unless another time is given; answers what they were, in seconds. */
// The body is overwritten in place, so that neither its length nor anything else of the request changes.
export function shortenDelays({ call }: ObservedCall, shorter: (seconds: number) => number = () => 1): number[] {
  const { body } = call.request;
  const delays: number[] = [];
  const text = body.toString('latin1').replace(/"DelaySeconds":(\d+)/g, (part, seconds: string) => {
    delays.push(Number(seconds));
    return part.replace(seconds, String(seconds === '0' ? 0 : shorter(Number(seconds))).padStart(seconds.length));
  });
  body.write(text, 'latin1');
  return delays;
}

/** Changes the waiting times and the batch of a queue (and of every mapping) in a synthesised template. */
export async function hasten(templateFile: string, queue: string, { visibility, window, batch }: Pace): Promise<void> {
  const template = parseJson(await readFile(templateFile, 'utf8'));
  const resources = at(template, 'Resources');
  for (const resource of Object.values(isObject(resources) ? resources : {})) {
    const properties = at(resource, 'Properties');
    if (!isObject(properties)) continue;
    if (properties['QueueName'] === queue) properties['VisibilityTimeout'] = visibility;
    if (at(resource, 'Type') === 'AWS::Lambda::EventSourceMapping')
      Object.assign(properties, { MaximumBatchingWindowInSeconds: window, BatchSize: batch });
  }
  await writeFile(templateFile, JSON.stringify(template));
}

/** Forgets how many fixes were made, as the next window of the rate limit does. */
export async function forgetWindows(dynamo: DynamoDBClient, table: string): Promise<void> {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  for (const { pk, sk } of Items) {
    if (pk?.S?.startsWith('WINDOW#') && sk) await dynamo.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk } }));
  }
}
