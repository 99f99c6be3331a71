import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { FleetData } from '@aws-sdk/client-ec2';
import type { Made } from '#shared/control/actor.ts';
import type { Permission, Place, Reader } from '#shared/control/control.ts';
import { fleetReads, fleetsHere } from './fleets.ts';
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

/** Where nobody else matters. */
export const nobody: Others = { who: [], doubt: undefined, advice: [] };

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
  const { fleets, spotFleets, hasSpotRequests, callers, unseen } = await fleetsHere(read, place, template);
  const hasSpot = hasSpotRequests || spotFleets.length > 0 || fleets.some(isOfSpot);
  const service = (name: string, role: string, does: string): Launcher => {
    return { arn: serviceRole(name, role, place), hasOwnPolicies: false, isOfGroup: false, does };
  };
  const who = [
    ...(hasSpot ? [service('spot', 'EC2Spot', 'launches Spot Instances')] : []),
    // an instant fleet launches with the permissions of whoever asks for it
    ...(fleets.some(({ Type }) => Type !== 'instant') ? [service('ec2fleet', 'EC2Fleet', 'launches for EC2 Fleets')] : []),
    ...(spotFleets.length > 0 ? [service('spotfleet', 'EC2SpotFleet', 'launches for Spot Fleets')] : []),
    ...callers.map(callerOf),
    ...(hint?.by && FLEET_SERVICES.includes(hint.service ?? '') ? [callerOf(hint.by)] : []),
  ];
  const isUnseen = unseen.length > 0;
  return {
    // a service's own role may ask for what it launches; it is one launcher all the same
    who: who.filter(({ arn }, n) => who.findIndex((one) => one.arn === arn) === n),
    doubt: isUnseen ? 'Redress may not look who launches by fleets and Spot requests here' : undefined,
    advice: isUnseen ? [`Allow Redress's role \`${unseen.join('`, `')}\`, or look yourself who launches and may not use the key.`] : [],
  };
}

/** What calls RunInstances for whoever asked for fleets and Spot Instances. */
const FLEET_SERVICES = ['ec2fleet.amazonaws.com', 'spotfleet.amazonaws.com', 'spot.amazonaws.com'];

function callerOf(arn: string): Launcher {
  return { arn, hasOwnPolicies: !arn.includes(':role/aws-service-role/'), isOfGroup: false, does: 'asks for fleets or Spot Instances' };
}

function isOfSpot({ TargetCapacitySpecification: target }: FleetData): boolean {
  return (target?.SpotTargetCapacity ?? 0) > 0 || target?.DefaultTargetCapacityType === 'spot';
}

function serviceRole(service: string, name: string, { partition, account }: Place): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/${service}.amazonaws.com/AWSServiceRoleFor${name}`;
}
