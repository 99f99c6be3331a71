import { loadSdk, type SdkClient } from '../sdk.ts';
import { tokensOf } from './declarations.ts';
import { ScaffoldError } from './error.ts';
import { lowerFirst, pluralOf } from './names.ts';
import { elementOf, formOf, memberLike, type Operation, operationsOf, type Structure, structureOf } from './shapes.ts';
import { type TagRead, tagReadOf } from './tag-read.ts';
import type { ResourceType } from './types.ts';

/** Where a list's elements stand in an answer, such as `['Buckets']`. */
type Path = readonly string[];

/** What the SDK shows of a type of resource: the calls that list, read and make it, and what they take and give. */
export interface Resource extends ResourceType {
  readonly client: SdkClient;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly list: {
    readonly operation: Operation;
    readonly path: Path;
    /** The members of its elements; undefined if they are ids only. */
    readonly element: Structure | undefined;
    /** How its pages name the next one; absent if it comes whole. */
    readonly tokens?: { readonly input: string; readonly output: string };
  };
  /** The call that reads one or several, the member that takes ids, and where an item, or their list, stands in the answer. */
  readonly get?: { readonly operation: Operation; readonly input: string; readonly path: Path; readonly isBatch: boolean };
  /** The member of a list's element that holds the id; undefined where the list is of ids. */
  readonly id: string | undefined;
  /** The item's or the request's name for the id, such as `TableName`. */
  readonly idName: string | undefined;
  readonly item: Structure;
  /** What makes one, and where a record of CloudTrail holds its id; undefined if no call looks like it. */
  readonly created: { readonly eventName: string; readonly path: string } | undefined;
  /** How its tags are read. */
  readonly tags: TagRead | undefined;
}

/** What the SDK shows of a type; throws `ScaffoldError` if it has no call that lists it. */
export async function resourceOf(root: string, found: ResourceType, client: SdkClient): Promise<Resource> {
  const operations = operationsOf(await loadSdk(root, client.package));
  const listing = listOf(found, operations);
  if (!listing) {
    throw new ScaffoldError(
      `${found.type}: ${client.package} has no call that lists it all (List…, Describe… or Get… with its plural). Copy the control that is nearest: docs/writing-a-control.md.`,
    );
  }
  const get = getOf(found, operations, listing.element);
  const inAnswer = get && itemIn(get);
  const item = inAnswer ?? listing.element;
  if (!item || (!inAnswer && get)) {
    throw new ScaffoldError(
      `${found.type}: neither ${listing.operation.name} nor a call that reads one shows more than the id. Copy the control that is nearest: docs/writing-a-control.md.`,
    );
  }
  const id = listing.element && idIn(found, listing.element, get?.input);
  if (listing.element && !id) {
    throw new ScaffoldError(`${found.type}: what ${listing.operation.name} answers has no id or name. Copy the control that is nearest.`);
  }
  // of a batch, the item's own name for the id
  const idName = id ?? (get?.isBatch ? idIn(found, item, undefined) : get?.input);
  const tokens = await tokensOf(root, client.package, listing.operation.name);
  return {
    ...found,
    client,
    operations,
    list: { ...listing, ...(tokens && { tokens }) },
    ...(get && { get }),
    id,
    idName,
    item,
    created: createdOf(found, operations, idName),
    tags: tagReadOf(found, operations, item, idName),
  };
}

function listOf({ name }: ResourceType, operations: ReadonlyMap<string, Operation>): Resource['list'] | undefined {
  const plural = pluralOf(name);
  const all = named(operations, ...['Describe', 'List', 'Get'].map((verb) => `${verb}${plural}`));
  const found = all.flatMap((operation) => {
    const path = operation.input.required.length === 0 ? listPathIn(operation.output, name) : undefined;
    return path ? [{ operation, path, element: structureOf(elementOf(schemaAt(operation.output, path))) }] : [];
  });
  // where one call lists ids, another of the plural describes those that it is given
  return found.find(({ element }) => element === undefined) ?? found[0];
}

/** The likeliest list of an answer: the one that is named after the type, else the first. */
function listPathIn(output: Structure, name: string): Path | undefined {
  const lists = [...output.members].flatMap(([member, schema]): string[][] => {
    if (formOf(schema) === 'list') return [[member]];
    const inner = structureOf(schema);
    return inner ? [...inner.members].flatMap(([key, its]) => (formOf(its) === 'list' ? [[member, key]] : [])) : [];
  });
  return lists.find((path) => path.at(-1)?.toLowerCase() === pluralOf(name).toLowerCase()) ?? lists[0];
}

function getOf({ name }: ResourceType, operations: ReadonlyMap<string, Operation>, element: Structure | undefined): Resource['get'] {
  for (const operation of named(operations, `Describe${name}`, `Get${name}`, `Get${name}Attributes`)) {
    const [input, ...more] = operation.input.required;
    if (!input || more.length > 0 || formOf(operation.input.members.get(input)) !== 'string') continue;
    const own = element && memberLike(element, input);
    // where the list does not show what the call takes, it takes the id under another name
    const id = own ?? (element && memberLike(element, `${name}Name`, 'Name', `${name}Id`, 'Id', 'Arn')) ?? input;
    const inner = [...operation.output.members].find(([, schema]) => {
      const structure = structureOf(schema);
      return structure !== undefined && memberLike(structure, id) !== undefined;
    });
    return { operation, input, path: inner && !memberLike(operation.output, id) ? [inner[0]] : [], isBatch: false };
  }
  return element ? undefined : batchOf(name, operations);
}

/** The call that describes those that it is given, such as ECS's DescribeClusters. */
function batchOf(name: string, operations: ReadonlyMap<string, Operation>): Resource['get'] {
  const plural = pluralOf(name);
  const [operation] = named(operations, `Describe${plural}`, `BatchGet${plural}`);
  const path = operation && listPathIn(operation.output, name);
  if (!operation || !path || !structureOf(elementOf(schemaAt(operation.output, path)))) return undefined;
  const takesIds = (schema: unknown) => formOf(schema) === 'list' && formOf(elementOf(schema)) === 'string';
  const lists = [...operation.input.members].filter(([, schema]) => takesIds(schema)).map(([member]) => member);
  const [input] = lists.toSorted((a, b) => Number(likeness(b, name)) - Number(likeness(a, name)));
  return input === undefined ? undefined : { operation, input, path, isBatch: true };
}

function likeness(member: string, name: string): boolean {
  return member.toLowerCase().startsWith(name.toLowerCase());
}

function itemIn({ operation, path, isBatch }: NonNullable<Resource['get']>): Structure | undefined {
  if (isBatch) return structureOf(elementOf(schemaAt(operation.output, path)));
  return path.length === 0 ? operation.output : structureOf(schemaAt(operation.output, path));
}

function idIn({ name }: ResourceType, element: Structure, input: string | undefined): string | undefined {
  const last = /[A-Z][a-z]+$/.exec(name)?.[0] ?? name;
  const likely = [`${name}Id`, `${name}Identifier`, `${name}Name`, `${last}Id`, 'Id', 'Name', `${name}Arn`, 'Arn'];
  return memberLike(element, ...(input ? [input] : []), ...likely);
}

function createdOf({ name }: ResourceType, operations: ReadonlyMap<string, Operation>, id = 'Id'): Resource['created'] {
  const [operation] = named(operations, ...['Create', 'Register', 'Put', 'Allocate'].map((verb) => `${verb}${name}`));
  if (!operation) return undefined;
  const eventName = operation.name;
  const path = pathTo(operation.output, [id], 3);
  if (path) return { eventName, path: ['responseElements', ...path.map(inRecord)].join('.') };
  const member = memberLike(operation.input, id, `${name}Name`, name, 'Name');
  return member === undefined ? undefined : { eventName, path: `requestParameters.${inRecord(member)}` };
}

/** A member as CloudTrail writes it; of S3's, only the bucket has another name. */
function inRecord(member: string): string {
  return member === 'Bucket' ? 'bucketName' : lowerFirst(member);
}

function pathTo(structure: Structure, names: readonly string[], depth: number): string[] | undefined {
  const here = memberLike(structure, ...names);
  if (here && formOf(structure.members.get(here)) === 'string') return [here];
  if (depth === 1) return undefined;
  for (const [member, schema] of structure.members) {
    const inner = structureOf(schema);
    const path = inner && pathTo(inner, names, depth - 1);
    if (path) return [member, ...path];
  }
  return undefined;
}

function schemaAt(structure: Structure, [first = '', ...rest]: Path): unknown {
  const schema = structure.members.get(first);
  const inner = structureOf(schema);
  return rest.length > 0 && inner ? schemaAt(inner, rest) : schema;
}

/** Operations by name, whatever its case: EC2 has AWS::EC2::VPC and CreateVpc. */
function named(operations: ReadonlyMap<string, Operation>, ...names: readonly string[]): Operation[] {
  const all = [...operations.values()];
  return names.flatMap((name) => all.filter((operation) => operation.name.toLowerCase() === name.toLowerCase()));
}
