/** A JSON object that is yet to be looked into. */
export interface JsonObject {
  [key: string]: Json;
}

/** Any value of JSON. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, or undefined. */
export function at(value: unknown, ...path: readonly string[]): Json | undefined {
  let here = value as Json | undefined;
  for (const key of path) here = isObject(here) ? here[key] : undefined;
  return here;
}

/** The string at a path of keys, or undefined. */
export function stringAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The list at a path of keys; a lone value is a list of one, nothing an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): Json[] {
  const found = at(value, ...path);
  if (found === undefined || found === '') return [];
  return Array.isArray(found) ? found : [found];
}

/** Parses JSON; undefined where it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Leaves out the keys that have no value. */
export function compact(entries: { readonly [key: string]: Json | undefined }): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) object[key] = value;
  return object;
}
