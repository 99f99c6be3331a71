import type { AnyControl, Place } from '#shared/control/control.ts';
import { owningRegion } from '#shared/control/kind.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';

/** What knows the places in which there is nothing. */
export interface EmptyOptions {
  readonly placeOf: (named: NamedPlace) => Place | undefined;
  readonly controls: readonly AnyControl[];
  readonly ledger: (place: Place) => Pick<Ledger, 'foundNothing' | 'isEmpty'>;
  readonly now: () => Date;
}

/** The controls of one message that have not found a place empty yet, and under which of them that is kept. */
interface Looking {
  readonly first: string;
  readonly left: Set<string>;
}

/** Which places a sweep passes by: where all controls of a message found nothing within the last week. */
export class EmptyPlaces {
  readonly #options: EmptyOptions;
  readonly #looking = new Map<string, Looking>();

  constructor(options: EmptyOptions) {
    this.#options = options;
  }

  /** Whether controls need not look at a place; if they look, what they find decides for the next time. */
  async isPassed(controls: readonly string[], named: NamedPlace): Promise<boolean> {
    const { placeOf, ledger, now } = this.#options;
    const place = placeOf(named);
    const [first] = controls;
    if (!place || first === undefined) return false;
    if (await ledger(place).isEmpty(first, now())) return true;
    const left = this.#options.controls.filter((one) => controls.includes(one.id) && isRunIn(one, place));
    const shared: Looking = { first, left: new Set(left.map(({ id }) => id)) };
    for (const { id } of left) this.#looking.set(`${placeKey(place)} ${id}`, shared);
    return false;
  }

  /** Notes that a control found nothing; once all of a message have, the place is empty. */
  async foundNothing({ id }: AnyControl, place: Place): Promise<void> {
    const looking = this.#looking.get(`${placeKey(place)} ${id}`);
    this.#looking.delete(`${placeKey(place)} ${id}`);
    looking?.left.delete(id);
    if (looking?.left.size === 0) await this.#options.ledger(place).foundNothing(looking.first, this.#options.now());
  }
}

/** What is one for all Regions is looked at in one of them. */
function isRunIn({ kind }: AnyControl, { region, partition }: Place): boolean {
  return !kind.isGlobal || region === owningRegion(partition);
}
