import {
  DescribeFleetsCommand,
  DescribeSpotFleetRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  type FleetData,
  type SpotFleetRequestConfig,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { classify } from '#shared/aws/errors.ts';
import { pages } from '#shared/aws/pages.ts';
import { madeWith } from '#shared/control/actor.ts';
import type { Permission, Place, Reader } from '#shared/control/control.ts';

/** What launches here besides groups, as far as Redress may look. */
export interface Fleets {
  readonly fleets: readonly FleetData[];
  readonly spotFleets: readonly SpotFleetRequestConfig[];
  /** Whether Spot Instances are asked for one by one. */
  readonly hasSpotRequests: boolean;
  /** The ARNs of the roles and users that asked for any of these. */
  readonly callers: readonly string[];
  /** The reads that were denied. */
  readonly unseen: readonly string[];
}

/** What it takes to know who launches from one template. */
export const fleetReads: readonly Permission[] = [
  { action: 'ec2:DescribeFleets' },
  { action: 'ec2:DescribeSpotFleetRequests' },
  { action: 'cloudtrail:LookupEvents' },
];

const DAY = 86_400_000;
/** As far as CloudTrail's event history goes back. */
const DAYS = 90;

/** Finds fleets and Spot requests; with the id and name of a template only what launches from it, which single requests do not show. */
export async function fleetsHere(read: Reader, place: Place & { readonly now: Date }, template?: readonly string[]): Promise<Fleets> {
  const isAbout = (asked: unknown) => !template || template.some((one) => JSON.stringify(asked ?? null).includes(JSON.stringify(one)));
  const [all, allOfSpot, requests] = await Promise.all([
    unlessDenied(fleetsIn(read)),
    unlessDenied(spotFleetsIn(read)),
    template ? [] : unlessDenied(spotRequestsIn(read)),
  ]);
  const spotFleets = (allOfSpot ?? []).filter((one) => isAlive(one) && isAbout(one));
  const hasSpotRequests = (requests ?? []).length > 0;
  // AWS shows no instant fleet, so that they show in the history alone; it takes two calls a second
  const asking = [
    'CreateFleet',
    ...(spotFleets.length > 0 ? ['RequestSpotFleet'] : []),
    ...(hasSpotRequests ? ['RequestSpotInstances'] : []),
  ];
  const callers = await callersOf(asking, isAbout, read, place);
  const unseen = [
    ...(all ? [] : ['ec2:DescribeFleets']),
    ...(allOfSpot ? [] : ['ec2:DescribeSpotFleetRequests']),
    ...(requests ? [] : ['ec2:DescribeSpotInstanceRequests']),
    ...(callers ? [] : ['cloudtrail:LookupEvents']),
  ];
  return { fleets: (all ?? []).filter(isAbout), spotFleets, hasSpotRequests, callers: callers ?? [], unseen };
}

function fleetsIn(read: Reader): Promise<FleetData[]> {
  const Filters = [{ Name: 'fleet-state', Values: ['submitted', 'active', 'modifying'] }];
  return pages(
    read,
    (token) => new DescribeFleetsCommand({ Filters, ...token }),
    ({ Fleets }) => Fleets,
  );
}

function spotFleetsIn(read: Reader): Promise<SpotFleetRequestConfig[]> {
  return pages(
    read,
    (token) => new DescribeSpotFleetRequestsCommand(token),
    ({ SpotFleetRequestConfigs }) => SpotFleetRequestConfigs,
  );
}

/** Some of the requests: one is enough to know that there are any. */
async function spotRequestsIn(read: Reader): Promise<readonly SpotInstanceRequest[]> {
  const Filters = [{ Name: 'state', Values: ['open', 'active'] }];
  return (await read(new DescribeSpotInstanceRequestsCommand({ Filters, MaxResults: 5 }))).SpotInstanceRequests ?? [];
}

function isAlive({ SpotFleetRequestState: state }: SpotFleetRequestConfig): boolean {
  return !state?.startsWith('cancelled') && state !== 'failed';
}

/** Who made such calls lately: of each the newest hundred, whoever made them; undefined where Redress may not look. */
async function callersOf(
  asking: readonly string[],
  isAbout: (asked: unknown) => boolean,
  read: Reader,
  { now, account }: Place & { readonly now: Date },
): Promise<string[] | undefined> {
  // few accounts need it
  const { histories, idOf } = await import('#shared/aws/history.ts');
  // the same all day, so that a batch asks once
  const start = Math.floor(now.getTime() / DAY - DAYS) * DAY;
  const ids = asking.map((value) => idOf({ key: 'EventName', value, start, pages: 2 }));
  const found = [...(await read.many(histories, ids)).values()];
  if (found.some(({ events, missing }) => missing !== undefined && events.length === 0)) return undefined;
  const calls = found.flatMap(({ events }) => events).filter(({ record }) => !record.errorCode && isAbout(record.requestParameters));
  const arns = calls.flatMap(({ record }) => madeWith(record).by ?? []).filter((arn) => arn.split(':')[4] === account);
  return [...new Set(arns)].sort();
}

/** What a denied look hides is undefined; where a Region has no such thing, AWS does not take the call. */
async function unlessDenied<Item>(look: Promise<readonly Item[]>): Promise<readonly Item[] | undefined> {
  try {
    return await look;
  } catch (error) {
    const what = classify(error);
    if (what !== 'denied' && what !== 'refused') throw error;
    return what === 'denied' ? undefined : [];
  }
}
