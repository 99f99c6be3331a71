import { ec2Namespace } from '../emulator/ec2-xml.ts';
import { compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../json.ts';

// CloudTrail writes EC2's older calls flat (lowerCamel, lists as `xxxSet.items`), its newer ones as XML turned into
// JSON under a wrapper named for the call, and those of JSON services as they are, with a lower first letter.

/** Puts `TagSpecification.1.Tag.1.Key` and its like into objects; a numbered list becomes an array. */
export function nest(query: ReadonlyMap<string, string>): JsonObject {
  const root: JsonObject = {};
  for (const [name, value] of query) {
    if (name === 'Action' || name === 'Version' || name === 'DryRun' || name.startsWith('X-Amz-')) continue;
    const path = name.split('.').filter((part) => part !== 'member');
    let here = root;
    for (const key of path.slice(0, -1)) {
      const next = here[key];
      const child = isObject(next) ? next : {};
      here[key] = child;
      here = child;
    }
    const last = path.at(-1);
    if (last !== undefined) here[last] = value;
  }
  return asLists(root) as JsonObject;
}

function asLists(value: Json): Json {
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => asLists(value[key] ?? null));
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, asLists(child)]));
}

/** Makes the first letter of every key small. */
export function lowerFirst(value: Json): Json {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key.charAt(0).toLowerCase() + key.slice(1), lowerFirst(child)]));
}

// Only these are numbers in flat records: sizes are strings there, and so are account ids.
const numbers = new Set(
  'iops throughput code amiLaunchIndex deviceIndex networkCardIndex httpPutResponseHopLimit coreCount threadsPerCore minCount maxCount fromPort toPort'.split(
    ' ',
  ),
);
const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A value in flat style: real booleans, times in milliseconds, lists under `items`. */
export function flat(value: Json, key = ''): Json {
  if (Array.isArray(value)) return { items: value.map((one) => flat(one)) };
  if (isObject(value)) {
    const { item, ...others } = value;
    if (item !== undefined && Object.keys(others).length === 0)
      return { items: (Array.isArray(item) ? item : [item]).map((one) => flat(one)) };
    const entries = Object.entries(value).filter(([name, child]) => child !== '' || /(Set|Mapping|Codes)$/.test(name));
    return Object.fromEntries(
      entries.map(([name, child]) => [name === 'return' ? '_return' : name, child === '' ? {} : flat(child, name)]),
    );
  }
  if (typeof value !== 'string' || key === 'key' || key === 'value') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (numbers.has(key) && /^-?\d+$/.test(value)) return Number(value);
  return time.test(value) ? Date.parse(value) : value;
}

/** A request in wrapped style: names as on the wire, entries of lists with their number as `tag`, a lone one bare. */
export function wrappedRequest(action: string, request: JsonObject): JsonObject {
  const inner = Object.keys(request).length === 0 ? '' : coerce(numbered(request));
  return { [`${action}Request`]: inner };
}

function numbered(value: Json): Json {
  if (Array.isArray(value)) {
    const entries = value.map((one, index) =>
      isObject(one) ? { ...(numbered(one) as JsonObject), tag: index + 1 } : { content: one, tag: index + 1 },
    );
    return entries.length === 1 ? (entries[0] ?? '') : entries;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, numbered(child)]));
}

/** An answer in wrapped style: XML turned into JSON, with its lists under `item`. */
export function wrappedResponse(action: string, answer: JsonObject, requestId: string): JsonObject {
  return { [`${action}Response`]: { ...(coerce(answer) as JsonObject), xmlns: ec2Namespace, requestId } };
}

function coerce(value: Json): Json {
  if (Array.isArray(value)) return value.map(coerce);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, coerce(child)]));
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/** The tags that a creation gives, as flat records write them. */
export function tagSpecifications(list: Json | undefined): JsonObject {
  if (list === undefined) return {};
  const items = listAt(list).map((one) =>
    compact({ resourceType: stringAt(one, 'ResourceType'), tags: listAt(one, 'Tag').map(lowerFirst) }),
  );
  return { tagSpecificationSet: { items } };
}
