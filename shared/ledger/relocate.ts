import { at, stringAt } from '#shared/control/record.ts';
import { bodyOf, type Item, withBody } from './dynamo.ts';
import {
  CASES,
  DUE,
  dueUnder,
  EXEMPTIONS,
  FINDINGS,
  FOUND_ON,
  keyOf,
  keysOfMember,
  type NamedPlace,
  OPEN_UNDER,
  placeKey,
} from './items.ts';
import { dayOfFinding } from './ledger.ts';

/** What an item of a ledger is, as far as it belongs to a hub that takes the place over. */
export type Kept = 'case' | 'receipt' | 'finding' | 'exemption' | 'waiting';

/** An item as it stands in the ledger of a hub. */
export interface Relocated {
  readonly kept: Kept;
  readonly item: Item;
  /** Whether its key named no place: one under the key with its place is of later. */
  readonly isOlderThanPlaces: boolean;
}

/** From where to where, and who the controls are of. */
export interface Move {
  /** The place whose ledger it was. */
  readonly from: NamedPlace;
  /** Where the hub is. */
  readonly hub: NamedPlace;
  /** The whole name of the function of a control; undefined for a control that is not known. */
  readonly functionFor: (control: string) => string | undefined;
}

/**
 * An item of a stack alone as the hub keeps it for a member. `unknown` = it is of something that this version does not know; undefined for
 * what ends with the stack: windows, claims, marks of what was done, the state of Slack channels.
 */
export function relocated(item: Item, move: Move): Relocated | 'unknown' | undefined {
  const [pk, sk] = [item['pk']?.S ?? '', item['sk']?.S ?? ''];
  if (pk.startsWith(CASES)) return ofCase(item, pk.slice(CASES.length), sk, move);
  if (pk.startsWith(FINDINGS)) return ofFinding(item, pk.slice(FINDINGS.length), sk, move);
  if (pk.startsWith(EXEMPTIONS)) {
    const { rest: control, isOld } = withoutPlace(pk.slice(EXEMPTIONS.length), move.from);
    return { kept: 'exemption', item: { ...item, ...keyOf(keysOfMember(move.from, '').exempt(control), sk) }, isOlderThanPlaces: isOld };
  }
  if (pk.startsWith(DUE)) return ofWaiting(item, pk.slice(DUE.length), sk, move);
  return undefined;
}

/** The rest of a key after the place that it is of; one of the time before keys named a place is of the stack's own. */
function withoutPlace(key: string, from: NamedPlace): { readonly rest: string; readonly isOld: boolean } {
  const place = `${placeKey(from)}#`;
  return key.startsWith(place) ? { rest: key.slice(place.length), isOld: false } : { rest: key, isOld: true };
}

/** A case without its lease, or who sent an order first. */
function ofCase(item: Item, key: string, sk: string, { from }: Move): Relocated | undefined {
  if (sk !== 'CASE' && sk !== 'RECEIPT') return undefined;
  const { rest, isOld } = withoutPlace(key, from);
  const [control = ''] = rest.split('#');
  const keys = keysOfMember(from, '');
  const { leaseOwner: _owner, leaseUntil: _until, ...kept } = item;
  const isOpen = at(bodyOf<object>(item), 'finding') !== undefined;
  const moved = {
    ...kept,
    ...keyOf(`${keys.cases(control)}${rest.slice(control.length + 1)}`, sk),
    ...(isOpen && { [OPEN_UNDER]: { S: keys.open(control) } }),
  };
  return { kept: sk === 'CASE' ? 'case' : 'receipt', item: moved, isOlderThanPlaces: isOld };
}

/** A finding, in the index of all places too. */
function ofFinding(item: Item, key: string, id: string, { from, functionFor }: Move): Relocated | 'unknown' {
  const { rest, isOld } = withoutPlace(key, from);
  const [first = '', day] = rest.split('#');
  const name = day === undefined ? functionFor(stringAt(bodyOf<object>(item), 'finding', 'control') ?? '') : first;
  if (name === undefined) return 'unknown';
  const moved = { ...item, ...keysOfMember(from, name).finding(id), [FOUND_ON]: { S: dayOfFinding(id) ?? '' } };
  return { kept: 'finding', item: moved, isOlderThanPlaces: isOld || day === undefined };
}

/** A message that waits for its time, with its place where it named none. */
function ofWaiting(item: Item, key: string, sk: string, { from, hub }: Move): Relocated {
  const { rest: functionName, isOld } = withoutPlace(key, from);
  const due = bodyOf<{ readonly message: object }>(item) ?? { message: {} };
  const moved = { ...item, ...keyOf(dueUnder(hub, functionName), sk), ...withBody({ ...due, message: placed(due.message, from) }) };
  return { kept: 'waiting', item: moved, isOlderThanPlaces: isOld };
}

/** A message whose order names its place: one of a version that served one place does not, and a hub would take it for its own. */
export function placed(message: object, { account, region }: NamedPlace): object {
  const order = at(message, 'order');
  const isPlaced = order === undefined || at(order, 'place') !== undefined;
  return isPlaced ? message : { ...message, order: { ...Object(order), place: { account, region } } };
}
