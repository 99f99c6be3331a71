import { at, compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsError } from '../aws-error.ts';
import type { MotoClient } from '../moto-client.ts';
import { hasConfiguration, templateOf } from './auto-scaling.ts';

/** The members of a group that say what it launches; it has one of them. */
export const sources = ['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy'] as const;

/** What a group launches after a request: of what it names, the rest is filled in; undefined where it names nothing. */
export async function launchSource(
  moto: MotoClient,
  request: JsonObject,
  before: JsonObject,
  region: string,
): Promise<JsonObject | AwsError | undefined> {
  const { LaunchConfigurationName, LaunchTemplate, MixedInstancesPolicy } = request;
  if (typeof LaunchConfigurationName === 'string') {
    const isThere = await hasConfiguration(moto, LaunchConfigurationName, region);
    const message = `Launch configuration name not found - Launch configuration ${LaunchConfigurationName} not found`;
    return isThere ? { LaunchConfigurationName } : { code: 'ValidationError', message };
  }
  if (LaunchTemplate !== undefined) {
    const template = await templateOf(moto, LaunchTemplate, region);
    return isError(template) ? template : { LaunchTemplate: template };
  }
  if (MixedInstancesPolicy === undefined) return undefined;
  const policy = await mixedPolicy(moto, MixedInstancesPolicy, at(before, 'MixedInstancesPolicy'), region);
  return isError(policy) ? policy : { MixedInstancesPolicy: policy };
}

/** Whether it is a refusal. */
export function isError(value: JsonObject | AwsError | undefined): value is AwsError {
  return value !== undefined && 'code' in value && 'message' in value;
}

// What the request leaves out of a policy stays as it was.
async function mixedPolicy(moto: MotoClient, asked: Json, before: Json | undefined, region: string): Promise<JsonObject | AwsError> {
  const named = (...path: string[]): Json | undefined => at(asked, ...path) ?? at(before, ...path);
  const template = await templateOf(moto, without(named('LaunchTemplate', 'LaunchTemplateSpecification')), region);
  if (isError(template)) return template;
  const overrides: JsonObject[] = [];
  for (const override of listAt(named('LaunchTemplate', 'Overrides'), 'member')) {
    const own = at(override, 'LaunchTemplateSpecification');
    const resolved = own === undefined ? undefined : await templateOf(moto, without(own), region);
    if (isError(resolved)) return resolved;
    overrides.push({ ...(isObject(override) ? override : {}), ...compact({ LaunchTemplateSpecification: resolved }) });
  }
  return {
    LaunchTemplate: { LaunchTemplateSpecification: template, Overrides: { member: overrides } },
    InstancesDistribution: distribution(at(asked, 'InstancesDistribution'), at(before, 'InstancesDistribution')),
  };
}

// A group shows both the id and the name of its template, and takes one of them.
function without(reference: Json | undefined): JsonObject {
  const { LaunchTemplateName, ...others } = isObject(reference) ? reference : {};
  return 'LaunchTemplateId' in others ? others : { ...others, ...compact({ LaunchTemplateName }) };
}

function distribution(asked: Json | undefined, before: Json | undefined): JsonObject {
  const given = { ...(isObject(before) ? before : {}), ...(isObject(asked) ? asked : {}) };
  const strategy = stringAt(given, 'SpotAllocationStrategy') ?? 'lowest-price';
  return {
    OnDemandAllocationStrategy: 'prioritized',
    OnDemandBaseCapacity: '0',
    OnDemandPercentageAboveBaseCapacity: '100',
    SpotAllocationStrategy: strategy,
    ...(strategy === 'lowest-price' ? { SpotInstancePools: '2' } : {}),
    ...given,
  };
}
