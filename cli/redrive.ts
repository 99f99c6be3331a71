import { DeleteMessageCommand, type Message, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ControlFunction } from '#shared/control/control.ts';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import { jsonLine } from '#shared/finding/text.ts';
import { discoverFunctions } from '../infra/catalog.ts';
import { asMessage, depthOf, originOf, receiveDeadLetters, release } from './dead-letters.ts';
import { findDeployment, type KindQueue } from './deployment.ts';
import { table } from './draw.ts';
import { Failure, trying } from './failure.ts';
import type { ExitCode, Session } from './session.ts';

/** Receivers at once, each with up to ten messages in flight. */
const RECEIVERS = 4;
/** How long a message in flight stays away from others, in seconds: longer than most queues take to go through. */
const IN_HAND = 300;

/** What is put back, and what became of it. */
interface Redrive {
  readonly sqs: SQSClient;
  readonly queues: readonly KindQueue[];
  readonly functions: readonly ControlFunction[];
  /** How many were put back, by the kind that was asked for. */
  readonly moved: Map<string, number>;
  /** Why messages were not moved; they stay where they were. */
  readonly failures: Map<string, unknown[]>;
  /** The ids of dead letters that no queue of the stack is known to have sent. */
  readonly strangers: Set<string>;
  isStopped: boolean;
  show(): void;
}

/** `redress redrive`: puts dead letters back on the queues they came from; their bodies are neither kept nor shown. */
export async function redrive({ terminal, json, where }: Session, _options: object, kind?: string): Promise<ExitCode> {
  const { sqs, queues, deadLetterUrls, stack } = await findDeployment(where);
  const chosen = queues.filter((one) => kind === undefined || one.kind === kind);
  if (chosen.length === 0) {
    const known = queues.map((one) => one.kind).join(', ');
    throw new Failure(`There is no queue of the kind ${kind ?? 'asked for'}; the stack ${stack} has ${known || 'none'}.`, { exitCode: 2 });
  }
  const waiting = (await Promise.all(deadLetterUrls.map((url) => depthOf(sqs, url)))).reduce((sum, one) => sum + one.waiting, 0);
  const run: Redrive = {
    sqs,
    queues,
    functions: await discoverFunctions(),
    moved: new Map(chosen.map((one) => [one.kind, 0])),
    failures: new Map(),
    strangers: new Set(),
    isStopped: false,
    show() {
      const count = [...run.moved.values()].reduce((sum, one) => sum + one, 0);
      terminal.progress(`${count} of about ${Math.max(waiting, count)} put back …`);
    },
  };
  const onInterrupt = () => {
    // what is in flight is put back first; who insists gets the signal's own way
    run.isStopped = true;
    terminal.err('Stopping, once what is in flight is put back …');
  };
  process.once('SIGINT', onInterrupt);
  try {
    run.show();
    for (const url of deadLetterUrls) await empty(url, run);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  terminal.progress();
  if (json) {
    for (const [name, moved] of run.moved)
      terminal.out(jsonLine({ type: 'redrive', kind: name, moved, failed: run.failures.get(name)?.length ?? 0 }));
    if (kind === undefined) terminal.out(jsonLine({ type: 'redrive', kind: null, moved: 0, left: run.strangers.size }));
  } else {
    const rows = [...run.moved].map(([name, moved]) => [name, String(moved)]);
    terminal.out(table(['QUEUE', 'PUT BACK'], rows, terminal));
  }
  const failure = [...run.failures.values()].flat()[0];
  if (failure !== undefined)
    await trying('put every dead letter back; what was not moved is still in its dead-letter queue', () => Promise.reject(failure));
  if (run.isStopped) terminal.err('Stopped before the end; the rest is still in the dead-letter queue.');
  const isIncomplete = kind === undefined && run.strangers.size > 0;
  if (isIncomplete)
    terminal.err(
      `${run.strangers.size} left in ${DEAD_LETTERS}: nothing says which queue of this stack they came from. Read them in the SQS console.`,
    );
  return run.isStopped || isIncomplete ? 1 : 0;
}

/** Goes once through a dead-letter queue; what is not to be moved is shown to others again at the end. */
async function empty(url: string, run: Redrive): Promise<void> {
  const passed = new Map<string, string>();
  // a failed receiver ends alone; the others still put back what they hold
  const receivers = Array.from({ length: RECEIVERS }, () => moveSome(url, run, passed));
  const ends = await Promise.allSettled(receivers);
  await release(run.sqs, url, [...passed.values()]);
  for (const end of ends) if (end.status === 'rejected') fail(run, '', end.reason);
}

async function moveSome(url: string, run: Redrive, passed: Map<string, string>): Promise<void> {
  while (!run.isStopped && run.failures.size === 0) {
    const messages = await receiveDeadLetters(run.sqs, url, IN_HAND);
    const fresh = messages.filter(({ MessageId = '' }) => !passed.has(MessageId));
    for (const { MessageId, ReceiptHandle } of messages)
      if (MessageId && ReceiptHandle && passed.has(MessageId)) passed.set(MessageId, ReceiptHandle);
    // none, or only such as show again after their seconds: the whole queue was seen
    if (fresh.length === 0) return;
    await Promise.all(
      fresh.map(async (message) => {
        const { MessageId = '', ReceiptHandle = '' } = message;
        const origin = originOf(message, url, run.queues);
        if (!origin) run.strangers.add(MessageId);
        if (origin && run.moved.has(origin.kind)) await move(message, url, origin, run);
        else passed.set(MessageId, ReceiptHandle);
      }),
    );
    run.show();
  }
}

/** Sends before it deletes: whatever happens between, the message is there at least once. */
async function move(message: Message, url: string, { kind, queueUrl }: KindQueue, run: Redrive): Promise<void> {
  const { Body, ReceiptHandle = '', MessageAttributes, Attributes } = message;
  const trace = Attributes?.AWSTraceHeader;
  try {
    await run.sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: asMessage(Body ?? '', MessageAttributes?.['RULE_ARN']?.StringValue, run.functions),
        ...(MessageAttributes && { MessageAttributes }),
        ...(trace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }),
      }),
    );
    await run.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    run.moved.set(kind, (run.moved.get(kind) ?? 0) + 1);
  } catch (error) {
    fail(run, kind, error);
    await release(run.sqs, url, [ReceiptHandle]);
  }
}

function fail(run: Redrive, kind: string, error: unknown): void {
  run.failures.set(kind, [...(run.failures.get(kind) ?? []), error]);
}
