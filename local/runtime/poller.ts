import type { MotoClient } from '../emulator/moto-client.ts';
import type { QueueMapping } from '../emulator/stack.ts';
import { isObject, type Json, type JsonObject, listAt, parseJson, stringAt } from '../json.ts';
import { account } from '../trail/identity.ts';
import { levelBody } from '../trail/level-event.ts';
import type { Bell } from './bell.ts';
import type { FirstQueues } from './first-queues.ts';
import type { FunctionProcess, Outcome } from './function-process.ts';
import type { Senders } from './senders.ts';
import { ruleOf, type Telemetry } from './telemetry.ts';

const idleMilliseconds = 250;
/** A queue that was empty so often is asked less often, whatever rings: the events of all functions wake each poller. */
const emptyTimes = 4;
const emptyMilliseconds = 500;
const mostPerReceive = 10;

/** What one event source mapping needs to feed its function. */
export interface PollerOptions {
  readonly mapping: QueueMapping;
  readonly process: FunctionProcess;
  readonly moto: MotoClient;
  readonly region: string;
  readonly senders: Senders;
  readonly firstQueues: FirstQueues;
  readonly bell: Bell;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: ReadonlySet<string>;
  onInvocation(): void;
  /** Called with the ids of messages that come back, and why: `crash`, `timeout`, `error`, or `failed` where the function named them. */
  onReturned(ids: readonly string[], why: string): void;
  onTrouble(text: string): void;
}

/** Feeds a function from its queue until the bell stops, as Lambda's event source mapping does. */
export async function poll(options: PollerOptions): Promise<void> {
  const { mapping, process, bell, telemetry, disabled, onInvocation, onTrouble } = options;
  let empty = 0;
  while (!bell.isStopped) {
    try {
      if (disabled.has(mapping.functionName)) {
        await bell.wait(emptyMilliseconds);
        continue;
      }
      const asked = Date.now();
      const messages = await gather(options);
      if (bell.isStopped) return;
      empty = messages.length === 0 ? empty + 1 : 0;
      if (messages.length === 0) {
        await bell.wait(idleMilliseconds);
        while (empty >= emptyTimes && !bell.isStopped && Date.now() < asked + emptyMilliseconds)
          await bell.wait(asked + emptyMilliseconds - Date.now());
        continue;
      }
      onInvocation();
      for (const message of messages) {
        const rule = ruleOf(parseJson(stringAt(message, 'Body') ?? ''));
        if (rule !== undefined) telemetry.sent(rule);
      }
      const outcome = await process.invoke({ Records: messages.map((message) => asRecord(message, options)) });
      if (bell.isStopped) return;
      if (outcome.is !== 'result') {
        telemetry.failed(mapping.functionName, outcome.is);
        onTrouble(`${mapping.functionName}: ${outcome.says}; its ${messages.length} messages come back`);
      }
      const done = succeeded(messages, outcome, mapping.reportsFailures);
      const back = messages.filter((message) => !done.includes(message)).map((message) => stringAt(message, 'MessageId') ?? '');
      if (back.length > 0) options.onReturned(back, outcome.is === 'result' ? 'failed' : outcome.is);
      await remove(options, done);
    } catch (cause) {
      if (bell.isStopped) return;
      onTrouble(`${mapping.functionName}: its queue cannot be read: ${String(cause)}`);
      await bell.wait(1000);
    }
  }
}

// The window opens with the first message and closes early when the batch is full.
async function gather(options: PollerOptions): Promise<JsonObject[]> {
  const { mapping, bell } = options;
  const messages = await receive(options, mapping.batchSize);
  if (messages.length === 0) return messages;
  if (!bell.isStopped) options.process.prepare();
  const closes = Date.now() + mapping.windowSeconds * 1000;
  while (messages.length < mapping.batchSize && !bell.isStopped) {
    const more = await receive(options, mapping.batchSize - messages.length);
    messages.push(...more);
    if (Date.now() >= closes) break;
    if (more.length === 0) await bell.wait(Math.max(1, Math.min(idleMilliseconds, closes - Date.now())));
  }
  return messages;
}

async function receive({ moto, mapping, region, firstQueues }: PollerOptions, most: number): Promise<JsonObject[]> {
  const request = {
    QueueUrl: mapping.queueUrl,
    MaxNumberOfMessages: Math.min(most, mostPerReceive),
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  };
  const messages = listAt(await moto.json('sqs', 'ReceiveMessage', request, region), 'Messages').filter(isObject);
  for (const message of messages) firstQueues.note(stringAt(message, 'MessageId') ?? '', mapping.queueArn);
  return messages;
}

function asRecord(message: JsonObject, { mapping, region, senders }: PollerOptions): JsonObject {
  const sender = senders.of(stringAt(message, 'MessageId') ?? '');
  const system = message['Attributes'];
  const attributes = message['MessageAttributes'];
  return {
    messageId: message['MessageId'] ?? '',
    receiptHandle: message['ReceiptHandle'] ?? '',
    body: levelBody(stringAt(message, 'Body') ?? '', account),
    attributes: { ...(isObject(system) ? system : {}), ...(sender === undefined ? {} : { SenderId: sender }) },
    messageAttributes: Object.fromEntries(
      Object.entries(isObject(attributes) ? attributes : {}).map(([name, value]) => [name, asAttribute(value)]),
    ),
    md5OfBody: message['MD5OfBody'] ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: mapping.queueArn,
    awsRegion: region,
  };
}

function asAttribute(value: Json): JsonObject {
  return {
    stringValue: stringAt(value, 'StringValue') ?? null,
    stringListValues: [],
    binaryListValues: [],
    dataType: stringAt(value, 'DataType') ?? 'String',
  };
}

// Lambda takes an answer with a wrong id as a failure of the whole batch.
function succeeded(messages: readonly JsonObject[], outcome: Outcome, reportsFailures: boolean): readonly JsonObject[] {
  if (outcome.is !== 'result') return [];
  if (!reportsFailures) return messages;
  const failed = listAt(outcome.result, 'batchItemFailures').map((failure) => stringAt(failure, 'itemIdentifier'));
  if (failed.some((id) => !messages.some((message) => message['MessageId'] === id))) return [];
  return messages.filter((message) => !failed.includes(stringAt(message, 'MessageId')));
}

async function remove({ moto, mapping, region }: PollerOptions, messages: readonly JsonObject[]): Promise<void> {
  for (let from = 0; from < messages.length; from += mostPerReceive) {
    const Entries = messages
      .slice(from, from + mostPerReceive)
      .map((message, index) => ({ Id: String(index), ReceiptHandle: message['ReceiptHandle'] ?? '' }));
    await moto.json('sqs', 'DeleteMessageBatch', { QueueUrl: mapping.queueUrl, Entries }, region);
  }
}
