import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  DescribeFleetsCommand,
  DescribeSpotFleetRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  type FleetData,
  type SpotFleetRequestConfig,
} from '@aws-sdk/client-ec2';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import type { Answer } from './kms.ts';

/** What launches in an account besides its groups. */
export interface Launching {
  readonly fleets?: readonly FleetData[];
  readonly spotFleets?: readonly SpotFleetRequestConfig[];
  readonly spotRequests?: number;
  /** Records of CloudTrail's event history. */
  readonly history?: readonly object[];
}

/** The calls about fleets and Spot Instances, and the event history; gives the mock of CloudTrail. */
// biome-ignore lint/suspicious/noExplicitAny: the mock's own type parameters
export function mockLaunchers(ec2: AwsStub<any, any, any>, account: Launching, answer: Answer): { restore(): unknown } {
  const { fleets = [], spotFleets = [], spotRequests = 0, history = [] } = account;
  const states = (filters: DescribeFleetsCommand['input']['Filters']) => filters?.find(({ Name }) => Name === 'fleet-state')?.Values;
  ec2.on(DescribeFleetsCommand).callsFake(
    answer('DescribeFleets', ({ Filters }: DescribeFleetsCommand['input']) => ({
      Fleets: fleets.filter(({ FleetState = 'active' }) => states(Filters)?.includes(FleetState) ?? true),
    })),
  );
  ec2
    .on(DescribeSpotFleetRequestsCommand)
    .callsFake(answer('DescribeSpotFleetRequests', () => ({ SpotFleetRequestConfigs: [...spotFleets] })));
  ec2.on(DescribeSpotInstanceRequestsCommand).callsFake(
    answer('DescribeSpotInstanceRequests', () => ({
      SpotInstanceRequests: Array.from({ length: spotRequests }, (_, n) => ({ SpotInstanceRequestId: `sir-${n}`, State: 'open' as const })),
    })),
  );
  const cloudTrail = mockClient(CloudTrailClient);
  cloudTrail.on(LookupEventsCommand).callsFake(
    answer('LookupEvents', ({ LookupAttributes }: LookupEventsCommand['input']) => ({
      Events: history
        .filter((record) => Reflect.get(record, 'eventName') === LookupAttributes?.[0]?.AttributeValue)
        .map((record) => ({ CloudTrailEvent: JSON.stringify(record) })),
    })),
  );
  return cloudTrail;
}
