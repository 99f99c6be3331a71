import type { AwsCall } from '../emulator/aws-call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { masked } from './masked.ts';
import { lowerFirst, nest } from './styles.ts';

// The wire has only texts; a record has numbers and booleans where the API has them. `WeightedCapacity`, the version
// of a template and the values of tags are texts of digits, so names decide and not values.
const numbers = new Set(
  (
    'MinSize MaxSize DesiredCapacity DefaultCooldown HealthCheckGracePeriod MaxInstanceLifetime DefaultInstanceWarmup ' +
    'HeartbeatTimeout OnDemandBaseCapacity OnDemandPercentageAboveBaseCapacity SpotInstancePools Min Max ' +
    'SpotMaxPricePercentageOverLowestPrice MaxSpotPriceAsPercentageOfOptimalOnDemandPrice ' +
    'OnDemandMaxPricePercentageOverLowestPrice MinHealthyPercentage MaxHealthyPercentage VolumeSize Iops Throughput ' +
    'HttpPutResponseHopLimit'
  ).split(' '),
);
const booleans = new Set(
  (
    'NewInstancesProtectedFromScaleIn CapacityRebalance PropagateAtLaunch RequireHibernateSupport ForceDelete HonorCooldown ' +
    'ZonalShiftEnabled SkipZonalShiftValidation NoDevice DeleteOnTermination Encrypted Enabled EbsOptimized AssociatePublicIpAddress'
  ).split(' '),
);
// An empty list arrives as an empty text.
const lists = new Set('Tags Overrides LoadBalancerNames TargetGroupARNs TerminationPolicies SecurityGroups BlockDeviceMappings'.split(' '));

/** What a record says of a request to Auto Scaling: plain arrays, typed values, user data hidden. */
export function autoScalingRequest({ query }: AwsCall): Json {
  const { UserData, ...request } = typed(nest(query)) as JsonObject;
  return lowerFirst({ ...request, ...(UserData === undefined ? {} : { UserData: masked }) });
}

function typed(value: Json, name = ''): Json {
  if (Array.isArray(value)) return value.map((one) => typed(one));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, typed(child, key)]));
  if (numbers.has(name)) return Number(value);
  if (booleans.has(name)) return value === 'true';
  return value === '' && lists.has(name) ? [] : value;
}
