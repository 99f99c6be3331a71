import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { Severity } from '#shared/control/control.ts';
import type { Hit } from './reach.ts';

/** What is attached to a group, as far as it matters to what the world may reach. */
export interface Attachment {
  readonly count: number;
  /** How many of the interfaces the world can reach over the family of the open rules. */
  readonly public: number;
  /** Whether only load balancers use the group: what they listen on is for the world. */
  readonly isOfLoadBalancers: boolean;
}

/** Ports on which load balancers serve the world. */
const WEB = [80, 443];

/** What is attached to a group. */
export function attachmentOf(interfaces: readonly NetworkInterface[], families: readonly Hit['families'][number][]): Attachment {
  return {
    count: interfaces.length,
    public: interfaces.filter((one) => families.some((family) => hasPublic(one, family))).length,
    isOfLoadBalancers: interfaces.length > 0 && interfaces.every(isOfLoadBalancer),
  };
}

/** How much an open group matters. */
export function severityOf({ count, public: open }: Attachment): Severity {
  if (open > 0) return 'critical';
  return count > 0 ? 'high' : 'medium';
}

/** The same as a sentence. */
export function attachmentText({ count, public: open }: Attachment): string {
  if (count === 0) return 'No network interface uses the group.';
  const one = count === 1 ? '1 network interface uses' : `${count} network interfaces use`;
  return `${one} the group, ${open === 0 ? 'none' : open} with a public address.`;
}

/** Whether what is open is what load balancers are there for. */
export function isServedByLoadBalancers(
  { isOfLoadBalancers }: Attachment,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  return isOfLoadBalancers && from === to && WEB.includes(from);
}

function hasPublic(
  { Association, PrivateIpAddresses = [], Ipv6Addresses = [] }: NetworkInterface,
  family: Hit['families'][number],
): boolean {
  // an address of IPv6 that is not of a private block can be reached wherever the routes allow it
  if (family === 'ipv6') return Ipv6Addresses.some(({ Ipv6Address = '' }) => !/^f[cde]/i.test(Ipv6Address));
  return [Association, ...PrivateIpAddresses.map((one) => one.Association)].some((one) => one?.PublicIp !== undefined);
}

/** Nobody but AWS makes an interface of these types, or one that is managed by its requester. */
function isOfLoadBalancer({ InterfaceType, RequesterManaged = false, Description = '' }: NetworkInterface): boolean {
  return /load_balancer$/.test(InterfaceType ?? '') || (RequesterManaged && Description.startsWith('ELB '));
}
