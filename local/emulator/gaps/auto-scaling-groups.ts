import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { withQuery } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';
import { asQuery, asShown, autoScaling, autoScalingAnswer, invalid, resultOf } from './auto-scaling.ts';
import { isError, launchSource, sources } from './launch-sources.ts';

// AWS shows a group that is deleted by force until its instances have ended; these have.
const leavingMs = 3000;
// What moto sets at creation only, or passes over.
const kept = [
  'CapacityRebalance',
  'Context',
  'DefaultCooldown',
  'DefaultInstanceWarmup',
  'DesiredCapacityType',
  'InstanceMaintenancePolicy',
  'MaxInstanceLifetime',
  'PlacementGroup',
  'ServiceLinkedRoleARN',
  'TerminationPolicies',
];
const sizes = ['MinSize', 'MaxSize', 'DesiredCapacity'] as const;
const pending = 'The AutoScaling group may not be modified while it is pending delete';

/**
 * Groups that show what they launch as it was given, change only what a call names, and launch after the call has
 * been answered: on AWS a launch that fails is no failure of the call.
 */
export function autoScalingGroups(): Additions {
  const shown = new Map<string, JsonObject>();
  const leaving = new Map<string, { readonly group: JsonObject; readonly until: number }>();
  const keyOf = (region: string, name: string): string => `${region} ${name}`;

  function whole(region: string, group: Json): JsonObject {
    const object = isObject(group) ? group : {};
    const own = shown.get(keyOf(region, stringAt(object, 'AutoScalingGroupName') ?? '')) ?? {};
    const others = Object.entries(object).filter(([name]) => !sources.some((source) => source === name));
    return sources.some((source) => source in own) ? { ...Object.fromEntries(others), ...own } : { ...object, ...own };
  }

  async function find(moto: MotoClient, region: string, name: string): Promise<JsonObject | undefined> {
    const action = 'DescribeAutoScalingGroups';
    const answer = await autoScaling(moto, action, { 'AutoScalingGroupNames.member.1': name }, region);
    const group = listAt(resultOf({ action }, answer), 'AutoScalingGroups', 'member')[0];
    return group === undefined ? undefined : whole(region, group);
  }

  function leaves(region: string, name: string): boolean {
    return (leaving.get(keyOf(region, name))?.until ?? 0) > Date.now();
  }

  return {
    async 'autoscaling:CreateAutoScalingGroup'(call, { forward, moto, requestId }) {
      const { query, region } = call;
      const request = asShown(nest(query)) as JsonObject;
      const name = query.get('AutoScalingGroupName') ?? '';
      const isLeaving = leaves(region, name);
      if (isLeaving || (await find(moto, region, name)) !== undefined) {
        const text = `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`;
        return invalid(call, isLeaving ? `${text} and is pending delete` : text, requestId, 'AlreadyExists');
      }
      const source = await launchSource(moto, request, {}, region);
      if (isError(source)) return errorAnswer(call, source, requestId);
      const answer = await forward(withQuery(call, { DesiredCapacity: '0' }));
      if (answer.status >= 400) return answer;
      shown.set(keyOf(region, name), { ...pick(request, kept), ...source });
      const wanted = query.get('DesiredCapacity') ?? query.get('MinSize') ?? '0';
      if (wanted !== '0') await autoScaling(moto, 'SetDesiredCapacity', { AutoScalingGroupName: name, DesiredCapacity: wanted }, region);
      return answer;
    },

    async 'autoscaling:UpdateAutoScalingGroup'(call, { forward, moto, requestId }) {
      const { query, region } = call;
      const request = asShown(nest(query)) as JsonObject;
      const name = query.get('AutoScalingGroupName') ?? '';
      if (leaves(region, name)) return invalid(call, pending, requestId);
      const before = (await find(moto, region, name)) ?? {};
      const source = await launchSource(moto, request, before, region);
      if (isError(source)) return errorAnswer(call, source, requestId);
      // moto forgets a policy that the call does not name.
      const policy = source === undefined ? before['MixedInstancesPolicy'] : source['MixedInstancesPolicy'];
      const named = policy === undefined ? {} : asQuery(forMoto(policy), 'MixedInstancesPolicy');
      const old = [...query.keys()].filter((key) => key.startsWith('MixedInstancesPolicy.') || sizes.some((size) => size === key));
      const answer = await forward(withQuery(call, { ...Object.fromEntries(old.map((key) => [key, undefined])), ...named }));
      if (answer.status >= 400) return answer;
      const now = { ...pick(before, sources), ...pick(shown.get(keyOf(region, name)) ?? {}, kept), ...pick(request, kept) };
      shown.set(keyOf(region, name), source === undefined ? now : { ...pick(now, kept), ...source });
      const given = Object.fromEntries(sizes.flatMap((size) => (query.has(size) ? [[size, query.get(size) ?? '']] : [])));
      if (Object.keys(given).length > 0) await autoScaling(moto, call.action, { AutoScalingGroupName: name, ...given, ...named }, region);
      return answer;
    },

    async 'autoscaling:DescribeAutoScalingGroups'(call, { forward, requestId }) {
      const { query, region } = call;
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const { AutoScalingGroups, ...others } = resultOf(call, answer);
      const groups = listAt(AutoScalingGroups, 'member').map((group) => whole(region, group));
      const names = listAt(nest(query), 'AutoScalingGroupNames');
      const isLast = others['NextToken'] === undefined && ![...query.keys()].some((name) => name.startsWith('Filters.'));
      const gone = [...leaving]
        .filter(([key, { until }]) => isLast && key.startsWith(`${region} `) && until > Date.now())
        .map(([, { group }]) => group)
        .filter((group) => names.length === 0 || names.includes(stringAt(group, 'AutoScalingGroupName') ?? ''));
      return autoScalingAnswer(call.action, { AutoScalingGroups: { member: [...groups, ...gone] }, ...others }, requestId);
    },

    async 'autoscaling:DeleteAutoScalingGroup'(call, { forward, moto, requestId }) {
      const { query, region } = call;
      const name = query.get('AutoScalingGroupName') ?? '';
      const group = await find(moto, region, name);
      const isInUse = listAt(group, 'Instances', 'member').length > 0;
      if (isInUse && query.get('ForceDelete') !== 'true') {
        const text =
          'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.';
        return invalid(call, text, requestId, 'ResourceInUse');
      }
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      shown.delete(keyOf(region, name));
      if (isInUse) leaving.set(keyOf(region, name), { group: { ...group, Status: 'Delete in progress' }, until: Date.now() + leavingMs });
      return answer;
    },
  };
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

// moto takes a template by its id or its name, not both, and launches by the first one alone.
function forMoto(policy: Json): Json {
  const { LaunchTemplate, ...others } = isObject(policy) ? policy : {};
  const { LaunchTemplateSpecification, ...rest } = isObject(LaunchTemplate) ? LaunchTemplate : {};
  const { LaunchTemplateName: _, ...byId } = isObject(LaunchTemplateSpecification) ? LaunchTemplateSpecification : {};
  return { ...others, LaunchTemplate: { ...rest, LaunchTemplateSpecification: byId } };
}
