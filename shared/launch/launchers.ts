import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import {
  DescribeFleetsCommand,
  DescribeSpotFleetRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  type FleetData,
  type SpotFleetRequestConfig,
} from '@aws-sdk/client-ec2';
import { pages } from '#shared/aws/pages.ts';
import { type Made, madeWith } from '#shared/control/actor.ts';
import type { Permission, Place, Reader } from '#shared/control/control.ts';
import type { User } from './key-policy.ts';

/** Who launches instances here, and so has to use the key of their volumes. */
export interface Launcher extends User {
  /** A group's own role: that it cannot use a key stops launches for certain. */
  readonly isOfGroup: boolean;
  /** What it does, after its name: `launches Spot Instances`. */
  readonly does: string;
}

/** Launchers besides Auto Scaling's; a doubt where some could not be looked for, with what a person does about that. */
export interface Others {
  readonly who: readonly Launcher[];
  readonly doubt: string | undefined;
  readonly advice: readonly string[];
}

/** What it takes to know who launches from one template. */
export const fleetReads: readonly Permission[] = [
  { action: 'ec2:DescribeFleets' },
  { action: 'ec2:DescribeSpotFleetRequests' },
  { action: 'cloudtrail:LookupEvents', isRare: true },
];

/** What it takes to know who launches at all. */
export const launcherReads: readonly Permission[] = [...fleetReads, { action: 'ec2:DescribeSpotInstanceRequests' }];

/** The service-linked roles of groups; AWS shows each group's own, which may have a suffix. One that is being deleted launches nothing. */
export function launchersOf(groups: readonly AutoScalingGroup[], place: Place): Launcher[] {
  const launching = groups.filter(({ Status }) => Status === undefined);
  const arns = launching.map(({ ServiceLinkedRoleARN }) => ServiceLinkedRoleARN ?? serviceRole('autoscaling', 'AutoScaling', place));
  return [...new Set(arns)].sort().map((arn) => ({ arn, hasOwnPolicies: false, isOfGroup: true, does: 'launches for its groups' }));
}

/**
 * Who launches by other ways than groups: the service-linked roles of Spot and of fleets, where there are such requests, and the roles
 * and users that ask for fleets, whose own permissions an instant fleet launches with. With the id and name of a template only
 * those that launch from it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-prerequisites.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
 */
export async function otherLaunchers(
  read: Reader,
  place: Place & { readonly now: Date },
  { template, hint }: { readonly template?: readonly string[]; readonly hint?: Made | undefined } = {},
): Promise<Others> {
  const isAbout = (asked: unknown) => !template || template.some((one) => JSON.stringify(asked ?? null).includes(JSON.stringify(one)));
  const [fleets, spotFleets, hasSpot] = await Promise.all([
    pages(
      read,
      (token) => new DescribeFleetsCommand({ Filters: fleetStates, ...token }),
      ({ Fleets }) => Fleets,
    ),
    pages(
      read,
      (token) => new DescribeSpotFleetRequestsCommand(token),
      ({ SpotFleetRequestConfigs }) => SpotFleetRequestConfigs,
    ),
    template ? false : hasSpotRequests(read),
  ]);
  const ours = fleets.filter(isAbout);
  const ourSpotFleets = spotFleets.filter((one) => isAlive(one) && isAbout(one));
  // AWS shows no instant fleet, so that only the history tells of those; two calls a second are taken
  const asking = ['CreateFleet', ...(ourSpotFleets.length > 0 ? ['RequestSpotFleet'] : []), ...(hasSpot ? ['RequestSpotInstances'] : [])];
  const callers = await callersOf(asking, read, place, isAbout);
  const service = (name: string, role: string, does: string): Launcher => ({
    arn: serviceRole(name, role, place),
    hasOwnPolicies: false,
    isOfGroup: false,
    does,
  });
  const fromHint = hint?.by && FLEET_SERVICES.includes(hint.service ?? '') ? [callerOf(hint.by)] : [];
  const who = [
    ...(hasSpot || ourSpotFleets.length > 0 || ours.some(isOfSpot) ? [service('spot', 'EC2Spot', 'launches Spot Instances')] : []),
    // an instant fleet launches with the permissions of whoever asks for it
    ...(ours.some(({ Type }) => Type !== 'instant') ? [service('ec2fleet', 'EC2Fleet', 'launches for EC2 Fleets')] : []),
    ...(ourSpotFleets.length > 0 ? [service('spotfleet', 'EC2SpotFleet', 'launches for Spot Fleets')] : []),
    ...callers.who,
    ...fromHint,
  ];
  return { ...callers, who: [...new Map(who.map((one) => [one.arn, one])).values()] };
}

const fleetStates = [{ Name: 'fleet-state', Values: ['submitted', 'active', 'modifying'] }];
const FLEET_SERVICES = ['ec2fleet.amazonaws.com', 'spotfleet.amazonaws.com', 'spot.amazonaws.com'];
const DAY = 86_400_000;
/** As far as CloudTrail's event history goes back. */
const DAYS = 90;

async function hasSpotRequests(read: Reader): Promise<boolean> {
  const Filters = [{ Name: 'state', Values: ['open', 'active'] }];
  const { SpotInstanceRequests = [] } = await read(new DescribeSpotInstanceRequestsCommand({ Filters, MaxResults: 5 }));
  return SpotInstanceRequests.length > 0;
}

/** Who asked for fleets and Spot Instances lately: of each call the newest hundred, whoever asked for them. */
async function callersOf(
  asking: readonly string[],
  read: Reader,
  { now, account }: Place & { readonly now: Date },
  isAbout: (asked: unknown) => boolean,
): Promise<Others> {
  // few accounts need it
  const { histories, idOf } = await import('#shared/aws/history.ts');
  // the same all day, so that a batch asks once
  const start = Math.floor(now.getTime() / DAY - DAYS) * DAY;
  const ids = asking.map((value) => idOf({ key: 'EventName', value, start, pages: 2 }));
  const found = [...(await read.many(histories, ids)).values()];
  const launches = found.flatMap(({ events }) => events).filter(({ record }) => !record.errorCode && isAbout(record.requestParameters));
  const arns = launches.flatMap(({ record }) => madeWith(record).by ?? []).filter((arn) => arn.split(':')[4] === account);
  const denied = found.find(({ events, missing }) => missing !== undefined && events.length === 0)?.missing;
  return {
    who: [...new Set(arns)].sort().map(callerOf),
    doubt: denied && `who asks for fleets and Spot Instances here is not known: ${denied}`,
    advice: denied ? ["Allow Redress's role `cloudtrail:LookupEvents`, or look yourself who may not use the key."] : [],
  };
}

function callerOf(arn: string): Launcher {
  return { arn, hasOwnPolicies: !arn.includes(':role/aws-service-role/'), isOfGroup: false, does: 'asks for fleets or Spot Instances' };
}

function isAlive({ SpotFleetRequestState: state }: SpotFleetRequestConfig): boolean {
  return !state?.startsWith('cancelled') && state !== 'failed';
}

function isOfSpot({ TargetCapacitySpecification: target }: FleetData): boolean {
  return (target?.SpotTargetCapacity ?? 0) > 0 || target?.DefaultTargetCapacityType === 'spot';
}

function serviceRole(service: string, name: string, { partition, account }: Place): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/${service}.amazonaws.com/AWSServiceRoleFor${name}`;
}
