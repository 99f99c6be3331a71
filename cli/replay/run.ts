import type { Target } from '#shared/control/control.ts';
import type { Run } from '#shared/engine/types.ts';
import { parseMessage } from '#shared/finding/message.ts';
import type { BusEvent } from './events.ts';
import type { Judged } from './judge.ts';

/** A case as the engine would open it for what an event names; throws `MalformedMessage` for an event that it would not take. */
export function runOf({ control, place, mode, settings }: Judged, event: BusEvent, target: Target): Run {
  const { message, occasion } = parseMessage(JSON.stringify({ control: control.id, event }));
  return {
    place,
    control,
    target,
    jobs: [{ delivery: { id: event.id, body: '', receiveCount: 1 }, message, occasion }],
    mode,
    settings,
    state: { control: control.id, resource: { type: target.type, id: target.id }, fixes: [] },
    waits: {},
  };
}
