import type { Thing } from '#shared/replay/matcher.ts';
import { objectsIn, readObject } from '../../../cli/replay/events.ts';
import { type Match, matchesOf, Reading, type Setup, type Unreadable } from '../../../cli/replay/reading.ts';
import { RuleBook } from '../../../cli/replay/rule-book.ts';
import { BOUNDS, type Bounds, Scanner } from '../../../cli/replay/scanner.ts';

/** What came of reading bytes. */
export interface ReadBytes {
  readonly matches: readonly Match[];
  readonly unreadable: readonly Unreadable[];
  readonly records: number;
  readonly parsed: number;
  readonly count: number;
}

/** A rule on calls of EC2 with these names. */
export function ruleOn(...eventName: string[]): { readonly control: string; readonly pattern: Thing } {
  return { control: 'control', pattern: { source: ['aws.ec2'], detail: { eventName } } };
}

/** What is read without any selection. */
export function setupOf(rules: Setup['rules'], isStrict = false): Setup {
  return { rules, selection: { isStrict } };
}

/** Reads bytes as a file of such chunks; the last chunk is what is left. */
export function readBytes(bytes: Buffer, setup: Setup, sizes: readonly number[] = [], bounds: Bounds = BOUNDS): ReadBytes {
  const reading = new Reading(setup);
  reading.begin('file');
  const scanner = new Scanner(reading, bounds);
  let at = 0;
  for (const size of sizes) {
    scanner.feed(bytes.subarray(at, at + size));
    at += size;
  }
  scanner.feed(bytes.subarray(at));
  scanner.end();
  const { records, parsed, unreadable } = reading.counts;
  const found = reading.collect();
  // as another thread would get them
  return { ...found, matches: matchesOf(found.matches), records, parsed, count: unreadable };
}

/** The matches of whole JSON, by parsing all of it. */
export function parseAll(text: string, { rules }: Setup): readonly Match[] {
  const book = new RuleBook(rules);
  return objectsIn(JSON.parse(text), true).flatMap((value): Match[] => {
    const read = readObject(value);
    if (read.is !== 'event') return [];
    const controls = book.controlsFor(read.event);
    return controls.length > 0 ? [{ event: read.event, controls }] : [];
  });
}

/** A record of EC2. */
export function ec2Record(eventName: string, more: object = {}): object {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/dana', accountId: '111122223333', userName: 'dana' },
    eventTime: '2027-01-30T12:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli/2',
    requestParameters: null,
    responseElements: null,
    eventID: `e-${eventName}`,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  };
}
