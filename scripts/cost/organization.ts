import counted from '../../bench/sweeps.json' with { type: 'json' };
import { type Item, item, total } from './prices.ts';
import type { Shape } from './shape.ts';
import { aMillion, callsOf, DAYS, HOURS, idle, outcomes } from './stack.ts';
import { callsInUse, costOfSweeps, type Organization, type schedules } from './sweeps.ts';

/** A month of an organization in which nothing is wrong, in USD. */
export interface Bill {
  readonly idle: number;
  readonly sweeps: number;
  /** What the calls of sweeps add, where GuardDuty is on. */
  readonly guardDuty: number;
  /** What they add for each copy of the trail after the first. */
  readonly copy: number;
}

/** One stack that serves all members. */
export function hubBill(stack: Shape, organization: Organization, schedule: keyof typeof schedules): Bill {
  const { hub, guardDuty, copy } = costOfSweeps(schedule, organization);
  return { idle: resting(stack), sweeps: total(hub), guardDuty: total(guardDuty), copy: total(copy) };
}

/** A stack in each account and Region. */
export function standaloneBill(stack: Shape, organization: Organization): Bill {
  const { accounts, regions, inUse } = organization;
  const { daily, hourly } = counted;
  const places = accounts * regions;
  const more = (of: 'ledgerUnits' | 'ledgerWrites') => accounts * inUse * DAYS * (callsInUse(organization)[of] - daily[of]);
  const reads = places * (DAYS * daily.reads + HOURS * hourly.reads);
  return {
    idle: places * resting(stack),
    sweeps:
      places * (total(idle(stack)) - resting(stack)) +
      total([
        // each case is asked for under its key of before keys named a place, too
        item('Cases, asked for', 2 * more('ledgerUnits'), 'reads', 'tableRead'),
        item('Leases', more('ledgerWrites'), 'writes', 'tableWrite'),
      ]),
    guardDuty: total([item('Calls', reads, 'events', 'guardDutyEvent')]),
    copy: total([item('Calls', reads, 'events', 'trailEvent')]),
  };
}

/** What a stack costs that does not sweep. */
function resting(stack: Shape): number {
  return total(idle({ ...stack, daily: 0, hourly: 0, dailyRuns: 0, hourlyRuns: 0 }));
}

const MILLION = 1e6;
/** Creations that come together. */
const SIZE = 10;

/** A million creations in members, and what GuardDuty takes for the calls about them; a call that writes has a session of its own. */
export function aMillionInHub(): readonly {
  readonly title: string;
  readonly items: readonly Item[];
  readonly guardDuty: readonly Item[];
}[] {
  return aMillion(SIZE).map(({ title, items }, at) => {
    const { scenario } = outcomes[at] ?? { scenario: '' };
    const { read, write } = callsOf(scenario, SIZE);
    const records = (MILLION / SIZE) * (read + write * 3);
    return {
      title,
      items: [item('Events that members forward', MILLION, 'events', 'busEvent'), ...items],
      guardDuty: [item('Calls and sessions', records, 'events', 'guardDutyEvent')],
    };
  });
}
