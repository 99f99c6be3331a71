import { type Cost, costOf } from './cost.ts';
import { type BusEvent, nameOf } from './events.ts';
import type { Judged } from './judge.ts';
import type { Counts, Unreadable } from './reading.ts';
import type { ControlSum, Tallies } from './tally.ts';

/** So many unreadable places are named; the others are counted. */
const NAMED = 100;

/** All that a replay found. */
export interface Outcome {
  readonly files: number;
  readonly counts: Counts;
  readonly seconds: number;
  readonly matches: number;
  readonly isStrict: boolean;
  readonly unreadable: readonly Unreadable[];
  readonly controls: readonly ControlSum[];
  readonly cost: Cost;
}

/** Gathers the outcome of a replay while it runs. */
export class Gathering {
  files = 0;
  matches = 0;
  /** Unreadable places that no reader counted, such as a folder. */
  #outside = 0;
  readonly #unreadable: Unreadable[] = [];

  /** Names a place that a reader counted. */
  name(one: Unreadable): void {
    if (this.#unreadable.length < NAMED) this.#unreadable.push(one);
  }

  /** Counts and names a place that no reader saw. */
  addOutside(one: Unreadable): void {
    this.#outside += 1;
    this.name(one);
  }

  /** What it came to. */
  outcome(counts: Counts, tallies: Tallies, isStrict: boolean, seconds: number): Outcome {
    const controls = tallies.sums();
    return {
      files: this.files,
      counts: { ...counts, unreadable: counts.unreadable + this.#outside },
      seconds,
      matches: this.matches,
      isStrict,
      unreadable: this.#unreadable,
      controls,
      cost: costOf(controls),
    };
  }
}

/** A match as one line of JSON. */
export function matchRow({ control, actor, targets, told, mode }: Judged, event: BusEvent): object {
  const { id, source, time, account, region } = event;
  return {
    type: 'match',
    control: control.id,
    severity: control.severity,
    mode,
    event: { id, name: nameOf(event), source, time, account, region, actor },
    targets: targets.map(({ type, id: target }) => ({ type, id: target })),
    verdict: told,
  };
}

/** The summary as one line of JSON. */
export function summaryRow({ counts, controls, cost, ...rest }: Outcome): object {
  return {
    type: 'summary',
    ...rest,
    records: counts.records,
    parsed: counts.parsed,
    unreadable: { count: counts.unreadable, places: rest.unreadable },
    controls: controls.map(({ control, told, ...sum }) => ({ control: control.id, severity: control.severity, ...sum, verdicts: told })),
    invocations: cost.invocations,
    costUsd: { atLeast: cost.atLeast, atMost: cost.atMost },
  };
}
