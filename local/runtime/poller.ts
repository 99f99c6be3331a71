import { setTimeout } from 'node:timers/promises';
import type { MotoClient } from '../emulator/moto-client.ts';
import type { QueueMapping } from '../emulator/stack.ts';
import { isObject, type Json, type JsonObject, listAt, parseJson, stringAt } from '../json.ts';
import { account } from '../trail/identity.ts';
import { levelBody } from '../trail/level-event.ts';
import type { FirstQueues } from './first-queues.ts';
import type { FunctionProcess, Outcome } from './function-process.ts';
import type { Senders } from './senders.ts';
import { ruleOf, type Telemetry } from './telemetry.ts';

/** An empty queue is waited at for so long; SQS takes at most 20. */
const longPollSeconds = 20;
const disabledMilliseconds = 500;
const mostPerReceive = 10;

/** What one event source mapping needs to feed its function. */
export interface PollerOptions {
  readonly mapping: QueueMapping;
  readonly process: FunctionProcess;
  readonly moto: MotoClient;
  readonly region: string;
  readonly senders: Senders;
  readonly firstQueues: FirstQueues;
  /** Ends the poller. */
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: ReadonlySet<string>;
  onInvocation(): void;
  /** Called with the ids of messages that come back, and why: `crash`, `timeout`, `error`, or `failed` where the function named them. */
  onReturned(ids: readonly string[], why: string): void;
  onTrouble(text: string): void;
}

/** Feeds a function from its queue until the signal ends it, as Lambda's event source mapping does. */
export async function poll(options: PollerOptions): Promise<void> {
  const { mapping, process, signal, telemetry, disabled, onInvocation, onTrouble } = options;
  while (!signal.aborted) {
    try {
      if (disabled.has(mapping.functionName)) {
        await setTimeout(disabledMilliseconds, undefined, { signal });
        continue;
      }
      const messages = await gather(options);
      if (signal.aborted) return;
      if (messages.length === 0) continue;
      onInvocation();
      for (const message of messages) {
        const rule = ruleOf(parseJson(stringAt(message, 'Body') ?? ''), mapping.functionName);
        if (rule !== undefined) telemetry.sent(rule);
      }
      const outcome = await process.invoke({ Records: messages.map((message) => asRecord(message, options)) });
      if (signal.aborted) return;
      if (outcome.is !== 'result') {
        telemetry.failed(mapping.functionName, outcome.is);
        onTrouble(`${mapping.functionName}: ${outcome.says}; its ${messages.length} messages come back`);
      }
      const done = succeeded(messages, outcome, mapping.reportsFailures);
      const back = messages.filter((message) => !done.includes(message)).map((message) => stringAt(message, 'MessageId') ?? '');
      if (back.length > 0) options.onReturned(back, outcome.is === 'result' ? 'failed' : outcome.is);
      await remove(options, done);
    } catch (cause) {
      if (signal.aborted) return;
      onTrouble(`${mapping.functionName}: its queue cannot be read: ${String(cause)}`);
      await setTimeout(1000, undefined, { signal }).catch(() => undefined);
    }
  }
}

// The window opens with the first message and closes early when the batch is full.
async function gather(options: PollerOptions): Promise<JsonObject[]> {
  const { mapping, signal } = options;
  const messages = await receive(options, mapping.batchSize, longPollSeconds);
  if (messages.length === 0) return messages;
  if (!signal.aborted) options.process.prepare();
  const closes = Date.now() + mapping.windowSeconds * 1000;
  while (messages.length < mapping.batchSize && !signal.aborted) {
    // what was received is worked on whatever becomes of the next call: nobody else sees it for minutes
    const more = await receive(options, mapping.batchSize - messages.length).catch((cause: unknown) => {
      if (!signal.aborted) options.onTrouble(`${mapping.functionName}: a batch ends early, for its queue cannot be read: ${String(cause)}`);
      return [];
    });
    messages.push(...more);
    const left = closes - Date.now();
    if (left <= 0) break;
    if (more.length === 0) await setTimeout(left, undefined, { signal });
  }
  return messages;
}

async function receive(
  { moto, mapping, region, firstQueues, signal }: PollerOptions,
  most: number,
  waitSeconds = 0,
): Promise<JsonObject[]> {
  const request = {
    QueueUrl: mapping.queueUrl,
    MaxNumberOfMessages: Math.min(most, mostPerReceive),
    WaitTimeSeconds: waitSeconds,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  };
  const messages = listAt(await moto.json('sqs', 'ReceiveMessage', request, region, signal), 'Messages').filter(isObject);
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
