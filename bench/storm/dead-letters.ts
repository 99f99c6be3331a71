import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { receiveDeadLetters, release } from '../../cli/dead-letters.ts';
import { run } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';

/** The causes of a dead letter whose function was killed each time that it was handed out: by the storm, or at its timeout too. */
const KILLED = 'killed at every try';
const TIMED_OUT = 'killed at every try, some at the timeout';
export const KILLS: readonly string[] = [KILLED, TIMED_OUT];

/** So long nobody else gets them while they are counted, in seconds. */
const IN_HAND = 120;

/** How many dead letters there are by what their deliveries came to; `returned` says of each message why it came back, each time. */
export async function deadLettersOf(
  sqs: SQSClient,
  queueUrl: string,
  returned: ReadonlyMap<string, readonly string[]>,
): Promise<{ readonly [cause: string]: number }> {
  const found = new Map<string, Message>();
  for (;;) {
    const some = await receiveDeadLetters(sqs, queueUrl, IN_HAND);
    if (some.length === 0) break;
    for (const message of some) found.set(message.MessageId ?? '', message);
  }
  await release(
    sqs,
    queueUrl,
    [...found.values()].flatMap(({ ReceiptHandle }) => ReceiptHandle ?? []),
  );
  const byCause: { [cause: string]: number } = {};
  for (const id of found.keys()) {
    const why = [...new Set(returned.get(id) ?? ['unknown'])];
    const isKilled = why.every((one) => one === 'crash' || one === 'timeout');
    const cause = isKilled ? (why.includes('timeout') ? TIMED_OUT : KILLED) : why.toSorted().join(' and ');
    byCause[cause] = (byCause[cause] ?? 0) + 1;
  }
  return byCause;
}

/** Puts them back as people do, with `redress redrive`. */
export async function redriven(terminal: Terminal): Promise<void> {
  const silent = { ...terminal, out: () => undefined };
  const code = await run(['redrive', '--json'], silent);
  if (code !== 0) terminal.err(`\`redress redrive\` ended with ${code}`);
}
