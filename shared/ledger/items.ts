import type { Place, Target } from '#shared/control/control.ts';
import type { Item } from './dynamo.ts';
import { dayOfFinding } from './ledger.ts';

/** An account and Region, as events, orders, findings and items name them. */
export type NamedPlace = Pick<Place, 'account' | 'region'>;

/** The same text for the same place; what belongs to it carries this in its key. */
export function placeKey({ account, region }: NamedPlace): string {
  return `${account}#${region}`;
}

/** The item of the kill switch, which is one for all places. */
export const pauseKey: Item = keyOf('SWITCH', 'PAUSE');

/** The key of a name that only one may take, wherever. */
export function claimKey(name: string): Item {
  return keyOf(`CLAIM#${name}`, 'CLAIM');
}

/** The key of the row that says that something is done; `key` names the place where it depends on one. */
export function doneKey(key: string): Item {
  return keyOf(`DONE#${key}`, 'DONE');
}

/** Under which the messages stand that wait for a function. */
export function dueUnder(place: NamedPlace, functionName: string): string {
  return `DUE#${placeKey(place)}#${functionName}`;
}

/** The keys of what belongs to one place. */
export type Keys = ReturnType<typeof keysUnder>;

/** The keys of one account and Region. */
export function keysOf(place: NamedPlace): Keys {
  return keysUnder(`${placeKey(place)}#`);
}

/** The keys of the time before they named a place. */
export const keysWithoutPlace: Keys = keysUnder('');

function keysUnder(place: string) {
  const findings = (day = '') => `FINDINGS#${place}${day}`;
  const exempt = (control: string) => `EXEMPT#${place}${control}`;
  return {
    /** The item of a case. */
    case: (control: string, { type, id }: Pick<Target, 'type' | 'id'>) => keyOf(`CASE#${place}${control}#${type}#${id}`, 'CASE'),
    /** Who sent an order first; among the cases, as it is of one control. */
    receipt: (control: string, order: string) => keyOf(`CASE#${place}${control}#ORDER#${order}`, 'RECEIPT'),
    /** The key under which a message is done, for `doneKey`. */
    done: (key: string) => `${place}${key}`,
    /** Under which the findings of a day stand. */
    findings,
    finding: (id: string) => keyOf(findings(dayOfFinding(id)), id),
    /** Under which the resources stand that are exempt from a control. */
    exempt,
    exemption: (control: string, { type, id }: Target) => keyOf(exempt(control), `${type}#${id}`),
    /** How many fixes were made of those of a window. */
    window: (name: string) => keyOf(`WINDOW#${place}${name}`, 'WINDOW'),
  };
}

/** A key of the table. */
export function keyOf(pk: string, sk: string): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
