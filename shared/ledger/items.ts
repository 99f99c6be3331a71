import type { Place, Target } from '#shared/control/control.ts';
import type { Item } from './dynamo.ts';
import { dayOfFinding } from './ledger.ts';

/** An account and Region, as events, orders, findings and items name them. */
export type NamedPlace = Pick<Place, 'account' | 'region'>;

/** The same text for the same place; what belongs to it carries this in its key. */
export function placeKey({ account, region }: NamedPlace): string {
  return `${account}#${region}`;
}

/** With which the partition keys of each kind of item begin. */
export const CASES = 'CASE#';
export const FINDINGS = 'FINDINGS#';
export const EXEMPTIONS = 'EXEMPT#';
export const DUE = 'DUE#';
const DONE = 'DONE#';
/** Under which all kill switches stand. */
export const PAUSED = 'SWITCH';

/** Under which the places stand that joined a hub by themselves. */
export const JOINED = 'JOINED';

/** The item of such a place. */
export function joinedKey(place: NamedPlace): Item {
  return keyOf(JOINED, placeKey(place));
}

/** The item of the kill switch: one for everything, and of a hub one for each part that is paused. */
export function pauseKey(scope = ''): Item {
  return keyOf(PAUSED, scope === '' ? 'PAUSE' : `PAUSE#${scope}`);
}

/** The key of the note that a hub has taken over what a stack alone kept of a place. */
export function adoptedKey(place: NamedPlace): Item {
  return keyOf(`ADOPTED#${placeKey(place)}`, 'ADOPTED');
}

/** The key of a name that only one may take, wherever. */
export function claimKey(name: string): Item {
  return keyOf(`CLAIM#${name}`, 'CLAIM');
}

/** The key of the row that says that something is done; `key` names the place where it depends on one. */
export function doneKey(key: string): Item {
  return keyOf(`${DONE}${key}`, 'DONE');
}

/** Under which the messages stand that wait for a function. */
export function dueUnder(place: NamedPlace, functionName: string): string {
  return `${DUE}${placeKey(place)}#${functionName}`;
}

/** The keys of what belongs to one place. */
export type Keys = ReturnType<typeof keysUnder>;

/**
 * The keys of one account and Region. Each begins with what a function's role may write: the controls of the function, or its name
 * where one row may be about any of them. IAM compares the partition key alone, so neither may stand in the sort key.
 */
export function keysOf(place: NamedPlace, functionName: string): Keys {
  return keysUnder(`${placeKey(place)}#`, `${functionName}#`);
}

/**
 * The keys of a member of a hub. A hub's roles name every place by a wildcard, which before the control would also stand for the name of
 * a resource of another control, and that is its maker's choice: so the place of a case comes behind the control.
 */
export function keysOfMember(place: NamedPlace, functionName: string): Keys {
  return keysUnder(`${placeKey(place)}#`, `${functionName}#`, (control) => `${casesOf(control)}${placeKey(place)}#`);
}

/** The keys of the time before findings named a function. */
export function keysWithoutFunction(place: NamedPlace): Keys {
  return keysUnder(`${placeKey(place)}#`, '');
}

/** The keys of the time before they named a place. */
export const keysWithoutPlace: Keys = keysUnder('', '');

const olderThanPlaces = ['auto-scaling-groups', 'instances', 'launch-templates', 'parameters', 'volumes'].map((name) => `redress-${name}`);

/** Whether a function, by its whole name, may have items of the time before keys named a place. */
export function isOlderThanPlaces(functionName: string): boolean {
  return olderThanPlaces.includes(functionName);
}

/**
 * The partition keys that a function's role may write, for `StringLike`: those of its controls, and what it alone keeps; in a hub those
 * of every member too. IAM takes 10,240 characters for all policies of a role.
 */
export function writableBy(place: NamedPlace, functionName: string, controls: readonly string[], isHub = false): string[] {
  const keys = keysOf(place, functionName);
  // only in a case's key stands what somebody else may choose
  const everywhere = isHub ? keysUnder('*#', `${functionName}#`) : keys;
  const hasOld = isOlderThanPlaces(functionName);
  return [
    ...controls.flatMap((control) => [
      `${keys.cases(control)}*`,
      everywhere.exempt(control),
      ...(hasOld || isHub ? [`${casesOf(control)}*`] : []),
      ...(hasOld ? [keysWithoutPlace.exempt(control)] : []),
      everywhere.windows(`${control}#*`),
    ]),
    everywhere.findings('*'),
    dueUnder(place, functionName),
  ];
}

/** The index of the cases with an open finding, and the attribute that only those have: the place and control that they are of. */
export const OPEN_INDEX = 'open';
export const OPEN_UNDER = 'openUnder';
/** When a case was last given back, in milliseconds. */
export const LOOKED_AT = 'lookedAt';

/** The index of a hub's findings by day, whichever their place, and the attribute that only those have. */
export const FINDINGS_INDEX = 'findings';
export const FOUND_ON = 'foundOn';

/** What stands in that attribute for cases of these controls, in a hub for `StringLike`. */
export function openUnder(place: NamedPlace, controls: readonly string[], isHub = false): string[] {
  return controls.map((isHub ? keysUnder('*#', '') : keysOf(place, '')).open);
}

/** The partition keys that every function's role may read besides: the pause, and what versions before kept for all functions. */
export const readableByAll: readonly string[] = [PAUSED, `${FINDINGS}*`, `${DONE}*`];

function keysUnder(place: string, owner: string, cases = (control: string) => `${CASES}${place}${control}#`) {
  const findings = (day = '') => `${FINDINGS}${place}${owner}${day}`;
  const windows = (name: string) => `WINDOW#${place}${name}`;
  const exempt = (control: string) => `${EXEMPTIONS}${place}${control}`;
  return {
    /** With which the keys of a control's cases begin. */
    cases,
    /** The item of a case. */
    case: (control: string, { type, id }: Pick<Target, 'type' | 'id'>) => keyOf(`${cases(control)}${type}#${id}`, 'CASE'),
    /** What a case of a control has in the attribute `OPEN_UNDER` while its finding is open. */
    open: (control: string) => `${place}${control}`,
    /** The resource of a case of a control. */
    targetIn: (control: string, pk: string): Target => {
      const [type = '', ...id] = pk.slice(cases(control).length).split('#');
      return { type, id: id.join('#') };
    },
    /** Who sent an order first: among the cases, as it is of one control. */
    receipt: (control: string, order: string) => keyOf(`${cases(control)}ORDER#${order}`, 'RECEIPT'),
    /** That a control's sweep found nothing in a place: among its cases. */
    nothing: (control: string) => keyOf(`${cases(control)}SWEEP`, 'NOTHING'),
    /** That the rules of a member are in a place: among the function's findings, which it alone writes. */
    served: () => keyOf(findings('RULES'), 'SERVED'),
    /** The key under which a message is done, for `doneKey`. */
    done: (key: string) => `${place}${key}`,
    /** Under which the findings of a day stand. */
    findings,
    finding: (id: string) => keyOf(findings(dayOfFinding(id)), id),
    /** Under which the resources stand that are exempt from a control. */
    exempt,
    exemption: (control: string, { type, id }: Target) => keyOf(exempt(control), `${type}#${id}`),
    /** Under which a window stands; its name begins with its control. */
    windows,
    /** How many fixes were made of those of a window. */
    window: (name: string) => keyOf(windows(name), 'WINDOW'),
  };
}

/** With which the keys of a control's cases begin where they name no place before it. */
function casesOf(control: string): string {
  return `${CASES}${control}#`;
}

/** A key of the table. */
export function keyOf(pk: string, sk: string): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
