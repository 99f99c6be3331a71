import type { AnyKind } from '#shared/control/kind.ts';
import { pluralOf } from './scaffold/names.ts';
import { elementOf, type Operation, type Structure, structureOf } from './scaffold/shapes.ts';

/** How deep a request or an answer is searched: an EC2 fleet's block devices stand in the third structure. */
const DEPTH = 3;
const reading = /^(Describe|Get|List|Lookup|Search|BatchGet)/;
/** Calls that tag whatever they name. */
const tagging = /Tags$|TagsToResource$|TagsFromResource$|^(Tag|Untag)Resource$/;

/** What is known of a kind before it is one: its type, and what names its calls beside the id. */
export type Sought = Pick<AnyKind, 'type' | 'shownBy'>;

/**
 * The calls of a service that can make or change resources of a type: all that do not only read, and have the type in their name, or
 * its id in their request or answer. By the SDK's schema, so that a call that is new to the SDK is among them.
 */
export function changingCalls(operations: ReadonlyMap<string, Operation>, { type, shownBy = [] }: Sought): string[] {
  const name = type.split('::').at(-1) ?? '';
  const ids = ['Id', 'Ids', 'Name', 'Names', 'Arn', 'Arns'].map((end) => `${name}${end}`);
  const isOfIt = new RegExp(`${name}(?![a-z])|${pluralOf(name)}(?![a-z])`);
  return [...operations.values()]
    .filter((one) => !reading.test(one.name))
    .filter((one) => isOfIt.test(one.name) || tagging.test(one.name) || shows(one, [...ids, ...shownBy]))
    .map((one) => one.name)
    .sort();
}

/** The calls that change a setting, by the words of the calls that read it. */
export function settingCalls(operations: ReadonlyMap<string, Operation>, readCalls: readonly string[]): string[] {
  const subjects = readCalls.map((name) => name.replace(reading, '').replace(/(State|Status|Configuration)$/, ''));
  return [...operations.keys()].filter((name) => !reading.test(name) && subjects.some((subject) => name.includes(subject))).sort();
}

function shows({ input, output }: Operation, members: readonly string[]): boolean {
  return [input, output].some((one) => has(one, members, DEPTH));
}

function has(structure: Structure, members: readonly string[], depth: number): boolean {
  return [...structure.members].some(([member, schema]) => {
    if (members.includes(member)) return true;
    const inner = structureOf(schema) ?? structureOf(elementOf(schema));
    return inner !== undefined && depth > 1 && has(inner, members, depth - 1);
  });
}
