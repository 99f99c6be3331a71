import { halving } from '#shared/aws/batches.ts';
import type { Place } from '#shared/control/control.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { fittingFinding } from '#shared/finding/fitting.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import type { Delivery } from './acting.ts';
import { runCase } from './case.ts';
import { notHandled, notPutBack, Room, takeIn } from './intake.ts';
import { Lockstep } from './lockstep.ts';
import { observeAll } from './observe.ts';
import { sendAll } from './sender.ts';
import { goingBack, split } from './split.ts';
import type { CaseDeps, EngineDeps, Reservation } from './types.ts';
import { firstLooks } from './unleased.ts';

/** How long a control that failed beside others waits with its own message, in seconds: about as long as a message that comes back. */
const ALONE_AFTER_SECONDS = 300;

/**
 * Takes a batch of messages through observe, decide, send and observe again.
 * Answers the ids of the messages to hand back to the queue; it throws only on a defect of the engine itself.
 */
export async function runBatch(deliveries: readonly Delivery[], deps: EngineDeps): Promise<ReadonlySet<string>> {
  const { messages, failed } = await unpackAll(deliveries, deps);
  const crowds = deps.crowdsIn?.(messages) ?? [];
  const behind = new Set(crowds.map(({ id }) => id));
  const refused = await notPutBack(crowds, 0, deps);
  const now = messages.filter(({ id }) => !behind.has(id));
  const lanes = Map.groupBy(now, (delivery) => deps.laneOf?.(delivery));
  const room = new Room();
  const failedIn = await Promise.all([...lanes.values()].map((lane) => runLane(lane, room, deps)));
  const { ids, alone } = goingBack(now, new Set(failedIn.flatMap((some) => [...some])));
  return new Set([...failed, ...refused, ...ids, ...(await notPutBack(alone, ALONE_AFTER_SECONDS, deps))]);
}

/** What the messages stand for, and the ids of those that cannot be used. */
async function unpackAll(deliveries: readonly Delivery[], { unpack = split, telemetry }: EngineDeps) {
  const failed: string[] = [];
  const messages = await Promise.all(
    deliveries.map(async (delivery) => {
      try {
        return await unpack(delivery);
      } catch (error) {
        failed.push(delivery.id);
        notHandled(delivery, error, telemetry);
        return [];
      }
    }),
  );
  return { messages: messages.flat(), failed };
}

async function runLane(deliveries: readonly Delivery[], room: Room, deps: EngineDeps): Promise<ReadonlySet<string>> {
  const { cases, failed } = await takeIn(deliveries, deps, room);
  const lockstep = new Lockstep();
  const places = new Map<string, CaseDeps>();
  const depsAt = (place: Place): CaseDeps => {
    const known = places.get(placeKey(place)) ?? joinedAt(place, lockstep, deps);
    places.set(placeKey(place), known);
    return known;
  };
  const look = firstLooks(cases, depsAt);
  await lockstep.run(
    cases.map((one) => async () => {
      const left = await look(one);
      const isOk = left === undefined || (await runCase(left, depsAt(one.place)));
      if (!isOk) for (const { delivery } of one.jobs) failed.add(delivery.id);
    }),
  );
  return failed;
}

/** The dependencies of the cases of one place, whose calls are joined: nothing of two places is ever in one. */
function joinedAt(place: Place, lockstep: Lockstep, deps: EngineDeps): CaseDeps {
  const ledger = deps.ledger(place);
  const before = joined(lockstep, ledger.keptBefore);
  /** What of a place's grant the organization has left; what it has not is lost to the place until the next window. */
  const ofAll = async <Granted extends { readonly left: number }>(grant: Granted, window: string, limit: number) => {
    if (!deps.reserveInAll || grant.left === 0) return grant;
    const { granted, ...refusal } = await deps.reserveInAll(window, grant.left, limit, deps.now());
    return granted < grant.left ? { ...grant, left: granted, ...refusal, isOfAll: true } : grant;
  };
  return {
    ...deps,
    observe: lockstep.batched((items) => observeAll(items, place, deps)),
    sendOne: lockstep.batched(async (items) => {
      const outcomes = await sendAll(items, deps.write);
      return items.map((item) => outcomes.get(item) ?? new Error('a command without an outcome'));
    }),
    ledger: {
      ...ledger,
      lease: (control, target, owner, now, seconds, how) => ledger.lease(control, target, owner, now, seconds, { before, ...how }),
      done: joined(lockstep, async (items: readonly (readonly string[])[]) => {
        const done = await ledger.done([...new Set(items.flat())]);
        return items.map(() => done);
      }),
    },
    putOne: joined(lockstep, async (items: readonly FindingRow[]) => {
      await ledger.putFindings(items);
      return items.map(() => true as const);
    }),
    announceOne: joined(lockstep, (items: readonly Finding[]) => deps.announce(items.map((finding) => fittingFinding(finding)))),
    reserveOne: lockstep.batched(async (items) => {
      const keyOf = ({ window, asker = '' }: Reservation) => `${window} ${asker}`;
      const grants = new Map<string, { left: number; isFirstRefusal: boolean; isFull: boolean; isOfAll?: boolean }>();
      for (const [key, wanting] of Map.groupBy(items, keyOf)) {
        const [{ window, limit, asker } = { window: '', limit: 0 }] = wanting;
        const { granted, ...refusal } = await ledger.reserve(window, wanting.length, limit, deps.now(), asker);
        grants.set(key, await ofAll({ left: granted, ...refusal }, window, limit));
      }
      return items.map((item) => {
        const grant = grants.get(keyOf(item));
        if (!grant || grant.left <= 0) {
          const isFirst = grant?.isFirstRefusal === true;
          if (grant) grant.isFirstRefusal = false;
          return { isGranted: false, isFirst, isFull: grant?.isFull !== false, ...(grant?.isOfAll && { isOfAll: true }) };
        }
        grant.left -= 1;
        return { isGranted: true, isFirst: false, isFull: false };
      });
    }),
    isPaused: lockstep.batched(async (items) => {
      const pause = await ledger.paused(deps.pausesAt?.(place));
      return items.map(() => ({ pause }));
    }),
  };
}

/** A call that all cases share; one that AWS refuses for the sake of one case fails for that case alone. */
function joined<In, Out>(
  lockstep: Lockstep,
  call: (items: readonly In[]) => Promise<readonly (Out | Error)[]>,
): (item: In) => Promise<Out> {
  return lockstep.batched((items: In[]) => halving(items, call));
}
