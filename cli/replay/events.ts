import { recordTypes } from '#shared/control/detail-types.ts';
import type { Json } from '#shared/control/types.ts';
import { isThing } from '#shared/replay/filters.ts';
import type { Thing } from '#shared/replay/matcher.ts';
import { scanObject, unscanned } from './record-scan.ts';

/** An event as EventBridge would have put it on the default bus. */
export interface BusEvent {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Thing;
}

/** What one object of a file is: an event, a record that EventBridge gives to no rule, or neither. */
export type Read = { readonly is: 'event'; readonly event: BusEvent } | { readonly is: 'undelivered' } | { readonly is: 'other' };

const SOURCE = '.amazonaws.com';

/** What the names of calls that only read begin with. */
export const readVerbs = ['Get', 'List', 'Describe'] as const;
/** Calls that only read reach no rule; these of STS do. */
export const delivered: readonly string[] = ['GetFederationToken', 'GetSessionToken'];

/**
 * Whether a call of this name only reads, so that EventBridge gives it to no rule of the state `ENABLED`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function isReadName(name: string): boolean {
  return readVerbs.some((verb) => name.startsWith(verb)) && !delivered.includes(name);
}

/** What happened: the name of the call, or the type of the event. */
export function nameOf({ detail, ...event }: BusEvent): string {
  const { eventName } = detail;
  return typeof eventName === 'string' ? eventName : event['detail-type'];
}

/** The objects that a parsed one holds: of a file's own object or list its records, else itself. */
export function objectsIn(value: unknown, isOwn: boolean): readonly unknown[] {
  if (isOwn && Array.isArray(value)) return value;
  if (!isOwn || typeof value !== 'object' || value === null) return [value];
  const own = (key: string): unknown => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined);
  const records = own('Records');
  if (Array.isArray(records)) return records;
  // `aws cloudtrail lookup-events` has a list of its own
  const events = typeof own('eventName') === 'string' ? undefined : own('Events');
  return Array.isArray(events) ? events : [value];
}

/** What a parsed object is. */
export function readObject(value: unknown): Read {
  // whatever was parsed is JSON
  const thing = isThing(value as Json) ? (value as Thing) : undefined;
  if (!thing) return { is: 'other' };
  if (typeof own(thing, 'eventName') === 'string') return readRecord(thing);
  const inner = own(thing, 'CloudTrailEvent');
  if (typeof inner === 'string') return readInner(inner);
  const detail = own(thing, 'detail');
  if (!isThing(detail)) return { is: 'other' };
  const [id, account, region, time, source, type] = ['id', 'account', 'region', 'time', 'source', 'detail-type'].map((key) =>
    own(thing, key),
  );
  const resources = own(thing, 'resources');
  if (![id, account, region, time, source, type].every((one) => typeof one === 'string')) return { is: 'other' };
  const names = Array.isArray(resources) ? resources.filter((one) => typeof one === 'string') : [];
  const event = { id, account, region, time, source, 'detail-type': type, resources: names, detail };
  return { is: 'event', event: event as BusEvent };
}

/** A record as EventBridge delivers it, under the service's name. */
function readRecord(record: Thing): Read {
  const [name, source, time] = ['eventName', 'eventSource', 'eventTime'].map((key) => own(record, key));
  if (typeof name !== 'string' || typeof source !== 'string' || typeof time !== 'string') return { is: 'other' };
  const type = Object.values(recordTypes).find(({ eventType }) => eventType === (own(record, 'eventType') ?? 'AwsApiCall'));
  if (!type || (type.eventType === 'AwsApiCall' && isReadName(name))) return { is: 'undelivered' };
  const identity = own(record, 'userIdentity');
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  return {
    is: 'event',
    event: {
      id: text(own(record, 'eventID')),
      // older records do not say whose they are
      account: text(own(record, 'recipientAccountId') ?? (isThing(identity) ? own(identity, 'accountId') : undefined)),
      region: text(own(record, 'awsRegion')),
      time,
      source: `aws.${source.endsWith(SOURCE) ? source.slice(0, -SOURCE.length) : source}`,
      'detail-type': type.spellings[0],
      resources: [],
      detail: record,
    },
  };
}

/** A record that stands as text in another object, where the scan of that object did not see how deep it is. */
function readInner(text: string): Read {
  if (isTooDeep(text)) return { is: 'other' };
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'eventName' in value ? readObject(value) : { is: 'other' };
  } catch {
    return { is: 'other' };
  }
}

/** Whether the first object in a text is nested deeper than anybody nests a record. */
export function isTooDeep(text: string): boolean {
  const bytes = Buffer.from(text);
  return scanObject(bytes, bytes.indexOf('{') + 1, 1, false, unscanned()).isTooDeep;
}

function own(thing: Thing, key: string): Json | undefined {
  return Object.hasOwn(thing, key) ? thing[key] : undefined;
}
