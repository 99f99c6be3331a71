import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { errorText } from '#shared/aws/errors.ts';
import { at, stringAt } from '#shared/control/record.ts';
import { isWake } from '#shared/finding/message.ts';
import { environment } from './environment.ts';
import type { Telemetry } from './telemetry.ts';

type Handle = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * A handler that, once it has handled the schedule's wake, answers it with a message: the answers show that every function runs.
 * @param alsoAt what else is done at each full hour
 */
export function answeringHeartbeats(
  handle: Handle,
  send: (queueUrl: string, body: string) => Promise<void>,
  log: Telemetry['log'],
  alsoAt?: (hour: Date, context: Context) => Promise<void>,
): Handle {
  return async (event, context) => {
    const { batchItemFailures } = await handle(event, context);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    await Promise.all(
      event.Records.filter(({ messageId, body }) => !failed.has(messageId) && isHeartbeat(body)).map(async ({ messageId, body }) => {
        try {
          const hour = hourOf(body);
          if (hour) await alsoAt?.(hour, context);
          await send(environment('REDRESS_HEARTBEATS_URL'), context.functionName);
        } catch (error) {
          log('error', 'a heartbeat could not be answered', { messageId, error: errorText(error) });
          failed.add(messageId);
        }
      }),
    );
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Whether a message is the schedule's wake, and not the word of a function that goes on with one. */
function isHeartbeat(body: string): boolean {
  return body.startsWith('{"wake":true,') && isWake(body) && at(JSON.parse(body), 'event') !== undefined;
}

/** The time of a wake by the clock; a deployment wakes too, and then rules need a little time until they see anything. */
function hourOf(body: string): Date | undefined {
  const event = at(JSON.parse(body), 'event');
  const time = new Date(stringAt(event, 'time') ?? '');
  return stringAt(event, 'detail-type') === 'Scheduled Event' && !Number.isNaN(time.getTime()) ? time : undefined;
}
