import { at, stringAt } from '#shared/control/record.ts';
import type { Delivery } from '#shared/engine/acting.ts';
import { type Message, parseMessage } from '#shared/finding/message.ts';

/**
 * From so many in a batch on, the events of one account are a crowd: five such batches at once are more messages in flight than the 30
 * from which on SQS calls a group noisy. Fewer are done in a second or two, so that they keep nobody waiting, and need not wait themselves.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
const CROWD = 10;

/**
 * The events of accounts that crowd a batch, as they go back to the queue in the group of their account. EventBridge delivers events
 * without a group, so that SQS cannot hand out those of quiet accounts before them.
 */
export function crowdsIn(deliveries: readonly Delivery[]): readonly { readonly id: string; readonly body: Message }[] {
  const ungrouped = Map.groupBy(deliveries, ungroupedAccount);
  return [...ungrouped].flatMap(([account, its]) => (account === undefined || its.length < CROWD ? [] : its.flatMap(whole)));
}

/** The account of an event that was not put into a group yet; undefined for orders, and for parts of sweeps, which a hub sends itself. */
function ungroupedAccount({ body, part }: Delivery): string | undefined {
  const json: unknown = part ? undefined : jsonOf(body);
  return at(json, 'isGrouped') === true ? undefined : stringAt(json, 'event', 'account');
}

/** The message with all that it says: nothing has looked yet at what the record names. What cannot be parsed is refused later, by name. */
function whole({ id, body }: Delivery): { id: string; body: Message }[] {
  try {
    return [{ id, body: { ...parseMessage(body).message, isGrouped: true } }];
  } catch {
    return [];
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
