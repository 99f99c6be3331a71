import { setTimeout as sleep } from 'node:timers/promises';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as v from 'valibot';
import { classify, errorText } from '#shared/aws/errors.ts';
import type { Context, Loader, Reader } from '#shared/control/control.ts';
import { at, type CloudTrailRecord, listAt, recordSchema, stringAt } from '#shared/control/record.ts';
import { isAbove, madeByUs, namesOf } from './names.ts';

/** Who read a parameter, or a path above it, without decryption, as far as CloudTrail's event history tells. */
export type Readers =
  | { readonly is: 'none'; readonly days: number }
  | { readonly is: 'some'; readonly days: number; readonly who: readonly string[] }
  | { readonly is: 'unknown'; readonly days: number; readonly why: string };

/** How far back, in days, and how many pages of 50 events for each of the three calls. */
export interface Bounds {
  readonly readerDays: number;
  readonly readerPages: number;
}

interface History {
  readonly records: readonly CloudTrailRecord[];
  readonly missing: string | undefined;
}

const READS = ['GetParameter', 'GetParameters', 'GetParametersByPath'];
const DAY = 86_400_000;
/** LookupEvents takes two calls a second, in each account and Region. */
const BETWEEN_CALLS = 500;
let nextCall = 0;

/** One call's events of the time asked for; an id is `event start pages`, so that a whole batch shares them. */
const readsByCall: Loader<History> = {
  name: 'reads in the event history',
  max: READS.length,
  load: async (ids, read) => {
    const found = new Map<string, History>();
    for (const id of ids) found.set(id, await eventsOf(id, read));
    return found;
  },
};

/** Asks CloudTrail's event history who read a parameter without decryption; only `none` makes a conversion safe. */
export async function readersOf(name: string, bounds: Bounds, read: Reader, context: Context): Promise<Readers> {
  const { readerDays: days, readerPages } = bounds;
  // whole hours, so that every parameter of the batch asks the same
  const start = Math.floor((context.now.getTime() - days * DAY) / 3_600_000) * 3_600_000;
  const ids = READS.map((event) => `${event} ${start} ${readerPages}`);
  const histories = [...(await read.many(readsByCall, ids)).values()];
  const who = histories.flatMap(({ records }) => records.flatMap((record) => readerOf(record, name, context)));
  if (who.length > 0) return { is: 'some', days, who: [...new Set(who)].sort() };
  const missing = histories.find((one) => one.missing)?.missing;
  return missing ? { is: 'unknown', days, why: missing } : { is: 'none', days };
}

/** The answer in one sentence. */
export function sentenceOf(readers: Readers): string {
  const span = `in the last ${readers.days} days`;
  if (readers.is === 'none') return `Nobody read this without decryption ${span}.`;
  if (readers.is === 'unknown') return `Whether anybody read this without decryption ${span} is unknown: ${readers.why}.`;
  const { who } = readers;
  const noun = who.every((one) => one.includes(':role/')) ? 'role' : 'principal';
  return `${who.length} ${noun}${who.length === 1 ? '' : 's'} read this without decryption ${span}; converting would give them ciphertext.`;
}

async function eventsOf(id: string, read: Reader): Promise<History> {
  const [event = '', start, pages] = id.split(' ');
  const records: CloudTrailRecord[] = [];
  let token: string | undefined;
  try {
    for (let page = 0; page < Number(pages); page += 1) {
      await untilAllowed();
      const answer = await read(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: event }],
          StartTime: new Date(Number(start)),
          MaxResults: 50,
          ...(token && { NextToken: token }),
        }),
      );
      for (const { CloudTrailEvent } of answer.Events ?? []) {
        const record = parse(CloudTrailEvent);
        if (!record) return { records, missing: `an event of ${event} cannot be read` };
        records.push(record);
      }
      token = answer.NextToken;
      if (!token) return { records, missing: undefined };
    }
  } catch (error) {
    // throttling goes back to the queue; a denial is an answer
    if (classify(error) !== 'denied') throw error;
    return { records, missing: `Redress may not look it up (${errorText(error)})` };
  }
  return { records, missing: `there are more than ${Number(pages) * 50} events of ${event}` };
}

/** Who read the parameter as plaintext, by a record, as an ARN. */
function readerOf(record: CloudTrailRecord, name: string, context: Context): string[] {
  const request = record.requestParameters;
  // a failed read gave nothing; an absent `withDecryption` means false
  if (record.errorCode || String(at(request, 'withDecryption')) === 'true') return [];
  const asked = [stringAt(request, 'name'), ...listAt(request, 'names')].filter((one) => typeof one === 'string');
  const path = stringAt(request, 'path');
  // recursive or not: who reads a path above is near enough for a person to look
  if (!asked.some((one) => namesOf(one).includes(name)) && !(path && isAbove(path, name))) return [];
  const identity = record.userIdentity;
  const arn = stringAt(identity, 'sessionContext', 'sessionIssuer', 'arn') ?? identity?.arn ?? identity?.invokedBy ?? 'an unknown caller';
  return madeByUs(arn, context) === 'yes' ? [] : [arn];
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
  if (mine > now) await sleep(mine - now);
}
