import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { errorText } from '#shared/aws/errors.ts';
import { at } from '#shared/control/record.ts';
import { HEARTBEAT } from '#shared/finding/names.ts';
import { environment } from './environment.ts';
import type { Telemetry } from './telemetry.ts';

type Handle = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A handler that answers the heartbeats of a batch by itself, each with a message, and hands on the rest. */
export function answeringHeartbeats(
  handle: Handle,
  send: (queueUrl: string, body: string) => Promise<void>,
  log: Telemetry['log'],
): Handle {
  return async (event, context) => {
    const { beats = [], rest = [] } = Object.groupBy(event.Records, (record) => (isHeartbeat(record) ? 'beats' : 'rest'));
    const unanswered = await Promise.all(
      beats.map(async ({ messageId }) => {
        try {
          await send(environment('REDRESS_HEARTBEATS_URL'), context.functionName);
          return [];
        } catch (error) {
          log('error', 'a heartbeat could not be answered', { messageId, error: errorText(error) });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    const { batchItemFailures } = rest.length > 0 ? await handle({ ...event, Records: rest }, context) : { batchItemFailures: [] };
    return { batchItemFailures: [...unanswered.flat(), ...batchItemFailures] };
  };
}

/** Whether a message is the heartbeat; what else it is, if it is not, its reader says. */
function isHeartbeat({ body }: SQSRecord): boolean {
  // spaces apart; every other message is longer
  if (body.length > 2 * HEARTBEAT.length) return false;
  try {
    return at(JSON.parse(body), 'heartbeat') === true;
  } catch {
    return false;
  }
}
