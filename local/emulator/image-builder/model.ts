import { readFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '../../json.ts';

/** A shape of the service model, as far as anything here looks at it. */
export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: { readonly [name: string]: { readonly shape: string; readonly location?: string; readonly locationName?: string } };
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly error?: { readonly httpStatusCode: number };
}

/** How an operation is called, and the shapes of what is sent and answered. */
interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input: string;
  readonly output: string;
}

interface Model {
  readonly operations: { readonly [name: string]: Operation };
  readonly shapes: { readonly [name: string]: Shape };
}

/** The part of AWS's own model of the service that the local cloud speaks; `model.py` writes it. */
export const model = JSON.parse(readFileSync(new URL('./model.json', import.meta.url), 'utf8')) as Model;

/** A shape by its name; throws where the model has none. */
export function shapeOf(name: string | undefined): Shape {
  const shape = model.shapes[name ?? ''];
  if (shape === undefined) throw new Error(`the model of Image Builder has no shape ${name}`);
  return shape;
}

/** The operation that a request calls, with its members from the path, the query and the body together. */
export function readImageBuilder(method: string, url: URL, body: JsonObject): { action: string; json: JsonObject } {
  for (const [action, { http, input }] of Object.entries(model.operations)) {
    const [fixed = ''] = http.requestUri.split('{');
    const rest = url.pathname.slice(fixed.length);
    if (http.method !== method || !url.pathname.startsWith(fixed) || (rest === '') !== (fixed === http.requestUri)) continue;
    const json: JsonObject = { ...body };
    for (const [name, { location, locationName = name, shape }] of Object.entries(shapeOf(input).members ?? {})) {
      if (location === 'uri') json[name] = decodeURIComponent(rest);
      const given = location === 'querystring' ? url.searchParams.getAll(locationName) : [];
      if (given.length > 0) json[name] = shapeOf(shape).type === 'list' ? given : (given[0] ?? '');
    }
    return { action, json };
  }
  // what is not in the model has its name as its path too
  return { action: url.pathname.slice(1), json: body };
}

/** An object with the members that a structure has, and no others. */
export function only(structure: string, object: JsonObject): JsonObject {
  const members = Object.keys(shapeOf(structure).members ?? {});
  return Object.fromEntries(members.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]])));
}

/** What the model has against an input, in the words of the service; undefined where it is well formed. */
export function problemOf(shape: string, value: Json, path = ''): string | undefined {
  const { type, required = [], members = {}, member, key, value: inner, min, max, pattern, enum: values } = shapeOf(shape);
  const wrong = (why: string) => `The value supplied for parameter '${path}' is not valid. ${why}`;
  const first = (problems: Iterable<string | undefined>) => [...problems].find((problem) => problem !== undefined);
  const sized = (size: number) =>
    size < (min ?? size)
      ? wrong(`${path} must have at least ${min}.`)
      : size > (max ?? size)
        ? wrong(`${path} must have at most ${max}.`)
        : undefined;
  switch (type) {
    case 'structure': {
      if (!isObject(value)) return wrong(`${path} must be an object.`);
      const at = (name: string) => (path === '' ? name : `${path}.${name}`);
      const missing = required.find((name) => value[name] === undefined);
      if (missing !== undefined) return `The value supplied for parameter '${at(missing)}' is not valid. ${at(missing)} is required.`;
      return first(
        Object.entries(members).map(([name, { shape }]) =>
          value[name] === undefined ? undefined : problemOf(shape, value[name], at(name)),
        ),
      );
    }
    case 'list':
      if (!Array.isArray(value)) return wrong(`${path} must be a list.`);
      return sized(value.length) ?? first(value.map((one, n) => problemOf(member?.shape ?? '', one, `${path}[${n}]`)));
    case 'map':
      if (!isObject(value)) return wrong(`${path} must be a map.`);
      return (
        sized(Object.keys(value).length) ??
        first(
          Object.entries(value).flatMap(([name, one]) => [
            problemOf(key?.shape ?? '', name, path),
            problemOf(inner?.shape ?? '', one, `${path}.${name}`),
          ]),
        )
      );
    case 'string':
      if (typeof value !== 'string') return wrong(`${path} must be a string.`);
      if (values !== undefined && !values.includes(value)) return wrong(`${path} must be one of [${values.join(', ')}].`);
      // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2439 has these words
      if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) return wrong(`${path} must match pattern ${pattern}`);
      return sized(value.length);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrong(`${path} must be a boolean.`);
    default:
      return typeof value === 'number'
        ? inRange(value, min, max)
          ? undefined
          : wrong(`${path} must be between ${min} and ${max}.`)
        : wrong(`${path} must be a number.`);
  }
}

function inRange(value: number, min = value, max = value): boolean {
  return value >= min && value <= max;
}
