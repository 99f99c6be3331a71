import { histories, idOf } from '#shared/aws/history.ts';
import { actorOf, type Made, madeWith } from '#shared/control/actor.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import type { Context, Reader, Target } from '#shared/control/types.ts';
import { trails } from './kind.ts';

/** Who stopped a trail, with what and when. */
export type Stop = {
  readonly by: string;
  readonly made: Made;
  /** ISO 8601. */
  readonly at: string;
};

/** What records say of a trail: who stopped it last, and when it was deleted. */
export type Hint = { readonly stop?: Stop; readonly deletedAt?: string };

const STOP = 'StopLogging';
/** CloudTrail's own time of a stop and that of its record may differ by as much, in milliseconds. */
const APART = 5 * 60_000;

/** What the record of a call says of the trail that it names. */
export function hintOf(record: CloudTrailRecord): Hint | undefined {
  if (record.eventName === STOP) return { stop: stopIn(record) };
  return record.eventName === 'DeleteTrail' ? { deletedAt: record.eventTime } : undefined;
}

/** What two records say together: of the same, what happened last. */
export function joinHints(earlier: Hint, later: Hint): Hint {
  const timeOf = ({ stop, deletedAt }: Hint) => Math.max(...[stop?.at, deletedAt].map((time) => Date.parse(time ?? '') || 0));
  return timeOf(later) < timeOf(earlier) ? { ...later, ...earlier } : { ...earlier, ...later };
}

/**
 * Who stopped a trail that stopped at this time: a record that came says so, and else the event history, which is kept without any
 * trail. A sweep finds what no event reported: AWS does not say whether the stop of the last trail is reported.
 */
export async function stopOf(
  { id: trail, hint }: Target<Hint>,
  stoppedAt: number | undefined,
  read: Reader,
  context: Context,
): Promise<Stop | undefined> {
  const known = hint?.stop;
  if (stoppedAt === undefined) return known;
  if (known && Math.abs(Date.parse(known.at) - stoppedAt) < APART) return known;
  const id = idOf({ key: 'EventName', value: STOP, start: Math.floor((stoppedAt - APART) / 60_000) * 60_000, pages: 1 });
  const { events = [] } = (await read.many(histories, [id])).get(id) ?? {};
  const record = events
    .map((one) => one.record)
    .filter((one) => one.errorCode === undefined && trails.targets(one, context).some((named) => named.id === trail))
    .toSorted((a, b) => Date.parse(b.eventTime) - Date.parse(a.eventTime))
    .at(0);
  return record && stopIn(record);
}

function stopIn(record: CloudTrailRecord): Stop {
  return { by: actorOf(record).name, made: madeWith(record), at: record.eventTime };
}
