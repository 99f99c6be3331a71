import type { AnyControl, Place } from '#shared/control/control.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger, SweepNotes } from '#shared/ledger/ledger.ts';

/** What knows what there is nothing of in members. */
export interface EmptyOptions {
  readonly placeOf: (named: NamedPlace) => Place | undefined;
  readonly ledger: (place: Place) => Pick<Ledger, 'foundNothing' | 'noteServed' | 'sweepNotes'>;
  readonly now: () => Date;
}

/** What the sweeps of members spare: a control does not look where it found nothing within the last week. */
export function emptyPlaces({ placeOf, ledger, now }: EmptyOptions) {
  return {
    /** What is known of a place: nothing is against a look at the hub's own. */
    async notesOf(controls: readonly string[], named: NamedPlace): Promise<SweepNotes> {
      const place = placeOf(named);
      return place?.isMember ? await ledger(place).sweepNotes(controls, now()) : { isServed: true, nothing: new Set() };
    },

    /** Notes that the rules of a member are there. */
    async served(named: NamedPlace): Promise<void> {
      const place = placeOf(named);
      if (place?.isMember) await ledger(place).noteServed();
    },

    /** Notes that a control's sweep found nothing. */
    async foundNothing({ id }: AnyControl, place: Place): Promise<void> {
      if (place.isMember) await ledger(place).foundNothing(id, now());
    },
  };
}
