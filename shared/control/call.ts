import { actorOf, viaOf } from './actor.ts';
import { type AnyControl, type Definition, defineControl, type Entries, type ValuesOf } from './control.ts';
import { arnOf, type Kind } from './kind.ts';
import type { CloudTrailRecord } from './record.ts';
import type { Json, Severity, Trigger } from './types.ts';

/** What a finding about calls is about: a caller, on one day. */
export const CALLER = 'AWS::::Caller';

/** What has to be said of calls that are worth a finding by themselves. */
export interface CallProps extends Pick<Kind, 'noun' | 'plural' | 'recordedIn'> {
  readonly eventSource: string;
  readonly eventNames: readonly string[];
  readonly where?: NonNullable<Trigger['where']>;
  /** What kind of record it is, such as a sign-in; absent means a call. */
  readonly detailType?: NonNullable<Trigger['detailType']>;
}

/**
 * A kind of call: there is no resource to read, so the record is all that is known. The calls of one caller on one day are one
 * finding with a count, which is closed a day after it was opened.
 */
export function callKind({ noun, plural, recordedIn, eventSource, eventNames, where, detailType }: CallProps): Kind {
  const calls = (names: readonly string[]): Trigger => ({ eventSource, eventNames: names, ...(detailType && { detailType }) });
  return {
    is: 'call',
    type: CALLER,
    noun,
    plural,
    securityHub: 'Other',
    console: '/cloudtrailv2/home?region={region}#/events',
    isGlobal: false,
    ...(recordedIn && { recordedIn }),
    created: [{ ...calls(eventNames), ...(where && { where }) }],
    reads: [],
    items: { name: noun, max: 1, load: async () => new Map() },
    arnOf: (id, place) => (id.startsWith('arn:') ? dayless(id) : arnOf('arn:{partition}:iam::{account}:root', id, place)),
    calls: (...names) => calls(names),
    example: () => ({ eventSource, eventName: eventNames[0] ?? '', requestParameters: null, responseElements: null }),
    idsIn: () => [],
    targets: (record) => [{ type: CALLER, id: idOf(record) }],
    list: async () => ({ items: [] }),
    live: async () => new Map(),
  };
}

/** What an author says of a control of calls. */
export interface CallDefinition<Facts extends { readonly [key: string]: Json }, Settings extends Entries>
  extends Pick<
    Definition<unknown, Facts, Facts, Json, Settings, Record<never, never>>,
    'id' | 'title' | 'why' | 'references' | 'settings' | 'common' | 'isIdle' | 'iac' | 'prevention' | 'judge'
  > {
  readonly severity: Severity;
  /** Absent means `observe`. */
  readonly defaultMode?: 'off' | 'observe';
  readonly triggers?: readonly Trigger[];
  /** What of the record is kept and judged, as an allow-list; undefined for a call that is not worth a finding under the settings. */
  factsOf(record: CloudTrailRecord, settings: ValuesOf<Settings> | undefined): Facts | undefined;
}

/** Makes a control that reports calls, and can do nothing else. */
export function defineCall<Facts extends { readonly [key: string]: Json }, Settings extends Entries = Record<never, never>>(
  kind: Kind,
  { factsOf, triggers = kind.created, defaultMode = 'observe', ...definition }: CallDefinition<Facts, Settings>,
): AnyControl {
  return defineControl<unknown, Facts, Json, Facts & { readonly via: string }, Settings>(kind, {
    ...definition,
    triggers,
    remediation: 'Reports only; changes nothing.',
    defaultMode,
    maxMode: 'observe',
    targets: (record, place) => {
      const facts = factsOf(record, place.settings);
      return facts ? kind.targets(record, place).map((target) => ({ ...target, hint: { ...facts, via: viaOf(record) } })) : [];
    },
    // the record is over when it is judged: what it said was kept with the case
    inspect: async (targets) => new Map(targets.flatMap(({ id, hint }): [string, Facts][] => (hint === undefined ? [] : [[id, hint]]))),
    before: () => null,
  });
}

function idOf(record: CloudTrailRecord): string {
  const { arn, name } = actorOf(record);
  return `${arn ?? name} on ${/^\d{4}-\d{2}-\d{2}/.exec(record.eventTime)?.[0] ?? 'an unknown day'}`;
}

function dayless(id: string): string {
  const end = id.lastIndexOf(' on ');
  return end < 0 ? id : id.slice(0, end);
}
