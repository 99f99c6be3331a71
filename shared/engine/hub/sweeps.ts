import { MalformedMessage } from '#shared/aws/errors.ts';
import type { Acting, Delivery } from '#shared/engine/acting.ts';
import { partsOf } from '#shared/engine/split.ts';
import { isSweeps, parseSweeps, type Sweeps } from '#shared/finding/message.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { Members } from './members.ts';

/** So many places get their message from one invocation; another goes on with the next. */
const PLACES_AT_ONCE = 1000;
/** So many places are swept a second: a queue of sweeps would keep events waiting. */
const PLACES_A_SECOND = 4;

/** What the sweeps of members need around them. */
interface SweepsDeps {
  readonly members: Members;
  readonly own: NamedPlace;
  /** The places that joined by themselves. */
  readonly joined: () => Promise<readonly NamedPlace[]>;
  /** Whether a place that had joined is no member any more, which is then reported. */
  readonly hasLeft: (place: NamedPlace, message: unknown) => Promise<boolean>;
  readonly enqueue: Acting['enqueue'];
  /** The controls that need not look at a place. */
  readonly passedBy: (controls: readonly string[], place: NamedPlace) => Promise<ReadonlySet<string>>;
}

/**
 * Turns a message that has several controls sweep one place into a part for each of them, and one about all members into one for each
 * of their places, which are then on the queue; any other message stays what it is.
 */
export async function unpacked(delivery: Delivery, deps: SweepsDeps): Promise<readonly Delivery[]> {
  if (!isSweeps(delivery.body)) return [delivery];
  const sweeps = parseSweeps(delivery.body);
  const { controls, event, isOfMembers } = sweeps;
  if (isOfMembers) {
    await toMembers(sweeps, deps);
    return [];
  }
  if (await deps.hasLeft(event, { event })) return [];
  // what a deployment asks for is looked at, whatever was there before
  const passed = event['detail-type'] === 'Scheduled Event' ? await deps.passedBy(controls, event) : new Set();
  return partsOf({ ...sweeps, controls: controls.filter((control) => !passed.has(control)) }, delivery);
}

async function toMembers({ controls, event, from = 0 }: Sweeps, { members, own, enqueue, joined }: SweepsDeps): Promise<void> {
  // a schedule of the hub's own; what a member forwards is about that member
  if (placeKey(event) !== placeKey(own)) throw new MalformedMessage('sweeps of all members are asked for by the hub alone');
  const places = [...placesOf(members), ...(await joined())].filter((place) => placeKey(place) !== placeKey(own));
  const part = places.slice(from, from + PLACES_AT_ONCE);
  const next = from + PLACES_AT_ONCE;
  await enqueue([
    ...part.map((place, n) => ({
      body: { controls, event: { ...event, ...place } },
      delaySeconds: Math.floor(n / PLACES_A_SECOND),
    })),
    ...(next < places.length
      ? [{ body: { controls, event, isOfMembers: true as const, from: next }, delaySeconds: PLACES_AT_ONCE / PLACES_A_SECOND }]
      : []),
  ]);
}

function placesOf(members: Members): NamedPlace[] {
  return members.flatMap(({ account, regions }) => regions.map((region) => ({ account, region })));
}
