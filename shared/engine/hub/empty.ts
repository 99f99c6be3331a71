import { partitionOf } from '#shared/aws/partition.ts';
import type { AnyControl, Place } from '#shared/control/control.ts';
import { owningRegion } from '#shared/control/kind.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Ledger, Look, SweepNotes } from '#shared/ledger/ledger.ts';

/** What knows what there is nothing of in members. */
export interface EmptyOptions {
  readonly placeOf: (named: NamedPlace) => Place | undefined;
  readonly ledger: (place: Place) => Pick<Ledger, 'foundNothing' | 'noteServed' | 'sweepNotes'>;
  /** The ledger of the hub's own place, which reads the notes of many. */
  readonly home: Pick<Ledger, 'areServed' | 'nothingIn'>;
  readonly now: () => Date;
}

/** What the sweeps of members spare: a control does not look where it found nothing within the last week. */
export function emptyPlaces({ placeOf, ledger, home, now }: EmptyOptions) {
  return {
    /** What is known of a place: nothing is against a look at the hub's own. */
    async notesOf(controls: readonly string[], named: NamedPlace): Promise<SweepNotes> {
      const place = placeOf(named);
      return place?.isMember ? await ledger(place).sweepNotes(controls, now()) : { isServed: true, nothing: new Set() };
    },

    /** Which of the controls of each of these looks found nothing lately. */
    nothingIn: (looks: readonly Look[]) => home.nothingIn(looks, now()),

    /** Whether the rules of a member are in each of these places. */
    areServed: (places: readonly NamedPlace[]) => home.areServed(places),

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

/** Says whether a control judges anything in a place: what is one for all Regions is judged in one of them, and notes nothing elsewhere. */
export function judging(controls: readonly AnyControl[]): (control: string, place: NamedPlace) => boolean {
  const ofOneRegion = new Set(controls.filter(({ kind }) => kind.isGlobal).map(({ id }) => id));
  return (control, { region }) => !ofOneRegion.has(control) || region === owningRegion(partitionOf(region));
}
