import { createHash } from 'node:crypto';
import { classify, errorText, MalformedMessage } from '#shared/aws/errors.ts';
import type { AnyControl, Context, Place, Reader, Target } from '#shared/control/control.ts';
import { owningRegion } from '#shared/control/kind.ts';
import { isTruncated } from '#shared/control/record.ts';
import { resolveControl } from '#shared/finding/config.ts';
import { type Cause, isWake, type Message, type Occasion, parseMessage } from '#shared/finding/message.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { FindingRow, Ledger } from '#shared/ledger/ledger.ts';
import type { Delivery } from './acting.ts';
import { growing } from './backoff.ts';
import { copyFor } from './copies.ts';
import { NotTaken } from './outbox.ts';
import { awsAnswered, isSpent, timesOf, waitedFor } from './patience.ts';
import { readersOfRound } from './reader.ts';
import { inChunks, sweep } from './sweep.ts';
import { caseKey, contextOf, type EngineDeps, type Job, type Observed } from './types.ts';
import { wake } from './wake.ts';

/** One case that messages of the batch are about. */
export interface Case {
  readonly place: Place;
  readonly control: AnyControl;
  readonly target: Target;
  readonly jobs: readonly Job[];
  /** The finding that an order names. */
  readonly row?: FindingRow;
  /** What was read of it already. */
  readonly seen?: Observed;
}

/** The engine's dependencies for messages of one place. */
type PlaceDeps = Pick<EngineDeps, 'enqueue' | 'remainingMs' | 'telemetry' | 'now'> & {
  readonly ledger: Ledger;
  readonly foundNothing?: (() => Promise<void>) | undefined;
};

/** One invocation takes about so many resources of messages that name several: each costs calls, and time is short. */
const TAKEN_AT_ONCE = 500;

/** What is left of them in one invocation. */
export class Room {
  #left = TAKEN_AT_ONCE;

  /** Takes so many, if there is room for all of them. */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}

/** Parses and routes messages: what they are about, by case, and the ids of those that cannot be used. */
export async function takeIn(
  deliveries: readonly Delivery[],
  deps: EngineDeps,
  room = new Room(),
): Promise<{ cases: readonly Case[]; failed: Set<string> }> {
  const cases = new Map<string, Case>();
  const failed = new Set<string>();
  const left: { readonly id: string; readonly body: Message }[] = [];
  const readers = new Map<string, ReturnType<typeof readersOfRound>>();
  const readersAt = (place: Place) => {
    const known = readers.get(placeKey(place)) ?? readersOfRound((command) => deps.read(command, place));
    readers.set(placeKey(place), known);
    return known;
  };

  await Promise.all(
    deliveries.map(async (delivery) => {
      try {
        if (isWake(delivery.body)) return await wake(deps);
        const { message, occasion } = parseMessage(delivery.body);
        const { control, place } = await route(message, occasion, deps);
        // what is one for all Regions is judged in one of them only, or several would fix and report it at once
        if (control.kind.isGlobal && place.region !== owningRegion(place.partition)) return;
        const { mode, settings } = resolveControl(deps.config, control, place.account, place.region);
        const context = contextOf({ place, settings }, deps, deps.now());
        const ledger = deps.ledger(place);
        const row = occasion.is === 'order' ? await orderedFinding(occasion.order.finding, control, place, ledger) : undefined;
        const job = { delivery: await fromFirst(delivery, occasion, control, ledger, deps.now()), message, occasion };
        const targets: readonly Target[] = row
          ? [{ type: row.finding.resource.type, id: row.finding.resource.id }]
          : mode === 'off'
            ? directOf(job, control, context)
            : await targetsOf(job, control, readersAt(place)(control.permissions.reads), context, {
                ...deps,
                ledger,
                // a list that lags behind a call says nothing of the week to come
                foundNothing: occasion.is === 'sweep' ? async () => await deps.foundNothing?.(control, place) : undefined,
              });
        if (targets.length > 1 && !room.take(targets.length))
          return void left.push({ id: delivery.id, body: copyFor(message, [...targets]) });
        for (const target of targets) {
          const key = `${placeKey(place)} ${caseKey(control, target)}`;
          const known = cases.get(key);
          if (known && row && known.row) {
            await deps.enqueue([{ body: message, delaySeconds: 2 }]);
            continue;
          }
          cases.set(key, {
            ...known,
            place,
            control,
            target: known ? joined(known.target, target, control) : target,
            jobs: [...(known?.jobs ?? []), job],
            ...(row && { row }),
          });
        }
      } catch (error) {
        failed.add(delivery.id);
        notHandled(delivery, error, deps.telemetry);
      }
    }),
  );
  for (const id of await notPutBack(left, 1, deps)) failed.add(id);
  return { cases: [...cases.values()], failed };
}

/** Logs why a message goes back to the queue. */
export function notHandled({ id, receiveCount }: Delivery, error: unknown, { log }: EngineDeps['telemetry']): void {
  log('error', 'a message cannot be handled', { messageId: id, receiveCount, error: errorText(error) });
}

/** One target of two messages about it; a sweep's has no hint, and must not hide the one of the call beside it. */
function joined(known: Target, other: Target, { joinHints }: AnyControl): Target {
  if (known.hint === undefined) return other;
  return joinHints && other.hint !== undefined ? { ...known, hint: joinHints(known.hint, other.hint) } : known;
}

/** Leaves messages to another invocation; answers the ids of those that the queue does not take. */
export async function notPutBack(
  left: readonly { readonly id: string; readonly body: Message }[],
  delaySeconds: number,
  { enqueue, telemetry }: Pick<EngineDeps, 'enqueue' | 'telemetry'>,
): Promise<readonly string[]> {
  if (left.length === 0) return [];
  try {
    await enqueue(left.map(({ body }) => ({ body, delaySeconds })));
    return [];
  } catch (error) {
    telemetry.log('error', 'messages cannot be left to another invocation', { error: errorText(error) });
    return left.flatMap(({ id }, n) => (error instanceof NotTaken && !error.positions.has(n) ? [] : [id]));
  }
}

async function route(
  message: Message,
  occasion: Occasion,
  { controlOf, placeOf }: EngineDeps,
): Promise<{ control: AnyControl; place: Place }> {
  const control = await controlOf(message.control);
  if (!control)
    throw new MalformedMessage(
      `there is no control ${JSON.stringify(message.control.slice(0, 80))} here; its rule may be of another version of the stack`,
    );
  const named = occasion.is === 'order' ? occasion.order.place : occasion.event;
  const place = placeOf(named);
  if (!place)
    throw new MalformedMessage(`it is of ${named ? `${named.account} in ${named.region}` : 'no place'}, which is not served here`);
  return { control, place };
}

/** An order with the principal that SQS saw when it was received first: copies are sent by Redress, and dead letters by whoever redrives. */
async function fromFirst(delivery: Delivery, occasion: Occasion, { id }: AnyControl, ledger: Ledger, now: Date): Promise<Delivery> {
  if (occasion.is !== 'order' || delivery.senderId === undefined) return delivery;
  const { order } = occasion;
  // with its content: under another's id nobody gives an order of their own in the other's name
  const content = createHash('sha256').update(JSON.stringify(order)).digest('hex');
  return { ...delivery, senderId: await ledger.received(id, `${order.id}#${content}`, delivery.senderId, now) };
}

async function orderedFinding(id: string, control: AnyControl, place: Place, ledger: Ledger): Promise<FindingRow> {
  const row = await ledger.getFinding(id);
  if (!row) throw new MalformedMessage(`the order names the finding ${id}, which the ledger does not hold`);
  if (row.finding.control !== control.id)
    throw new MalformedMessage(`the order is for ${control.id}, and its finding is of ${row.finding.control}`);
  if (placeKey(row.finding) !== placeKey(place)) throw new MalformedMessage(`the order is for another place than its finding ${id} is of`);
  return row;
}

async function targetsOf(job: Job, control: AnyControl, read: Reader, context: Context, deps: PlaceDeps): Promise<readonly Target[]> {
  const { message, occasion } = job;
  try {
    const named = namedBy(job, control, context);
    const isSweep = occasion.is === 'sweep' && !message.targets;
    // over 100 KB CloudTrail leaves the answer out, and with it what was made: look at everything instead
    const isBlind = occasion.is === 'call' && named.length === 0 && isTruncated(occasion.record);
    if (isSweep || isBlind) return await sweep(message, control, read, context, deps);
    const direct = named.filter(({ type }) => type === control.kind.type);
    const indirect = named.filter(({ type }) => type !== control.kind.type);
    return await inChunks([...direct, ...(await found(indirect, job, control, read, deps))], message, deps);
  } catch (error) {
    const what = classify(error);
    // no more copies in the end: the queue counts these tries, and its alarm reports them
    if ((what !== 'throttled' && what !== 'unavailable') || isSpent(message.waits, 'unanswered', deps.now())) throw error;
    await wait(message, 'unanswered', deps);
    return [];
  }
}

function namedBy({ message, occasion }: Job, control: AnyControl, context: Context): readonly Target[] {
  if (message.targets) return message.targets;
  if (occasion.is === 'call') return control.targets(occasion.record, context);
  if (occasion.is !== 'notice') return [];
  const { notice } = occasion;
  if (!control.noticed) throw new MalformedMessage(`${control.id} does not look at the event ${JSON.stringify(notice.detailType)}`);
  return control.noticed(notice, context);
}

/** What is named outright: all that a fix can have begun on, when its control is off by now. */
function directOf(job: Job, control: AnyControl, context: Context): readonly Target[] {
  return namedBy(job, control, context).filter(({ type }) => type === control.kind.type);
}

async function found(
  indirect: readonly Target[],
  { message }: Job,
  control: AnyControl,
  read: Reader,
  deps: PlaceDeps,
): Promise<readonly Target[]> {
  if (indirect.length === 0) return [];
  if (!control.find) throw new MalformedMessage(`${control.id} judges ${control.kind.type}, and the record names ${indirect[0]?.type}`);
  const targets = await control.find(indirect, read);
  const missing = indirect.filter(({ id }) => !targets.has(id));
  if (missing.length > 0 && !isSpent(message.waits, 'unfound', deps.now())) {
    await wait({ ...copyFor(message, [...missing]), waits: awsAnswered(message.waits) }, 'unfound', deps);
  } else if (missing.length > 0) {
    deps.telemetry.log('warn', 'nothing was found behind what the record names', {
      control: control.id,
      named: missing.map(({ id }) => id),
    });
  }
  return [...targets.values()].flat();
}

async function wait(message: Message, cause: Cause, { enqueue, now }: PlaceDeps): Promise<void> {
  const waits = waitedFor(message.waits, cause, now());
  await enqueue([{ body: { ...message, waits }, delaySeconds: growing(timesOf(message.waits, cause)) }]);
}
