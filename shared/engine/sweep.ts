import { classify } from '#shared/aws/errors.ts';
import type { AnyControl, Context, Reader, Target } from '#shared/control/control.ts';
import type { Message } from '#shared/finding/message.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { copyFor } from './copies.ts';
import { caseKey, type EngineDeps } from './types.ts';

/** What a sweep needs of the engine around it. */
type SweepDeps = Pick<EngineDeps, 'enqueue' | 'remainingMs' | 'telemetry'> & { readonly ledger: Pick<Ledger, 'exempt'> };

/** What is about more resources than this goes on in messages of as many. */
const CHUNK = 25;
/** A sweep lists so many resources, and leaves those after them to another invocation. */
const LISTED_AT_ONCE = 500;
/** How long the next part waits, in seconds: a queue of messages about everything would keep those about events waiting. */
const PAUSE_SECONDS = 10;
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
  let from = message.from;
  // what is exempt may be right by now, and so not be listed
  if (from === undefined) add(await deps.ledger.exempt(control.id));
  try {
    do {
      const { items, next } = await control.list(read, context, from);
      add(items);
      from = next;
    } while (from !== undefined && all.size < LISTED_AT_ONCE && deps.remainingMs() >= ENOUGH_MS);
  } catch (error) {
    if (message.from === undefined || message.isRestarted || classify(error) !== 'refused') throw error;
    deps.telemetry.log('warn', 'a sweep begins again: AWS does not know any more where it was', { control: control.id });
    const { from: _lost, ...rest } = message;
    await deps.enqueue([{ body: { ...rest, isRestarted: true }, delaySeconds: PAUSE_SECONDS }]);
    return [];
  }
  const targets = await inChunks([...all.values()], message, deps);
  // last: until then the message itself comes back if this invocation dies
  if (from !== undefined) await deps.enqueue([{ body: { ...message, waits: {}, from }, delaySeconds: PAUSE_SECONDS }]);
  return targets;
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
