import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject, listAt } from '../../local/json.ts';

const known = ['$schema', '$id', 'title', 'description', 'type', 'properties', 'required', 'items', 'const', 'enum', 'anyOf'];

/** Where a value breaks a JSON Schema, in words; a keyword that this small validator does not know is an error. */
export function schemaErrors(schema: Json, value: Json | undefined, path = '$'): string[] {
  if (!isObject(schema)) return [`${path}: the schema is no object`];
  const strange = Object.keys(schema).filter((keyword) => !known.includes(keyword));
  if (strange.length > 0) throw new Error(`${path}: this validator does not know ${strange.join(', ')}`);
  const { const: constant, enum: choices, anyOf, type } = schema;
  const errors: string[] = [];
  if ('const' in schema && !isDeepStrictEqual(value, constant)) errors.push(`${path}: not ${JSON.stringify(constant)}`);
  if (Array.isArray(choices) && !choices.some((one) => isDeepStrictEqual(one, value))) errors.push(`${path}: not in the enum`);
  if (Array.isArray(anyOf) && !anyOf.some((one) => schemaErrors(one, value, path).length === 0)) errors.push(`${path}: in no branch`);
  if (typeof type === 'string' && type !== typeOf(value)) return [...errors, `${path}: not of type ${type}`];
  if (isObject(value)) errors.push(...memberErrors(schema, value, path));
  if (Array.isArray(value) && 'items' in schema)
    errors.push(...value.flatMap((one, at) => schemaErrors(schema['items'] ?? {}, one, `${path}[${at}]`)));
  return errors;
}

function memberErrors(schema: JsonObject, value: JsonObject, path: string): string[] {
  const missing = listAt(schema, 'required').filter((key) => typeof key !== 'string' || !(key in value));
  const properties = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).filter(([key]) => key in value);
  return [
    ...missing.map((key) => `${path}.${String(key)}: missing`),
    ...properties.flatMap(([key, one]) => schemaErrors(one, value[key], `${path}.${key}`)),
  ];
}

function typeOf(value: Json | undefined): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
