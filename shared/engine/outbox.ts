import { bytesOf, halving, MESSAGE_BATCH, partsOf } from '#shared/aws/batches.ts';
import type { Send } from '#shared/aws/clients.ts';
import { errorCode } from '#shared/aws/errors.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '#shared/finding/names.ts';
import type { EngineDeps } from './types.ts';

/** A message as the engine gives it. */
type Outgoing = Parameters<EngineDeps['enqueue']>[0][number];

/** The queue did not take some of the messages; it has all others. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** Where they stood among those that were given. */
  readonly positions: ReadonlySet<number>;

  constructor(answers: readonly (true | Error)[]) {
    const refused = answers.flatMap((answer, n) => (answer === true ? [] : [{ answer, n }]));
    const [first] = refused;
    super(`SQS did not take ${refused.length} of ${answers.length} messages: ${errorCode(first?.answer)}`, { cause: first?.answer });
    this.positions = new Set(refused.map(({ n }) => n));
  }
}

/**
 * Puts messages on a queue; throws `NotTaken` for those that SQS did not take, once it has all others. What `groupOf` answers is their
 * group: a standard queue hands out those of quiet groups before those of one that floods it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export async function enqueue(
  messages: readonly Outgoing[],
  QueueUrl: string,
  send: Send,
  groupOf?: (body: Outgoing['body']) => string | undefined,
): Promise<void> {
  const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
  const entries = messages.map(({ body, delaySeconds }) => {
    const MessageGroupId = groupOf?.(body);
    return { MessageBody: JSON.stringify(body), DelaySeconds: delaySeconds, ...(MessageGroupId !== undefined && { MessageGroupId }) };
  });
  const answers = await sendInParts(
    entries,
    ({ MessageBody }) => bytesOf(MessageBody),
    async (part) => {
      const Entries = part.map((entry, n) => ({ Id: String(n), ...entry }));
      const failed = at(await send(new SendMessageBatchCommand({ QueueUrl, Entries })), 'Failed');
      const codes = new Map((Array.isArray(failed) ? failed : []).map((one) => [stringAt(one, 'Id'), stringAt(one, 'Code')]));
      return part.map((_, n) =>
        codes.has(String(n)) ? refusal('the queue did not take a message', codes.get(String(n))) : (true as const),
      );
    },
  );
  if (answers.some((answer) => answer !== true)) throw new NotTaken(answers);
}

/** Puts findings on a bus; answers an error for each that it did not take. */
export async function announce(findings: readonly Finding[], EventBusName: string, send: Send): Promise<readonly (true | Error)[]> {
  const { PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
  const entries = findings.map((finding) => ({
    EventBusName,
    Source: FINDING_SOURCE,
    DetailType: FINDING_DETAIL_TYPE,
    Resources: [finding.resource.arn],
    Detail: JSON.stringify(finding),
  }));
  // the name of the bus does not count, and a little too much does no harm
  const sizeOf = (entry: (typeof entries)[number]) => bytesOf(JSON.stringify(entry));
  return await sendInParts(entries, sizeOf, async (Entries) => {
    const taken = at(await send(new PutEventsCommand({ Entries: [...Entries] })), 'Entries');
    // PutEvents answers 200 even if single entries failed
    return Entries.map((_, n) =>
      stringAt(taken, String(n), 'EventId')
        ? (true as const)
        : refusal('the bus did not take a finding', stringAt(taken, String(n), 'ErrorCode')),
    );
  });
}

/** Sends parts side by side; one that cannot be sent keeps no other back. */
async function sendInParts<One>(
  all: readonly One[],
  sizeOf: (one: One) => number,
  send: (part: readonly One[]) => Promise<readonly (true | Error)[]>,
): Promise<readonly (true | Error)[]> {
  const parts = partsOf(all, MESSAGE_BATCH, sizeOf).map(async (part) => {
    try {
      return await halving(part, send);
    } catch (error) {
      const wrong = error instanceof Error ? error : new Error(String(error));
      return part.map(() => wrong);
    }
  });
  return (await Promise.all(parts)).flat();
}

function refusal(says: string, code = 'UnknownError'): Error {
  return Object.assign(new Error(says), { code });
}
