import { classify } from '#shared/aws/errors.ts';
import type { AnyControl, Context, Reader, Target } from '#shared/control/control.ts';
import type { Message } from '#shared/finding/message.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { copyFor } from './copies.ts';
import { caseKey, type EngineDeps } from './types.ts';

/** What a sweep needs of the engine around it. */
type SweepDeps = Pick<EngineDeps, 'enqueue' | 'remainingMs' | 'telemetry'> & {
  readonly ledger: Pick<Ledger, 'exempt' | 'openTargets'>;
  /** Called when there is nothing to look at, neither listed nor open. */
  readonly foundNothing?: (() => Promise<void>) | undefined;
};

/** What is about more resources than this goes on in messages of as many. */
const CHUNK = 25;
/** A sweep lists so many resources, and leaves those after them to another invocation. */
const LISTED_AT_ONCE = 500;
/** How long the next part waits, in seconds: a queue of messages about everything would keep those about events waiting. */
const PAUSE_SECONDS = 10;
/** With which the place in a list begins that goes on with open findings. */
const OPEN = 'open findings ';
/** How long after the end of a long list its open findings are asked for: the longest that a message waits. */
const SECONDS_UNTIL_OPEN = 900;
/** With less time left than this, in milliseconds, the list is not read on: the batch has cases too. */
const ENOUGH_MS = 30_000;

/** The next part of what a sweep looks at; a message that continues the list is on the queue, and so is what this invocation leaves. */
export async function sweep(
  message: Message,
  control: AnyControl,
  read: Reader,
  context: Context,
  deps: SweepDeps,
): Promise<readonly Target[]> {
  const all = new Map<string, Target>();
  const add = (targets: readonly Target[]): void => {
    for (const target of targets) all.set(caseKey(control, target), target);
  };
  const since = new Date(message.event?.time ?? context.now);
  let from = message.from;
  // what is exempt may be right by now, and so not be listed
  if (from === undefined) add(await deps.ledger.exempt(control.id));
  try {
    do {
      const { items, next } = await part(control, read, context, from, (place) => deps.ledger.openTargets(control.id, since, place));
      add(items);
      from = next;
      // what messages are about is looked at by others, and looked at again for its finding if that begins at once
    } while (from !== undefined && all.size < (from === OPEN ? CHUNK + 1 : LISTED_AT_ONCE) && deps.remainingMs() >= ENOUGH_MS);
  } catch (error) {
    if (message.from === undefined || message.isRestarted || classify(error) !== 'refused') throw error;
    deps.telemetry.log('warn', 'a sweep begins again: AWS does not know any more where it was', { control: control.id });
    const { from: _lost, ...rest } = message;
    await deps.enqueue([{ body: { ...rest, isRestarted: true }, delaySeconds: PAUSE_SECONDS }]);
    return [];
  }
  if (message.from === undefined && from === undefined && all.size === 0) await deps.foundNothing?.();
  const targets = await inChunks([...all.values()], message, deps);
  // last: until then the message itself comes back if this invocation dies
  const delaySeconds = from === OPEN ? SECONDS_UNTIL_OPEN : PAUSE_SECONDS;
  if (from !== undefined) await deps.enqueue([{ body: { ...message, waits: {}, from }, delaySeconds }]);
  return targets;
}

/** First what AWS lists, and then what has an open finding: that may be gone, or right, and so not be listed. */
async function part(
  control: AnyControl,
  read: Reader,
  context: Context,
  from: string | undefined,
  open: (place: string | undefined) => ReturnType<Ledger['openTargets']>,
) {
  if (!from?.startsWith(OPEN)) {
    const { items, next = OPEN } = await control.list(read, context, from);
    return { items, next };
  }
  const { targets: items, next } = await open(from.slice(OPEN.length) || undefined);
  return { items, next: next && `${OPEN}${next}` };
}

/** The targets themselves if they are few; else none, and messages about all of them are on the queue. */
export async function inChunks(
  targets: readonly Target[],
  message: Message,
  { enqueue }: Pick<EngineDeps, 'enqueue'>,
): Promise<readonly Target[]> {
  if (targets.length <= CHUNK) return targets;
  const { from: _from, isRestarted: _isRestarted, ...rest } = message;
  const bodies = [];
  for (let start = 0; start < targets.length; start += CHUNK)
    bodies.push({ body: copyFor(rest, targets.slice(start, start + CHUNK)), delaySeconds: 0 });
  await enqueue(bodies);
  return [];
}
