import type { History, HistoryEvent, Lookup } from '#shared/aws/history.ts';
import { isByFunction } from '#shared/aws/ours.ts';
import type { Context, Reader } from '#shared/control/control.ts';
import { at, type CloudTrailRecord, listAt, stringAt } from '#shared/control/record.ts';
import { isAbove, namesOf } from './names.ts';

/** Who read a parameter, or a path above it, without decryption, as far as CloudTrail's event history tells. */
export type Readers =
  | { readonly is: 'none'; readonly days: number }
  | { readonly is: 'some'; readonly days: number; readonly who: readonly string[] }
  | { readonly is: 'unknown'; readonly days: number; readonly why: string };

/** How far back, in days, and how many pages of 50 events for each question. */
export interface Bounds {
  readonly readerDays: number;
  readonly readerPages: number;
}

/** The calls that name parameters; GetParametersByPath names a path, and no parameter's history holds it. */
const BY_NAME = ['GetParameter', 'GetParameters'];
const BY_PATH = 'GetParametersByPath';
const DAY = 86_400_000;

/**
 * Asks CloudTrail's event history who read a parameter without decryption; only `none` makes a conversion safe.
 * First by call, which answers for a whole batch. Where others read so much that this does not show all, by the parameter itself,
 * so that nobody can hide the answer by reading something else.
 */
export async function readersOf(name: string, bounds: Bounds, read: Reader, context: Context): Promise<Readers> {
  // most parameters are right, and nobody asks about those
  const { histories, idOf } = await import('#shared/aws/history.ts');
  const { readerDays: days, readerPages: pages } = bounds;
  // whole hours, so that every parameter of the batch asks the same
  const start = Math.floor((context.now.getTime() - days * DAY) / 3_600_000) * 3_600_000;
  const ask = async (...lookups: Pick<Lookup, 'key' | 'value'>[]): Promise<History[]> => {
    const ids = lookups.map((one) => idOf({ ...one, start, pages }));
    const found = await read.many(histories, ids);
    return ids.map((id) => found.get(id) ?? { events: [], isPostponed: true });
  };
  const whoIn = (of: readonly History[]) => of.flatMap(({ events }) => events.flatMap(({ record }) => readerOf(record, name, context)));
  const byCall = await ask(...[...BY_NAME, BY_PATH].map((value) => ({ key: 'EventName', value }) as const));
  const [partial, missing] = [byCall.slice(0, BY_NAME.length).filter((one) => one.missing), byCall.find((one) => one.missing)?.missing];
  const first = whoIn(byCall);
  if (first.length > 0) return some(first, days);
  if (missing === undefined) return { is: 'none', days };
  const names = partial.map(({ events }) => resourceNameOf(name, events, context));
  const isAskable = byCall.at(-1)?.missing === undefined && names.every((one) => one !== undefined);
  if (!isAskable) return { is: 'unknown', days, why: missing };
  const values = [...new Set(names)].flatMap((one) => one ?? []);
  const byParameter = await ask(...values.map((value) => ({ key: 'ResourceName', value }) as const));
  // the next round asks for it
  if (byParameter.some(({ isPostponed }) => isPostponed)) throw new Postponed('others of the batch are looked up first');
  const who = whoIn(byParameter);
  if (who.length > 0) return some(who, days);
  const more = byParameter.find((one) => one.missing)?.missing;
  return more === undefined ? { is: 'none', days } : { is: 'unknown', days, why: more };
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

/** LookupEvents takes two calls a second: the case waits as if AWS had throttled it. */
class Postponed extends Error {
  override readonly name = 'ThrottlingException';
}

function some(who: readonly string[], days: number): Readers {
  return { is: 'some', days, who: [...new Set(who)].sort() };
}

/**
 * The name by which CloudTrail finds the reads of a parameter: its ARN, or its name.
 * [U] Which it is, and whether reads have one, is not documented: it is taken from the events at hand, and undefined where none shows
 * what it asked for, or one that asked for this very parameter does not.
 */
function resourceNameOf(name: string, events: readonly HistoryEvent[], { partition, region, account }: Context): string | undefined {
  const shown = events
    .filter(({ record }) => !record.errorCode)
    .map(({ record, resources }) => {
      const asked = askedIn(record).map(namesOf);
      const shownAs = asked.map((one) =>
        resources.find((resource) => isExact(resource) && namesOf(resource).some((each) => one.includes(each))),
      );
      return { isOfThis: asked.some((one) => one.includes(name)), shownAs };
    });
  if (shown.some(({ isOfThis, shownAs }) => isOfThis && shownAs.includes(undefined))) return undefined;
  const sample = shown.flatMap(({ shownAs }) => shownAs).find((one) => one !== undefined);
  if (sample === undefined) return undefined;
  return sample.startsWith('arn:') ? `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}` : name;
}

/** Whether a resource's name has no version or label behind it: a lookup by the bare name would miss one that has. */
function isExact(resource: string): boolean {
  return !resource.replace(/^arn:(?:[^:]*:){4}/, '').includes(':');
}

function askedIn({ requestParameters: request }: CloudTrailRecord): string[] {
  return [stringAt(request, 'name'), ...listAt(request, 'names')].filter((one) => typeof one === 'string');
}

/** Who read the parameter as plaintext, by a record, as an ARN. */
function readerOf(record: CloudTrailRecord, name: string, context: Context): string[] {
  const request = record.requestParameters;
  // a failed read gave nothing; an absent `withDecryption` means false
  if (record.errorCode || String(at(request, 'withDecryption')) === 'true') return [];
  // by resource name come writes and descriptions too
  if (![...BY_NAME, BY_PATH].includes(record.eventName)) return [];
  const path = stringAt(request, 'path');
  // recursive or not: who reads a path above is near enough for a person to look
  if (!askedIn(record).some((one) => namesOf(one).includes(name)) && !(path && isAbove(path, name))) return [];
  const identity = record.userIdentity;
  const arn = stringAt(identity, 'sessionContext', 'sessionIssuer', 'arn') ?? identity?.arn ?? identity?.invokedBy ?? 'an unknown caller';
  return isByFunction(arn, 'parameters', context) === 'yes' ? [] : [arn];
}
