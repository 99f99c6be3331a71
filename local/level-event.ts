import { isObject, type Json, type JsonObject, parseJson } from './json.ts';

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
  return { ...kept, account: kept['account'] ?? account, time: isoTime(kept['time']) };
}

function isoTime(time: Json | undefined): Json {
  const seconds = typeof time === 'number' ? time : typeof time === 'string' && /^\d+(\.\d+)?$/.test(time) ? Number(time) : undefined;
  return seconds === undefined ? (time ?? null) : new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');
}
