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
  readonly ledgerWrites: number;
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
const { daily, dailyEmpty, dailyInUse, hourly, trails } = counted;

/** What the sweeps of a day call in a Region with so many volumes. */
export function callsInUse({ volumes }: Organization): Calls {
  const more = (name: 'reads' | 'ledgerReads' | 'ledgerWrites') =>
    daily[name] + ((dailyInUse[name] - daily[name]) * volumes) / counted.volumes;
  return { functions: daily.functions, reads: more('reads'), ledgerReads: more('ledgerReads'), ledgerWrites: more('ledgerWrites') };
}

/** The same with the sweeps that are hourly otherwise. */
function withHourly({ functions, reads, ledgerReads, ledgerWrites }: Calls): Calls {
  return {
    functions,
    reads: reads + hourly.reads,
    ledgerReads: ledgerReads + hourly.ledgerReads,
    ledgerWrites: ledgerWrites + hourly.ledgerWrites,
  };
}

function everywhere(one: Organization): readonly Looks[] {
  return [
    { times: HOURS, regions: one.regions, calls: hourly },
    { times: DAYS, regions: one.inUse, calls: callsInUse(one) },
    { times: DAYS, regions: one.regions - one.inUse, calls: daily },
  ];
}

function sparing(one: Organization): readonly Looks[] {
  return [
    { times: HOURS, regions: 1, calls: trails },
    { times: DAYS, regions: one.inUse, calls: withHourly(callsInUse(one)) },
    { times: WEEKS, regions: one.regions - one.inUse, calls: withHourly(daily) },
    { times: DAYS - WEEKS, regions: one.regions - one.inUse, calls: dailyEmpty },
  ];
}

/** When members are looked at: everywhere, if no place were passed by; as the hub does it; and so without a lease on what is right. */
export const schedules = {
  everywhere,
  sparing,
  unleased: (one: Organization) => sparing(one).map((looks) => ({ ...looks, calls: { ...looks.calls, ledgerWrites: 0 } })),
} as const;

/** What is assumed of a hub that sweeps, because it cannot be measured without accounts; on the high side. */
export const assumedOfHub = {
  /** Messages of one invocation: a hub sends four places a second, and Lambda waits for a second. */
  messagesAtOnce: 4,
  /** Environments of a function, each with a session of its own for an account. */
  environments: 5,
  /** Records of CloudTrail about a session: one in the hub, one in the member. */
  recordsOfSession: 2,
} as const;

/** What sweeps of a month cost: in the hub, and what they add to the bills of the members. */
export interface SweepCost {
  readonly hub: readonly Item[];
  readonly guardDuty: readonly Item[];
  /** For each copy of the trail after the first. */
  readonly copy: readonly Item[];
}

/** The cost of sweeps that look so often. */
export function costOfSweeps(schedule: keyof typeof schedules, organization: Organization): SweepCost {
  const looks = schedules[schedule](organization);
  const sum = (of: (one: Looks) => number) => looks.reduce((all, one) => all + organization.accounts * one.times * of(one), 0);
  const messages = sum(({ regions, calls }) => regions * calls.functions);
  const runs = messages / assumedOfHub.messagesAtOnce;
  const reads = sum(({ regions, calls }) => regions * calls.reads);
  const ledgerReads = sum(({ regions, calls }) => regions * calls.ledgerReads);
  const ledgerWrites = sum(({ regions, calls }) => regions * calls.ledgerWrites);
  const sessions = sum(({ regions, calls }) => calls.functions * Math.min(regions, assumedOfHub.environments));
  const seconds = (reads + ledgerReads + ledgerWrites + sessions) * assumed.callSeconds;
  const records = reads + sessions * assumedOfHub.recordsOfSession;
  return {
    hub: [
      // sent in tens, received and deleted with each invocation
      item('Messages of sweeps', messages / 10 + 2 * runs, 'requests', 'fairRequest'),
      item('Runs of functions', runs, 'requests', 'lambdaRequest'),
      item('Their time', seconds * MEMORY, 'GB-seconds', 'armSecond'),
      item('Reads of the ledger', ledgerReads, 'reads', 'tableRead'),
      // a lease is taken and given back: the item is less than 1 KB
      item('Leases in the ledger', ledgerWrites, 'writes', 'tableWrite'),
      item('Logs', ((messages + runs) * assumed.logBytes) / 1e9, 'GB', 'logGb'),
    ],
    guardDuty: [item('Calls and sessions, for GuardDuty', records, 'events', 'guardDutyEvent')],
    copy: [item('Calls and sessions, in a second copy of the trail', records, 'events', 'trailEvent')],
  };
}
