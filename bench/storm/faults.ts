import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallEffect, ObservedCall } from '../../local/emulator/proxy.ts';
import { shortenDelays } from '../../local/pace.ts';
import { drawn } from './random.ts';

/** What is thrown at the functions' calls, and how many in a thousand of them it hits. */
const thrown = [
  { what: 'killed', weight: 1, when: 'before' },
  { what: 'killed', weight: 1, when: 'after' },
  { what: 'throttled', weight: 35, when: 'before' },
  { what: 'server errors', weight: 32, when: 'before' },
  { what: 'connections reset', weight: 12, when: 'before' },
  { what: 'answers lost', weight: 20, when: 'after' },
] as const;

/** What the storm throws. */
export type Fault = (typeof thrown)[number]['what'];

/** So many times as soon as asked for a message comes; what waits for another function's work still outlasts its death, for nothing hastens that. */
const HASTE = 20;

/** In what a storm differs from others, of a thousand calls. */
export interface Strength {
  /** How many are throttled of those of some services. */
  readonly throttled: { readonly services: readonly string[]; readonly weight: number };
  /** How many are killed before, and as many after. */
  readonly killed: number;
}

/** The faults of a storm: a hook for the local cloud's calls, with a count of what it did. */
export class Faults {
  readonly counts: { [fault in Fault | 'freezes']: number };
  readonly #seed: number;
  readonly #strength: Strength | undefined;
  readonly #calls = new Map<string, number>();
  #frozenUntil = 0;
  #isOver = false;

  constructor(seed: number, strength?: Strength) {
    this.#seed = seed;
    this.#strength = strength;
    this.counts = { killed: 0, throttled: 0, 'server errors': 0, 'connections reset': 0, 'answers lost': 0, freezes: 0 };
  }

  /** From now on AWS answers as it should. */
  end(): void {
    this.#isOver = true;
  }

  /** AWS answers nothing for so many milliseconds. */
  freeze(milliseconds: number): void {
    this.counts.freezes += 1;
    this.#frozenUntil = Date.now() + milliseconds;
  }

  /** Steps into a call of a function; a user's calls are not hindered, for a creation that failed would be nobody's loss. */
  async onCall(seen: ObservedCall): Promise<CallEffect | undefined> {
    if (seen.function === undefined) return undefined;
    // what would come in minutes or with the next window comes in seconds
    if (seen.when === 'before' && seen.api === 'sqs:SendMessageBatch') shortenDelays(seen, (seconds) => Math.ceil(seconds / HASTE));
    if (this.#isOver) return undefined;
    while (Date.now() < this.#frozenUntil) await sleep(50);
    const hits = this.#thrownAt(seen);
    const all = hits.reduce((sum, { weight }) => sum + weight, 0);
    const draw = this.#draw(seen);
    if (draw * 1000 >= all) return undefined;
    const { what } = drawn(hits, () => (draw * 1000) / all);
    this.counts[what] += 1;
    return effectOf(what, seen);
  }

  #thrownAt({ when, api }: ObservedCall): readonly { readonly what: Fault; readonly weight: number }[] {
    const hits = thrown.filter((one) => one.when === when);
    const strength = this.#strength;
    if (!strength) return hits;
    const { throttled, killed } = strength;
    const isThrottled = throttled.services.some((service) => api.startsWith(`${service}:`));
    return hits.map(({ what, weight }) => ({
      what,
      weight: what === 'killed' ? killed : what === 'throttled' && isThrottled ? throttled.weight : weight,
    }));
  }

  /** The same number for the same call of a function to an API, counted by itself: the order in which functions call changes nothing. */
  #draw({ when, function: name, api }: ObservedCall): number {
    const key = `${when} ${name} ${api}`;
    const nth = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, nth);
    return createHash('sha256').update(`${this.#seed} ${key} ${nth}`).digest().readUInt32BE() / 2 ** 32;
  }
}

function effectOf(what: Fault, { api }: ObservedCall): CallEffect {
  if (what === 'killed') return 'kill';
  if (what === 'connections reset' || what === 'answers lost') return 'drop';
  const isEc2 = api.startsWith('ec2:');
  if (what === 'throttled')
    return { error: { code: isEc2 ? 'RequestLimitExceeded' : 'ThrottlingException', message: 'Rate exceeded', status: isEc2 ? 503 : 400 } };
  return { error: { code: isEc2 ? 'InternalError' : 'InternalServerError', message: 'An internal error has occurred.', status: 500 } };
}
