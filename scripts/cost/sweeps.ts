import { PLACES_AT_ONCE } from '#shared/engine/hub/sweeps.ts';
import counted from '../../bench/sweeps.json' with { type: 'json' };
import { type Item, item } from './prices.ts';
import { assumed, DAYS, HOURS, MEMORY } from './stack.ts';

/** An organization, as far as its size is what costs. */
export interface Organization {
  readonly accounts: number;
  /** Regions of each account. */
  readonly regions: number;
  /** Regions of each account in which something runs. */
  readonly inUse: number;
  /** Volumes in each of these, which stand for all that runs there. */
  readonly volumes: number;
}

/** The sizes that the page shows. */
export const organizations: readonly Organization[] = [1, 100, 1000].map((accounts) => ({ accounts, regions: 20, inUse: 3, volumes: 100 }));

/** What looks at one Region call, as the bench counted it. */
interface Calls {
  readonly functions: number;
  readonly reads: number;
  readonly ledgerReads: number;
  /** What DynamoDB bills for these: a call reads many keys. */
  readonly ledgerUnits: number;
  readonly ledgerWrites: number;
  /** Notes that a control found nothing, which a hub then writes. */
  readonly notes?: number;
}

/** Looks that are alike. */
interface Looks {
  /** In a month. */
  readonly times: number;
  /** Regions of each account that one of these times is about. */
  readonly regions: number;
  readonly calls: Calls;
}

const WEEKS = DAYS / 7;
const { choosing, daily, dailyEmpty, dailyInUse, hourly, hourlyHome, hourlyInUse } = counted;
/** What a hub sends where nothing is passed by: a control that judges one Region alone is in no other's message. */
const dailyOnce: Calls = { ...daily, functions: choosing.daily.messages };
const hourlyOnce: Calls = { ...hourly, functions: choosing.hourly.messages };

/** What the sweeps of a day call in a Region with so many volumes. */
export function callsInUse({ volumes }: Organization): Calls {
  const more = (name: 'reads' | 'ledgerReads' | 'ledgerUnits' | 'ledgerWrites') =>
    daily[name] + ((dailyInUse[name] - daily[name]) * volumes) / counted.volumes;
  return {
    functions: dailyOnce.functions,
    reads: more('reads'),
    ledgerReads: more('ledgerReads'),
    ledgerUnits: more('ledgerUnits'),
    ledgerWrites: more('ledgerWrites'),
  };
}

function everywhere(one: Organization): readonly Looks[] {
  return [
    { times: HOURS, regions: one.regions, calls: hourlyOnce },
    { times: DAYS, regions: one.inUse, calls: callsInUse(one) },
    { times: DAYS, regions: one.regions - one.inUse, calls: dailyOnce },
  ];
}

function sparing(one: Organization): readonly Looks[] {
  return [
    { times: HOURS, regions: 1, calls: hourlyHome },
    { times: HOURS, regions: one.inUse, calls: hourlyInUse },
    { times: DAYS, regions: one.inUse, calls: callsInUse(one) },
    { times: WEEKS, regions: one.regions, calls: { ...hourlyOnce, notes: hourly.nothing } },
    { times: WEEKS, regions: one.regions - one.inUse, calls: { ...dailyOnce, notes: daily.nothing } },
    { times: DAYS - WEEKS, regions: one.regions - one.inUse, calls: dailyEmpty },
  ];
}

/** When members are looked at: everywhere, if no place were passed by, and as the hub does it. */
export const schedules = { everywhere, sparing } as const;

/** What is assumed of a hub that sweeps, because it cannot be measured without accounts; on the high side. */
export const assumedOfHub = {
  /** Messages of one invocation: a hub sends four places a second, and Lambda waits for a second. */
  messagesAtOnce: 4,
  /** Environments of a function, each with a session of its own for an account. */
  environments: 5,
  /** Records of CloudTrail about a session: one in the hub, one in the member. */
  recordsOfSession: 2,
  /** Bytes of a note, with what DynamoDB adds to each item. */
  noteBytes: 300,
  /** Notes that one call reads, and messages that one call sends. */
  notesOfCall: 100,
  messagesOfCall: 10,
} as const;

/** What sweeps of a month cost: in the hub, and what they add to the bills of the members. */
export interface SweepCost {
  readonly hub: readonly Item[];
  readonly guardDuty: readonly Item[];
  /** For each copy of the trail after the first. */
  readonly copy: readonly Item[];
}

/** What a hub reads before it sends, to choose where to look: once a schedule, in parts of many places. */
function choices(schedule: keyof typeof schedules, { accounts, regions }: Organization, messages: number) {
  const { daily: day, hourly: hour, dailyHome, hourlyHome: hourHome } = choosing;
  const each = (of: 'notes' | 'units') =>
    DAYS * ((regions - 1) * day[of] + dailyHome[of]) + HOURS * ((regions - 1) * hour[of] + hourHome[of]);
  // if no place were passed by, nothing would say so
  const places = schedule === 'everywhere' ? 0 : accounts;
  return {
    parts: Math.ceil((accounts * regions) / PLACES_AT_ONCE) * (DAYS * day.functions + HOURS * hour.functions),
    notes: places * each('notes') + messages * day.notesOfMessage,
    units: places * each('units') + messages * day.unitsOfMessage,
    // and each function keeps of each place that its rules are there
    kept: regions * (places * (day.notes + hour.notes) + accounts * day.functions),
  };
}

/** The cost of sweeps that look so often. */
export function costOfSweeps(schedule: keyof typeof schedules, organization: Organization): SweepCost {
  const looks = schedules[schedule](organization);
  const sum = (of: (one: Calls) => number) =>
    looks.reduce((all, { times, regions, calls }) => all + organization.accounts * times * regions * of(calls), 0);
  const messages = sum(({ functions }) => functions);
  const { parts, notes, units, kept } = choices(schedule, organization, messages);
  const runs = messages / assumedOfHub.messagesAtOnce;
  const reads = sum((calls) => calls.reads);
  const ledgerReads = sum((calls) => calls.ledgerReads);
  const ledgerWrites = sum((calls) => calls.ledgerWrites);
  const written = sum((calls) => calls.notes ?? 0);
  const sessions = looks.reduce(
    (all, { times, regions, calls }) =>
      all + organization.accounts * times * calls.functions * Math.min(regions, assumedOfHub.environments),
    0,
  );
  const sending = notes / assumedOfHub.notesOfCall + messages / assumedOfHub.messagesOfCall;
  const calls = reads + ledgerReads + ledgerWrites + written + sessions + sending;
  const records = reads + sessions * assumedOfHub.recordsOfSession;
  return {
    hub: [
      // sent in tens, received and deleted with each invocation; a part has a message of its own
      item('Messages of sweeps', messages / assumedOfHub.messagesOfCall + 2 * runs + 3 * parts, 'requests', 'fairRequest'),
      item('Runs of functions', runs + parts, 'requests', 'lambdaRequest'),
      item('Their time', (calls * assumed.callSeconds + parts * assumed.coldSeconds) * MEMORY, 'GB-seconds', 'armSecond'),
      // each part also asks who has joined
      item('Notes of where there is nothing, read', units + parts, 'reads', 'tableRead'),
      item('Notes, written', written, 'writes', 'tableWrite'),
      item('Notes, kept', (kept * assumedOfHub.noteBytes) / 1e9, 'GB', 'tableGbMonth'),
      item('Their continuous backup', (kept * assumedOfHub.noteBytes) / 1e9, 'GB', 'backupGbMonth'),
      item(
        'Reads of the ledger',
        sum(({ ledgerUnits }) => ledgerUnits),
        'reads',
        'tableRead',
      ),
      // a lease is taken and given back: the item is less than 1 KB
      item('Leases in the ledger', ledgerWrites, 'writes', 'tableWrite'),
      item('Logs', ((messages + runs + parts) * assumed.logBytes) / 1e9, 'GB', 'logGb'),
    ],
    guardDuty: [item('Calls and sessions, for GuardDuty', records, 'events', 'guardDutyEvent')],
    copy: [item('Calls and sessions, in a second copy of the trail', records, 'events', 'trailEvent')],
  };
}
