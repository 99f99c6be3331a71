import { shapeOf } from '#shared/aws/actions.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import type { AwsCommand, Loader, Reader } from '#shared/control/types.ts';
import { loadSdk, type SdkClient } from '../sdk.ts';
import { ScaffoldError } from './error.ts';
import { elementOf, formOf, memberLike, type Operation, operationsOf, type Structure, structureOf } from './shapes.ts';

/** A place in an answer, such as `['Reservations', 0, 'Instances', 0]`. */
export type Place = readonly (string | number)[];

/** A call that a kind makes when it is asked, and where its answer shows the resource. */
export interface Read {
  readonly client: SdkClient;
  readonly operation: Operation;
  /** Where the whole item stands. */
  readonly item?: Place;
  /** Where only its id stands. */
  readonly id?: Place;
}

/** What a kind reads, and what its items are. */
export interface Probe {
  readonly reads: readonly Read[];
  readonly item: Structure;
  readonly client: SdkClient;
  /** The item's members that can hold its id. */
  readonly ids: readonly string[];
  /** The one of them that the kind finds it by. */
  readonly id: string | undefined;
}

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };

/**
 * Asks a kind for one resource, and answers its calls as the SDK's schema says, so that a test's world can do the same. Undefined if
 * the kind makes its items of more than one answer, so that none of the SDK's structures is one.
 */
export async function probe(root: string, kind: AnyKind, id: string, clients: readonly SdkClient[]): Promise<Probe | undefined> {
  const names = idNames(kind.type);
  const { read, calls, structures } = answering(root, clients, names, id);
  const item: unknown = (await kind.items.load([id], read)).get(id);
  const structure = typeof item === 'object' && item !== null ? structures.get(item) : undefined;
  const source = calls.find(({ answer }) => placeOf(answer, (one) => one === item));
  if (!structure || !source) return undefined;
  await kind.list(read, place);
  const listed = calls.length;
  await kind.live([id], read);
  const isItem = (one: unknown) => typeof one === 'object' && one !== null && structures.get(one)?.name === structure.name;
  const listing = (await Promise.all(names.map(async (name) => ((await isListedBy(name)) ? [name] : [])))).flat();
  const reads = calls.map(({ client, operation, answer }, n): Read => {
    const whole = placeOf(answer, isItem);
    // what is asked besides shows no resource of the kind
    const only = whole || n >= listed ? undefined : idIn(answer, id, listing);
    return { client, operation, ...(whole && { item: whole }), ...(only && { id: only }) };
  });
  const distinct = [...new Map(reads.toReversed().map((one) => [one.operation.name, one])).values()].toReversed();
  const members = [...structure.members.keys()];
  const ids = names.flatMap((name) => members.filter((member) => member.toLowerCase() === name));
  const found = await Promise.all(ids.map(async (member) => ((await isFoundBy(member)) ? [member] : [])));
  return { reads: distinct, item: structure, client: source.client, ids, id: found.flat()[0] };

  async function isFoundBy(member: string): Promise<boolean> {
    const only = answering(root, clients, [member.toLowerCase()], id);
    return (await kind.items.load([id], only.read)).has(id);
  }

  /** Whether the kind lists it where only members of this name hold its id: an element may have an ARN beside the name that the kind takes. */
  async function isListedBy(name: string): Promise<boolean> {
    return JSON.stringify(await kind.list(answering(root, clients, [name], id).read, place)).includes(JSON.stringify(id));
  }
}

/** A reader that answers every call as the SDK's schema says, with the id wherever one of these names stands. */
function answering(root: string, clients: readonly SdkClient[], names: readonly string[], id: string) {
  const calls: { readonly client: SdkClient; readonly operation: Operation; readonly answer: object }[] = [];
  const structures = new WeakMap<object, Structure>();
  const call = async (command: AwsCommand): Promise<never> => {
    const { client, operation } = await calledBy(root, clients, command);
    const answer = filled(operation.output, names, id, 4, structures);
    calls.push({ client, operation, answer });
    // the command's type is known to its sender only
    return answer as never;
  };
  const read: Reader = Object.assign(call, {
    many: async <Value>(loader: Loader<Value>, ids: readonly string[]) =>
      ids.length === 0 ? new Map<string, Value>() : loader.load(ids, read),
  });
  return { read, calls, structures };
}

/** The operation that a command is of, with its client; throws `ScaffoldError` where package.json has none. */
export async function calledBy(
  root: string,
  clients: readonly SdkClient[],
  command: AwsCommand,
): Promise<{ readonly client: SdkClient; readonly operation: Operation }> {
  const { service, operation: name } = shapeOf(command);
  const client = clients.find((one) => one.service === service);
  const operation = client && operationsOf(await loadSdk(root, client.package)).get(name);
  if (!client || !operation)
    throw new ScaffoldError(`the kind calls ${service}:${name}, and package.json has no client of it: add it first`);
  return { client, operation };
}

/** How the calls of a type may name its id, in small letters. */
function idNames(type: string): string[] {
  const name = type.split('::').at(-1) ?? '';
  const last = /[A-Z][a-z]+$/.exec(name)?.[0] ?? name;
  const own = ['Id', 'Identifier', 'Name', 'Url', 'Arn'].flatMap((end) => [`${name}${end}`, end]);
  return [...new Set([...own, `${last}Id`, `${last}Arn`].map((one) => one.toLowerCase()))];
}

/** An answer in which every id is the one, every list holds one element, and all else is left out. */
function filled(structure: Structure, names: readonly string[], id: string, depth: number, structures: WeakMap<object, Structure>): object {
  const entries = [...structure.members].flatMap(([member, schema]): [string, unknown][] => {
    const form = formOf(schema);
    // a token would never let a list end
    if (form === 'string') return names.includes(member.toLowerCase()) ? [[member, id]] : [];
    if (depth === 0) return [];
    const inner = structureOf(schema);
    if (inner) return [[member, filled(inner, names, id, depth - 1, structures)]];
    const element = elementOf(schema);
    const each = structureOf(element);
    if (each) return [[member, [filled(each, names, id, depth - 1, structures)]]];
    return formOf(element) === 'string' ? [[member, [id]]] : [];
  });
  const made = Object.fromEntries(entries);
  structures.set(made, structure);
  return made;
}

function placeOf(value: unknown, isIt: (one: unknown) => boolean): Place | undefined {
  if (isIt(value)) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const rest = placeOf(inner, isIt);
    if (rest) return [Array.isArray(value) ? Number(key) : key, ...rest];
  }
  return undefined;
}

/** Where a list of an answer shows an id: as its element, or in a member of one that has one of these names, in small letters. */
function idIn(value: unknown, id: string, names: readonly string[], depth = 2): Place | undefined {
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) {
      if (inner[0] === id) return [key, 0];
      const member = Object.entries(Object(inner[0])).find(([key, one]) => one === id && names.includes(key.toLowerCase()));
      if (member) return [key, 0, member[0]];
    }
    const rest = Array.isArray(inner) ? undefined : idIn(inner, id, names, depth - 1);
    if (rest) return [key, ...rest];
  }
  return undefined;
}

/** The member of an item that its Name tag stands in; undefined if the item shows no tags with keys and values. */
export function tagsMember(item: Structure): string | undefined {
  const member = memberLike(item, 'Tags');
  const tag = member === undefined ? undefined : structureOf(elementOf(item.members.get(member)));
  return tag?.members.has('Key') && tag.members.has('Value') ? member : undefined;
}
