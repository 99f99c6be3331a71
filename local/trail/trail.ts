import type { AwsCall } from '../emulator/aws-call.ts';
import { at, isObject, type Json, type JsonObject, listAt, stringAt } from '../json.ts';
import { type Caller, callerArn } from './identity.ts';
import type { TrailRecord } from './record.ts';

interface Entry {
  readonly record: TrailRecord;
  readonly username: string;
  /** Ids and ARNs anywhere in the record, by which `ResourceName` finds it. */
  readonly names: ReadonlySet<string>;
}

/** The event history of the local account: what `LookupEvents` searches. */
export class Trail {
  readonly #entries: Entry[] = [];

  /** Remembers a record. */
  add(record: TrailRecord, caller: Caller): void {
    const username = caller.kind === 'user' ? caller.name : (callerArn(caller).split('/').at(-1) ?? '');
    this.#entries.push({
      record,
      username,
      names: new Set(strings([record['requestParameters'] ?? null, record['responseElements'] ?? null, record['resources'] ?? null])),
    });
  }

  /** Every record, oldest first. */
  records(): TrailRecord[] {
    return this.#entries.map(({ record }) => record);
  }

  /** Answers CloudTrail's LookupEvents: newest first, at most 50 a page. */
  lookup({ account, region, json }: AwsCall): JsonObject {
    const attribute = listAt(json, 'LookupAttributes')[0];
    const [start, end] = [seconds(json['StartTime']) ?? 0, seconds(json['EndTime']) ?? Number.POSITIVE_INFINITY];
    const found = this.#entries
      .filter(({ record }) => record.awsRegion === region && record.recipientAccountId === account)
      .filter(({ record }) => Date.parse(record.eventTime) / 1000 >= Math.floor(start) && Date.parse(record.eventTime) / 1000 <= end)
      .filter((entry) => matches(entry, stringAt(attribute, 'AttributeKey'), stringAt(attribute, 'AttributeValue') ?? ''))
      .reverse();
    const from = Number(stringAt(json, 'NextToken') ?? 0);
    const size = Math.min(Number(at(json, 'MaxResults') ?? 50), 50);
    const events = found.slice(from, from + size).map(describe);
    return found.length > from + size ? { Events: events, NextToken: String(from + size) } : { Events: events };
  }
}

function matches({ record, username, names }: Entry, key: string | undefined, value: string): boolean {
  switch (key) {
    case undefined:
      return true;
    case 'EventName':
      return record.eventName === value;
    case 'EventId':
      return record.eventID === value;
    case 'EventSource':
      return record.eventSource === value;
    case 'ReadOnly':
      return String(record.readOnly) === value;
    case 'Username':
      return username === value;
    case 'AccessKeyId':
      return stringAt(record, 'userIdentity', 'accessKeyId') === value;
    case 'ResourceName':
      return names.has(value);
    default:
      return false;
  }
}

function describe({ record, username, names }: Entry): JsonObject {
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    AccessKeyId: stringAt(record, 'userIdentity', 'accessKeyId') ?? '',
    EventTime: Date.parse(record.eventTime) / 1000,
    EventSource: record.eventSource,
    Username: username,
    Resources: [...names].filter((name) => /^(vol|snap|ami|i|lt)-[0-9a-f]{8,}$|^arn:/.test(name)).map((name) => ({ ResourceName: name })),
    CloudTrailEvent: JSON.stringify(record),
  };
}

function seconds(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Date.parse(value) / 1000 : undefined;
}

function strings(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? Object.values(value).flatMap(strings) : [];
}
