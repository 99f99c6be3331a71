import type { Send } from '#shared/aws/clients.ts';
import { HEARTBEAT_TAG } from '#shared/finding/names.ts';

/** So long after the last call the next one is made, in milliseconds: a little less than a day, for a wake may come a little early. */
const EVERY = 23.5 * 3_600_000;

/**
 * Once a day tags the function's own queue with the time. The call changes nothing else, and its event has to come back: that shows
 * that CloudTrail and EventBridge still report calls.
 */
export async function makeOwnCall(QueueUrl: string, now: Date, send: Send): Promise<void> {
  const { ListQueueTagsCommand, TagQueueCommand } = await import('@aws-sdk/client-sqs');
  const { Tags = {} } = (await send(new ListQueueTagsCommand({ QueueUrl }))) as { Tags?: Record<string, string> };
  const last = Date.parse(Tags[HEARTBEAT_TAG] ?? '') || 0;
  if (now.getTime() - last < EVERY) return;
  await send(new TagQueueCommand({ QueueUrl, Tags: { [HEARTBEAT_TAG]: now.toISOString() } }));
}
