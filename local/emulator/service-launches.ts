import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../http.ts';
import { isObject, type Json, type JsonObject, listAt, stringAt } from '../json.ts';
import { SERVICE_KEY } from '../trail/callers.ts';
import { type Caller, serviceRole } from '../trail/identity.ts';
import { type AwsCall, isRead } from './aws-call.ts';
import { ec2Answer, parseAnswer } from './ec2-xml.ts';
import { autoScaling, resultOf } from './gaps/auto-scaling.ts';
import type { MotoClient } from './moto-client.ts';

/** One launch by a service, as a call of its own. */
export interface Launch {
  readonly call: AwsCall;
  readonly caller: Caller;
  readonly answer: HttpAnswer;
  readonly requestId: string;
}

/** Who launches: the service, under a role of its own or, for fleets that answer at once, in the caller's name. */
interface Launcher {
  readonly service: string;
  readonly caller: Caller;
  readonly ids: readonly string[];
}

/**
 * Launches that moto makes by itself: on AWS a group, a fleet and a Spot request each call RunInstances, and CloudTrail records that
 * call under the service's name.
 */
export class ServiceLaunches {
  readonly #moto: MotoClient;
  readonly #account: string;
  /** Every instance that was recorded, or was there before it came into a group. */
  readonly #known = new Set<string>();

  constructor(moto: MotoClient, account: string) {
    this.#moto = moto;
    this.#account = account;
  }

  /** What services launched because of a call. */
  async after(call: AwsCall, caller: Caller, answer: HttpAnswer): Promise<Launch[]> {
    if (answer.status >= 400 || isRead(call.action)) return [];
    if (call.action === 'AttachInstances') for (const [name, id] of call.query) if (name.startsWith('InstanceIds.')) this.#known.add(id);
    const launches: Launch[] = [];
    for (const { ids, ...launcher } of await this.#launchers(call, caller, answer)) {
      const fresh = ids.filter((id) => !this.#known.has(id));
      for (const id of fresh) this.#known.add(id);
      if (fresh.length > 0) launches.push(...(await this.#recorded(call, launcher, fresh)));
    }
    return launches;
  }

  async #launchers(call: AwsCall, caller: Caller, answer: HttpAnswer): Promise<Launcher[]> {
    // a group replaces what is terminated
    if (call.service === 'autoscaling' || call.action === 'TerminateInstances') return await this.#groups(call);
    if (call.service !== 'ec2') return [];
    const made = (name: string) => stringAt(parseAnswer(answer.body), name);
    const ask = (action: string, query: { [name: string]: string }) => this.#moto.readEc2(action, query, call.region);
    switch (call.action) {
      case 'CreateFleet':
      case 'ModifyFleet': {
        const id = made('fleetId') ?? call.query.get('FleetId') ?? '';
        const ids = idsIn(await ask('DescribeFleetInstances', { FleetId: id }), 'activeInstanceSet');
        const service = 'ec2fleet.amazonaws.com';
        const isInstant = call.query.get('Type') === 'instant';
        return [{ service, caller: isInstant ? caller : this.#under(service, 'AWSServiceRoleForEC2Fleet', 'EC2Fleet'), ids }];
      }
      case 'RequestSpotFleet':
      case 'ModifySpotFleetRequest': {
        const id = made('spotFleetRequestId') ?? call.query.get('SpotFleetRequestId') ?? '';
        const ids = idsIn(await ask('DescribeSpotFleetInstances', { SpotFleetRequestId: id }), 'activeInstanceSet');
        const service = 'spotfleet.amazonaws.com';
        return [{ service, caller: this.#under(service, 'AWSServiceRoleForEC2SpotFleet', 'SpotFleet'), ids }];
      }
      case 'RequestSpotInstances': {
        const asked = listAt(parseAnswer(answer.body), 'spotInstanceRequestSet', 'item');
        const requests = asked.flatMap((one) => stringAt(one, 'spotInstanceRequestId') ?? []);
        const named = Object.fromEntries(requests.map((id, n) => [`SpotInstanceRequestId.${n + 1}`, id]));
        const ids = idsIn(await ask('DescribeSpotInstanceRequests', named), 'spotInstanceRequestSet');
        const service = 'spot.amazonaws.com';
        return [{ service, caller: this.#under(service, 'AWSServiceRoleForEC2Spot', 'EC2Spot'), ids }];
      }
      default:
        return [];
    }
  }

  async #groups({ region }: AwsCall): Promise<Launcher[]> {
    const service = 'autoscaling.amazonaws.com';
    const action = 'DescribeAutoScalingGroups';
    const groups = listAt(resultOf({ action }, await autoScaling(this.#moto, action, {}, region)), 'AutoScalingGroups', 'member');
    return groups.map((group) => ({
      service,
      caller: this.#under(service, 'AWSServiceRoleForAutoScaling', 'AutoScaling', stringAt(group, 'ServiceLinkedRoleARN')),
      ids: listAt(group, 'Instances', 'member').flatMap((one) => stringAt(one, 'InstanceId') ?? []),
    }));
  }

  async #recorded(call: AwsCall, { service, caller }: Omit<Launcher, 'ids'>, ids: readonly string[]): Promise<Launch[]> {
    const named = Object.fromEntries(ids.map((id, n) => [`InstanceId.${n + 1}`, id]));
    const { reservationSet } = await this.#moto.readEc2('DescribeInstances', named, call.region);
    return listAt(reservationSet, 'item').map((reservation) => {
      const requestId = randomUUID();
      const query = new Map(Object.entries(requestFor(listAt(reservation, 'instancesSet', 'item'))));
      const isOwn = caller.kind === 'role' && caller.roleArn.includes(':role/aws-service-role/');
      const accessKeyId = isOwn ? SERVICE_KEY : call.accessKeyId;
      const made = {
        ...call,
        accessKeyId,
        service: 'ec2',
        protocol: 'ec2',
        action: 'RunInstances',
        query,
        json: {},
        userAgent: service,
      } as const;
      const content: JsonObject = isObject(reservation) ? reservation : {};
      return { call: made, caller, answer: ec2Answer('RunInstances', content, requestId), requestId };
    });
  }

  #under(service: string, role: string, name: string, roleArn = serviceRole(service, role, this.#account)): Caller {
    return { kind: 'role', name, roleArn, since: new Date() };
  }
}

/** What a launch of such instances asks for, as far as they show it. */
function requestFor(instances: readonly Json[]): { [name: string]: string } {
  const [first] = instances;
  const count = String(instances.length);
  const own = listAt(first, 'tagSet', 'item').map((tag) => [stringAt(tag, 'key') ?? '', stringAt(tag, 'value') ?? ''] as const);
  const tags = own.flatMap(([key, value], n) => [
    [`TagSpecification.1.Tag.${n + 1}.Key`, key],
    [`TagSpecification.1.Tag.${n + 1}.Value`, value],
  ]);
  return {
    ImageId: stringAt(first, 'imageId') ?? '',
    InstanceType: stringAt(first, 'instanceType') ?? '',
    MinCount: count,
    MaxCount: count,
    ...(tags.length > 0 && { 'TagSpecification.1.ResourceType': 'instance', ...Object.fromEntries(tags) }),
  };
}

function idsIn(answer: JsonObject, list: string): string[] {
  return listAt(answer, list, 'item').flatMap((one) => stringAt(one, 'instanceId') ?? []);
}
