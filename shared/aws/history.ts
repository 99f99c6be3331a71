import { type LookupAttribute, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as v from 'valibot';
import type { Loader, Reader } from '#shared/control/control.ts';
import { type CloudTrailRecord, recordSchema } from '#shared/control/record.ts';
import { classify, errorText } from './errors.ts';
import { pace } from './pace.ts';

/** One event of CloudTrail's event history. */
export interface HistoryEvent {
  readonly record: CloudTrailRecord;
  /** The names by which CloudTrail finds it: `ResourceName` wants one of them exactly. */
  readonly resources: readonly string[];
}

/** What the event history holds about one thing. */
export interface History {
  readonly events: readonly HistoryEvent[];
  /** Why it is not all there is; undefined if it is. */
  readonly missing?: string;
  /** Whether it was not asked for, since others of the batch come first. */
  readonly isPostponed?: true;
}

/** What to look up: the value of an attribute, since when in milliseconds, and how many pages of 50 events at most. */
export interface Lookup {
  readonly key: 'EventName' | 'ResourceName';
  readonly value: string;
  readonly start: number;
  readonly pages: number;
}

/** LookupEvents takes two calls a second, in each account and Region. */
const BETWEEN_CALLS = 500;
/** So many resources a round asks for, about ten seconds; the others of a batch come again. */
const MOST_RESOURCES = 20;
let nextCall = 0;

/** Histories by `idOf` a lookup; a batch shares those of calls, and no more than some of those of resources are looked up at once. */
export const histories: Loader<History> = {
  name: 'event histories',
  max: 1000,
  load: async (ids, read) => {
    const found = new Map<string, History>();
    let resources = 0;
    for (const id of ids) {
      const lookup = lookupOf(id);
      if (lookup.key === 'ResourceName') resources += 1;
      found.set(id, resources > MOST_RESOURCES ? { events: [], isPostponed: true } : await historyFor(lookup, read));
    }
    return found;
  },
};

/** The id of a lookup for the loader. */
export function idOf({ key, value, start, pages }: Lookup): string {
  return `${key} ${start} ${pages} ${value}`;
}

function lookupOf(id: string): Lookup {
  const [key, start, pages, ...value] = id.split(' ');
  return { key: key === 'ResourceName' ? key : 'EventName', start: Number(start), pages: Number(pages), value: value.join(' ') };
}

async function historyFor({ key, value, start, pages }: Lookup, read: Reader): Promise<History> {
  const attribute: LookupAttribute = { AttributeKey: key, AttributeValue: value };
  const events: HistoryEvent[] = [];
  let token: string | undefined;
  try {
    for (let page = 0; page < pages; page += 1) {
      await untilAllowed();
      const answer = await read(
        new LookupEventsCommand({
          LookupAttributes: [attribute],
          StartTime: new Date(start),
          MaxResults: 50,
          ...(token && { NextToken: token }),
        }),
      );
      for (const { CloudTrailEvent, Resources = [] } of answer.Events ?? []) {
        const record = parse(CloudTrailEvent);
        if (!record) return { events, missing: `an event of ${value} cannot be read` };
        events.push({ record, resources: Resources.flatMap(({ ResourceName }) => ResourceName ?? []) });
      }
      token = answer.NextToken;
      if (!token) return { events };
    }
  } catch (error) {
    // throttling goes back to the queue; a denial is an answer
    if (classify(error) !== 'denied') throw error;
    return { events, missing: `Redress may not look it up (${errorText(error)})` };
  }
  return { events, missing: `there are more than ${pages * 50} events of ${value}` };
}

function parse(text: string | undefined): CloudTrailRecord | undefined {
  try {
    const result = v.safeParse(recordSchema, JSON.parse(text ?? ''));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

async function untilAllowed(): Promise<void> {
  const now = Date.now();
  const mine = Math.max(now, nextCall);
  nextCall = mine + BETWEEN_CALLS;
  if (mine > now) await pace.pause(mine - now);
}
