import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isSweeps, isWake, parseMessage } from '#shared/finding/message.ts';
import { functionOf } from '#shared/finding/names.ts';
import { withBody } from '#shared/ledger/dynamo.ts';
import { dueUnder, keyOf, type NamedPlace } from '#shared/ledger/items.ts';
import { type Move, placed } from '#shared/ledger/relocate.ts';
import { depthOf } from '../../dead-letters.ts';
import type { KindQueue } from '../../deployment.ts';
import { trying } from '../../failure.ts';
import type { Table } from './source.ts';
import { comesTrue, type Patience } from './standstill.ts';

/** So long a message stays away from others while it is moved, in seconds. */
const IN_HAND = 60;

/** Messages that were on the queues of a stack. */
export interface MovedMessages {
  readonly moved: number;
  /** Whether the queues were empty in time; SQS shows a delayed message only when it is due. */
  readonly isAll: boolean;
  /** Those that nobody could read, which stay where they are. */
  readonly unreadable: number;
}

/** Moves what is left on the queues into the hub's ledger, from where its next hourly wake takes it; sweeps are left out, for the hub has its own. */
export async function moveMessages(
  { queues, sqs }: { readonly queues: readonly KindQueue[]; readonly sqs: SQSClient },
  hub: Table,
  move: Move,
  patience: Patience & { readonly now: () => Date },
): Promise<MovedMessages> {
  let moved = 0;
  const unreadable = new Set<string>();
  const empty = async ({ kind, queueUrl }: KindQueue): Promise<void> => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: IN_HAND, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return;
      for (const { Body = '', MessageId = '', ReceiptHandle } of Messages) {
        const message = messageIn(Body, move.from);
        if (message === 'unreadable') unreadable.add(MessageId);
        else {
          const at = patience.now().toISOString();
          const key = keyOf(dueUnder(move.hub, functionOf(kind)), `${at}#${MessageId}`);
          if (message)
            await hub.client.send(
              new PutItemCommand({ TableName: hub.name, Item: { ...key, ...withBody({ key: key['sk']?.S, at, message }) } }),
            );
          if (message) moved += 1;
          // only when it stands in the ledger: a crash in between makes it come twice, which the engine takes
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }
      }
    }
  };
  const isAll = await trying('move what is on the queues of the stack', () =>
    comesTrue(patience, 'Waiting for messages that are delayed, at most 15 minutes …', async () => {
      for (const queue of queues) await empty(queue);
      const depths = await Promise.all(queues.map(({ queueUrl }) => depthOf(sqs, queueUrl)));
      return depths.reduce((sum, { waiting, delayed, inFlight }) => sum + waiting + delayed + inFlight, 0) <= unreadable.size;
    }),
  );
  return { moved, isAll, unreadable: unreadable.size };
}

/** What of a body is worth keeping; undefined for what the hub does by itself. */
function messageIn(body: string, from: NamedPlace): object | 'unreadable' | undefined {
  if (isWake(body) || isSweeps(body)) return undefined;
  try {
    const { message, occasion } = parseMessage(body);
    return occasion.is === 'sweep' && !message.targets ? undefined : placed(message, from);
  } catch {
    return 'unreadable';
  }
}
