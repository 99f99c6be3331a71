import { MalformedMessage } from '#shared/aws/errors.ts';
import { isSweeps, type Message, parseSweeps, type Sweeps } from '#shared/finding/message.ts';
import type { Delivery } from './acting.ts';

/** Turns a message that has several controls sweep into a part for each; any other stays what it is. */
export async function split(delivery: Delivery): Promise<readonly Delivery[]> {
  if (!isSweeps(delivery.body)) return [delivery];
  const sweeps = parseSweeps(delivery.body);
  if (sweeps.isOfMembers) throw new MalformedMessage('it asks for sweeps of members, which only a hub has');
  return partsOf(sweeps, delivery);
}

/** A message for each control; each has an id of its own, so that it can fail alone. */
export function partsOf({ controls, event }: Sweeps, whole: Delivery): readonly Delivery[] {
  return [...new Set(controls)].map((control) => {
    const message: Message = { control, event, waits: {} };
    return { ...whole, id: `${whole.id} ${control}`, body: JSON.stringify(message), part: { whole, message } };
  });
}

/**
 * What goes back of messages of which these failed: the ids of those of which nothing succeeded, and beside what did succeed
 * a message for each control that failed, with the id of the whole. So no control is repeated for the sake of another.
 */
export function goingBack(messages: readonly Delivery[], failed: ReadonlySet<string>) {
  const ids = new Set<string>();
  const alone: { readonly id: string; readonly body: Message }[] = [];
  for (const [{ id }, parts] of Map.groupBy(messages, (one) => one.part?.whole ?? one)) {
    const ofThese = parts.filter((one) => failed.has(one.id));
    if (ofThese.length === parts.length) ids.add(id);
    else for (const { part } of ofThese) if (part) alone.push({ id, body: part.message });
  }
  return { ids, alone };
}
