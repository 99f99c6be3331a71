import { MalformedMessage } from '#shared/aws/errors.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Acting, Delivery } from '#shared/engine/acting.ts';
import { partsOf } from '#shared/engine/split.ts';
import type { Telemetry } from '#shared/engine/telemetry.ts';
import { isSweeps, parseSweeps, type Sweeps } from '#shared/finding/message.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { Look, SweepNotes } from '#shared/ledger/ledger.ts';
import type { Members } from './members.ts';

/** So many places get their message from one invocation, which first reads a note of each for each control; another goes on with the next. */
export const PLACES_AT_ONCE = 1000;
/** So many places are swept a second: a queue of sweeps would keep events waiting. */
const PLACES_A_SECOND = 4;
/** So many places are named in the log. */
const MOST_NAMED = 5;

/** What the sweeps of members need around them. */
interface SweepsDeps {
  readonly members: Members;
  readonly own: NamedPlace;
  /** The places that joined by themselves. */
  readonly joined: () => Promise<readonly NamedPlace[]>;
  /** Whether a place that had joined is no member any more, which is then reported. */
  readonly hasLeft: (place: NamedPlace, message: unknown) => Promise<boolean>;
  readonly enqueue: Acting['enqueue'];
  readonly notesOf: (controls: readonly string[], place: NamedPlace) => Promise<SweepNotes>;
  /** Whether a control judges anything in a place. */
  readonly judges: (control: string, place: NamedPlace) => boolean;
  /** Which of the controls of each of these looks found nothing lately. */
  readonly nothingIn: (looks: readonly Look[]) => Promise<readonly ReadonlySet<string>[]>;
  /** Whether the rules of a member are in each of these places. */
  readonly areServed: (places: readonly NamedPlace[]) => Promise<readonly boolean[]>;
  /** Notes that the rules of a member are in a place. */
  readonly served: (place: NamedPlace) => Promise<void>;
  readonly log: Telemetry['log'];
}

/**
 * Turns a message that has several controls sweep one place into a part for each of them, and one about all members into one for each
 * of their places, which are then on the queue; any other message stays what it is.
 */
export async function unpacked(delivery: Delivery, deps: SweepsDeps): Promise<readonly Delivery[]> {
  if (!isSweeps(delivery.body)) return [delivery];
  const sweeps = parseSweeps(delivery.body);
  if (sweeps.isOfMembers) {
    await toMembers(sweeps, deps);
    return [];
  }
  if (await deps.hasLeft(sweeps.event, { event: sweeps.event })) return [];
  return partsOf({ ...sweeps, controls: await lookingIn(sweeps, deps) }, delivery);
}

/** The controls that look at a place: none where the rules of the member are not there, for a stack alone may be. */
async function lookingIn({ controls, event, isChosen }: Sweeps, { notesOf, served, log }: SweepsDeps): Promise<string[]> {
  if (isChosen) return controls;
  if (isOfRules(event)) {
    await served(event);
    return controls;
  }
  const { isServed, nothing } = await notesOf(controls, event);
  if (!isServed) {
    const { account, region } = event;
    log('info', 'a member is not swept: it has not said yet that its rules are deployed', { account, region });
    return [];
  }
  return isSparing(event) ? controls.filter((control) => !nothing.has(control)) : controls;
}

/** Whether a sweep passes by what there was nothing of: what a deployment asks for is looked at, whatever was there before. */
function isSparing(event: Sweeps['event']): boolean {
  return event['detail-type'] === 'Scheduled Event';
}

/** Whether a place says that the stack of its rules is deployed: only that stack forwards it, and the hub's own deployment is of another place. */
function isOfRules({ account, region, detail }: Sweeps['event']): boolean {
  const [, , , stackRegion, stackAccount] = (stringAt(detail, 'stack-id') ?? '').split(':');
  return stackAccount === account && stackRegion === region;
}

async function toMembers(sweeps: Sweeps, deps: SweepsDeps): Promise<void> {
  const { controls, event, from = 0 } = sweeps;
  const { members, own, enqueue, joined } = deps;
  // a schedule of the hub's own; what a member forwards is about that member
  if (placeKey(event) !== placeKey(own)) throw new MalformedMessage('sweeps of all members are asked for by the hub alone');
  const places = [...placesOf(members), ...(await joined())].filter((place) => placeKey(place) !== placeKey(own));
  const looks = await looksIn(places.slice(from, from + PLACES_AT_ONCE), sweeps, deps);
  const next = from + PLACES_AT_ONCE;
  await enqueue([
    ...looks.map((look, n) => ({
      body: { controls: look.controls, event: { ...event, ...look.place }, isChosen: true as const },
      delaySeconds: Math.floor(n / PLACES_A_SECOND),
    })),
    ...(next < places.length
      ? [{ body: { controls, event, isOfMembers: true as const, from: next }, delaySeconds: Math.ceil(looks.length / PLACES_A_SECOND) }]
      : []),
  ]);
}

/** The places of a part in which something is to look, each with the controls that do. */
async function looksIn(part: readonly NamedPlace[], { controls, event }: Sweeps, deps: SweepsDeps) {
  const { judges, nothingIn, areServed, log } = deps;
  const all = part.map((place) => ({ place, controls: controls.filter((control) => judges(control, place)) }));
  const nothing = isSparing(event) ? await nothingIn(all) : [];
  const looks = all
    .map((look, n) => ({ ...look, controls: look.controls.filter((control) => !nothing[n]?.has(control)) }))
    .filter((look) => look.controls.length > 0);
  // asked last, of what is left: most places are passed by
  const isServed = await areServed(looks.map(({ place }) => place));
  const silent = looks.filter((_, n) => !isServed[n]).map(({ place: { account, region } }) => `${account}/${region}`);
  if (silent.length > 0)
    log('info', 'members are not swept: they have not said yet that their rules are deployed', {
      count: silent.length,
      places: silent.slice(0, MOST_NAMED),
    });
  return looks.filter((_, n) => isServed[n]);
}

function placesOf(members: Members): NamedPlace[] {
  return members.flatMap(({ account, regions }) => regions.map((region) => ({ account, region })));
}
