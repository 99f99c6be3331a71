import type { AnyControl, Mode } from '#shared/control/control.ts';
import { placeKey } from '#shared/ledger/items.ts';
import type { BusEvent } from './events.ts';
import { type Due, type Forecast, forecast } from './forecast.ts';
import type { Judged, Told } from './judge.ts';

/** So many resources and names of all controls together are kept apart; more are counted as one. */
const KEPT = 300_000;
/** So many of those who made most are named. */
const NAMED = 5;

/** What a replay found for one control. */
export interface ControlSum {
  readonly control: AnyControl;
  /** The modes that the config gives it where its events were. */
  readonly modes: readonly Mode[];
  /** Events that its rule would have delivered, each at most one invocation. */
  readonly events: number;
  readonly told: { readonly [is in Told['is']]: number };
  readonly resources: number;
  /** Whether there were more resources than were kept apart. */
  readonly isAtLeast: boolean;
  readonly people: readonly { readonly name: string; readonly events: number }[];
  readonly first: string;
  readonly last: string;
  readonly forecast: Forecast;
}

/** One resource that may be wrong. */
interface Known {
  readonly place: string;
  readonly name: string;
  at: number;
}

/** Counts what one control would have done, in memory that does not grow without end. */
class Tally {
  readonly control: AnyControl;
  readonly modes = new Set<Mode>();
  readonly told = { violation: 0, compliant: 0, 'needs-live': 0, exempt: 0, nothing: 0 };
  readonly people = new Map<string, number>();
  /** By place and id: those that may be wrong. */
  readonly wrong = new Map<string, Known>();
  readonly seen = new Set<string>();
  events = 0;
  isAtLeast = false;
  first = '';
  last = '';
  settleSeconds = 0;

  constructor(control: AnyControl) {
    this.control = control;
  }
}

/** What a replay found, control by control. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();
  #kept = 0;

  /** Counts what a control made of an event. */
  add(event: BusEvent, { control, place, mode, settings, actor, targets, told }: Judged): void {
    const tally = this.#tallies.get(control.id) ?? new Tally(control);
    this.#tallies.set(control.id, tally);
    tally.events += 1;
    tally.told[told.is] += 1;
    tally.modes.add(mode);
    if (tally.first === '' || event.time < tally.first) tally.first = event.time;
    if (event.time > tally.last) tally.last = event.time;
    const { settleSeconds } = settings;
    if (typeof settleSeconds === 'number') tally.settleSeconds = settleSeconds;
    const people = tally.people.get(actor.name);
    if (people !== undefined || this.#mayKeep()) tally.people.set(actor.name, (people ?? 0) + 1);
    const mayBeWrong = told.is === 'violation' || told.is === 'needs-live';
    const where = placeKey(place);
    for (const { type, id } of targets) {
      const key = `${where} ${type} ${id}`;
      const isSeen = tally.seen.has(key) || this.#mayKeep();
      if (isSeen) tally.seen.add(key);
      else tally.isAtLeast = true;
      if (mayBeWrong && isSeen) settle(tally, key, { place: where, name: id, at: Date.parse(event.time) || 0 });
    }
  }

  /** The resources that may be wrong, by control. */
  wrong(): readonly { readonly control: AnyControl; readonly ids: readonly string[] }[] {
    return this.#sorted().map(({ control, wrong }) => ({ control, ids: [...new Set([...wrong.values()].map(({ name }) => name))].sort() }));
  }

  /** The sums, in the order of the controls' ids. */
  sums(): readonly ControlSum[] {
    return this.#sorted().map((tally) => {
      const { control, modes, events, told, seen, isAtLeast, people, first, last, wrong, settleSeconds } = tally;
      const named = [...people].toSorted(([, a], [, b]) => b - a).slice(0, NAMED);
      const dues: Due[] = [...wrong.values()];
      return {
        control,
        modes: [...modes].sort(),
        events,
        told,
        resources: seen.size,
        isAtLeast,
        people: named.map(([name, count]) => ({ name, events: count })),
        first,
        last,
        forecast: forecast(control, dues, settleSeconds),
      };
    });
  }

  #sorted(): readonly Tally[] {
    return [...this.#tallies.values()].toSorted((a, b) => (a.control.id < b.control.id ? -1 : 1));
  }

  #mayKeep(): boolean {
    this.#kept += 1;
    return this.#kept <= KEPT;
  }
}

/** What comes while a resource settles has it settle again. */
function settle({ wrong, settleSeconds }: Tally, key: string, { place, name, at }: Known): void {
  const span = settleSeconds * 1000;
  const known = wrong.get(key);
  if (!known) wrong.set(key, { place, name, at: at + span });
  else if (at < known.at && at + span > known.at) known.at = at + span;
}
