import { commandOf } from '../sdk.ts';

/** A structure of the SDK's schema: its members' own schemas by name. */
export interface Structure {
  readonly name: string;
  readonly members: ReadonlyMap<string, unknown>;
  /** The members without which a call is refused. */
  readonly required: readonly string[];
}

/** An operation of a service, as the SDK's schema says it. */
export interface Operation {
  /** Such as `DescribeVolumes`. */
  readonly name: string;
  readonly input: Structure;
  readonly output: Structure;
}

/** What a schema is of, as far as a scaffold has to know. */
export type Form = 'string' | 'number' | 'boolean' | 'date' | 'list' | 'map' | 'structure' | 'other';

const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const forms: { readonly [code: number]: Form } = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'date', 5: 'date', 6: 'date', 7: 'date' };

/** The operations of an SDK package by name; members are read where they are asked for. */
export function operationsOf(module: object): ReadonlyMap<string, Operation> {
  const found = Object.keys(module).flatMap((exported): [string, Operation][] => {
    const command = commandOf(module, exported);
    const schema: unknown = command && Reflect.get(command, 'schema');
    if (!Array.isArray(schema) || typeof schema[2] !== 'string') return [];
    const [, , name, , input, output] = schema;
    return [[name, { name, input: structureOf(input) ?? none, output: structureOf(output) ?? none }]];
  });
  return new Map(found);
}

/** The structure that a schema stands for; undefined if it is none. */
export function structureOf(schema: unknown): Structure | undefined {
  const shape = plain(schema);
  if (!Array.isArray(shape) || shape[0] !== STRUCTURE) return undefined;
  const [, , name, , names, schemas, required = 0] = shape;
  if (!Array.isArray(names) || !Array.isArray(schemas)) return undefined;
  return {
    name: String(name),
    members: new Map(names.map((one: string, n) => [one, schemas[n]])),
    // the required ones come first
    required: names.slice(0, Number(required)),
  };
}

/** What a schema is of. */
export function formOf(schema: unknown): Form {
  const shape = plain(schema);
  if (typeof shape === 'number') return shape >= 128 ? 'map' : shape >= 64 ? 'list' : (forms[shape] ?? 'other');
  if (!Array.isArray(shape)) return 'other';
  if (shape[0] === LIST) return 'list';
  if (shape[0] === MAP) return 'map';
  if (shape[0] === STRUCTURE) return 'structure';
  // a simple type with traits, such as a sensitive string
  return shape[0] === 0 ? formOf(shape[4]) : 'other';
}

/** The schema of a list's elements. */
export function elementOf(schema: unknown): unknown {
  const shape = plain(schema);
  if (typeof shape === 'number') return shape >= 64 && shape < 128 ? shape - 64 : undefined;
  return Array.isArray(shape) && shape[0] === LIST ? shape[4] : undefined;
}

/** The member of a structure by its name, whatever its case. */
export function memberLike(structure: Structure, ...names: readonly string[]): string | undefined {
  const members = [...structure.members.keys()];
  return names.map((name) => members.find((member) => member.toLowerCase() === name.toLowerCase())).find((member) => member !== undefined);
}

/** The structure at a path, through lists as if they were their elements. */
export function inside(structure: Structure, first?: string, ...rest: readonly string[]): Structure | undefined {
  if (first === undefined) return structure;
  const schema = structure.members.get(first);
  const inner = structureOf(schema) ?? structureOf(elementOf(schema));
  return inner && inside(inner, ...rest);
}

const none: Structure = { name: '', members: new Map(), required: [] };

// a schema can stand behind a function, and a member with traits is `[schema, traits]`
function plain(schema: unknown): unknown {
  const inner: unknown = typeof schema === 'function' ? schema() : schema;
  return Array.isArray(inner) && inner.length === 2 ? plain(inner[0]) : inner;
}
