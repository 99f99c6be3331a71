import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';

/** Under this key an array travels through moto as text, beside what its rules look for. */
const ARRAY = '[]';

/**
 * A record in which moto's rules find fields of objects in arrays, as EventBridge does: each such array becomes an object
 * of the values of each field. `levelBody` puts the arrays back.
 */
export function findable(value: Json): Json {
  if (Array.isArray(value)) return value.some(isObject) ? { ...merged(value), [ARRAY]: JSON.stringify(value) } : value;
  return isObject(value) ? mapValues(value, findable) : value;
}

function merged(list: readonly Json[]): JsonObject {
  const fields: { [key: string]: Json[] } = {};
  for (const [key, child] of list.filter(isObject).flatMap(Object.entries<Json>)) fields[key] = [...(fields[key] ?? []), ...[child].flat()];
  return Object.fromEntries(
    Object.entries(fields).map(([key, values]): [string, Json] => [key, values.some(isObject) ? merged(values) : values]),
  );
}

/** A message body in which every EventBridge event is as AWS would have put it there. */
export function levelBody(body: string, account: string): string {
  const message = parseJson(body);
  if (!isObject(message)) return body;
  const event = message['event'];
  const leveled = isObject(event) ? { ...message, event: levelEvent(event, account) } : levelEvent(message, account);
  return JSON.stringify(leveled);
}

// moto hands the time on as seconds since the epoch, and leaves the account out where a target has no transformer.
function levelEvent(event: JsonObject, account: string): JsonObject {
  if (!('detail-type' in event)) return event;
  const { 'ingestion-time': _, ...kept } = event;
  return { ...kept, account: kept['account'] ?? account, time: isoTime(kept['time']), detail: withArrays(kept['detail'] ?? null) };
}

function withArrays(value: Json): Json {
  if (!isObject(value)) return value;
  const text = value[ARRAY];
  return typeof text === 'string' ? (parseJson(text) ?? null) : mapValues(value, withArrays);
}

function mapValues(value: JsonObject, change: (inner: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child)]));
}

function isoTime(time: Json | undefined): Json {
  const seconds = typeof time === 'number' ? time : typeof time === 'string' && /^\d+(\.\d+)?$/.test(time) ? Number(time) : undefined;
  return seconds === undefined ? (time ?? null) : new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');
}
