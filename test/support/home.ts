import type { AnyControl } from '#shared/control/control.ts';
import { owningRegion } from '#shared/control/kind.ts';
import { place } from './harness.ts';

/** Where a control judges: what is one for all Regions is judged in one of them. */
export function homeOf({ kind }: AnyControl): typeof place {
  return kind.isGlobal ? { ...place, region: owningRegion(place.partition) } : place;
}

/** An event, recorded where its control judges. */
export function there(control: AnyControl, event: object): object {
  return control.kind.isGlobal ? { ...event, region: homeOf(control).region } : event;
}

/** What an order about a finding of a control says of its place. */
export function orderPlace(control: AnyControl) {
  const { account, region } = homeOf(control);
  return { place: { account, region } };
}
