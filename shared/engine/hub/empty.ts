import type { AnyControl, Place } from '#shared/control/control.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';

/** What knows what there is nothing of in members. */
export interface EmptyOptions {
  readonly placeOf: (named: NamedPlace) => Place | undefined;
  readonly ledger: (place: Place) => Pick<Ledger, 'foundNothing' | 'foundNothingLately'>;
  readonly now: () => Date;
}

/** What the sweeps of members spare: a control does not look where it found nothing within the last week. */
export function emptyPlaces({ placeOf, ledger, now }: EmptyOptions) {
  return {
    /** The controls that need not look at a place. */
    async passedBy(controls: readonly string[], named: NamedPlace): Promise<ReadonlySet<string>> {
      const place = placeOf(named);
      return place?.isMember ? await ledger(place).foundNothingLately(controls, now()) : new Set();
    },

    /** Notes that a control's sweep found nothing. */
    async foundNothing({ id }: AnyControl, place: Place): Promise<void> {
      if (place.isMember) await ledger(place).foundNothing(id, now());
    },
  };
}
