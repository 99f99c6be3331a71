import type { GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { Filter, Instance, InstanceMetadataOptionsRequest, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { actionOf } from '#shared/aws/actions.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { awsError, type World } from '../harness.ts';

/** What there is in the account. */
export interface Account {
  readonly instances?: readonly Instance[];
  /** Requests without a session token, by instance and day. */
  readonly tokenless?: { readonly [instance: string]: readonly number[] };
  /** The types of the Region. */
  readonly types?: readonly InstanceTypeInfo[];
  /** User data by instance, as the API has it: in base64. */
  readonly userData?: { readonly [instance: string]: string };
  /** Errors that a call throws instead of answering, by its action. */
  readonly refuses?: Refusals;
  /** How CloudWatch says that it could not read a metric. */
  readonly status?: 'Forbidden' | 'InternalError' | 'PartialData';
}

/** A world and the reads that it was asked for. */
export type InstancesWorld = World & { readonly asked: string[] };

/** An EC2 that keeps metadata options and user data, and a CloudWatch that counts requests; it answers two results a page. */
export function instancesWorld(account: Account = {}): InstancesWorld {
  const instances = structuredClone([...(account.instances ?? [])]);
  const asked: string[] = [];
  const found = (id: string) => instances.find(({ InstanceId }) => InstanceId === id) ?? missing(id);
  const answers: Answers = {
    'ec2:DescribeInstances': ({ Filters = [] }: { Filters?: Filter[] }) => {
      const values = (name: string) => Filters.find(({ Name }) => Name === name)?.Values;
      const fits = ({ InstanceId = '', State }: Instance) =>
        (values('instance-id')?.includes(InstanceId) ?? true) && (values('instance-state-name')?.includes(State?.Name ?? '') ?? true);
      return { Reservations: [{ Instances: instances.filter(fits) }] };
    },
    'ec2:DescribeInstanceTypes': ({ Filters = [] }: { Filters?: Filter[] }) => {
      const values = (name: string) => Filters.find(({ Name }) => Name === name)?.Values ?? [];
      const patterns = values('instance-type').map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
      const encrypts = values('network-info.encryption-in-transit-supported')[0];
      const fits = ({ InstanceType, NetworkInfo }: InstanceTypeInfo) =>
        patterns.some((one) => one.test(InstanceType ?? '')) &&
        (encrypts === undefined || String(NetworkInfo?.EncryptionInTransitSupported) === encrypts);
      return { InstanceTypes: account.types?.filter(fits) ?? [] };
    },
    'ec2:DescribeInstanceAttribute': ({ InstanceId = '' }: { InstanceId?: string }) => {
      const Value = account.userData?.[found(InstanceId).InstanceId ?? ''];
      return { InstanceId, UserData: Value === undefined ? {} : { Value } };
    },
    'ec2:ModifyInstanceMetadataOptions': ({ InstanceId = '', ...options }: InstanceMetadataOptionsRequest & { InstanceId?: string }) => {
      const one = found(InstanceId);
      const InstanceMetadataOptions = { ...one.MetadataOptions, ...options };
      one.MetadataOptions = InstanceMetadataOptions;
      return { InstanceId, InstanceMetadataOptions };
    },
    'cloudwatch:GetMetricData': ({ MetricDataQueries = [], NextToken = '0' }: GetMetricDataInput) => {
      const from = Number(NextToken);
      const results = MetricDataQueries.map(({ Id, MetricStat }) => ({
        Id,
        Values: account.tokenless?.[MetricStat?.Metric?.Dimensions?.[0]?.Value ?? ''] ?? [],
        StatusCode: account.status ?? 'Complete',
      }));
      return { MetricDataResults: results.slice(from, from + 2), ...(from + 2 < results.length && { NextToken: String(from + 2) }) };
    },
  };
  return {
    asked,
    async send(command) {
      const action = actionOf(command);
      asked.push(action);
      return answerTo(command, answers, account.refuses);
    },
  };
}

function missing(id: string): never {
  throw awsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
}

/** An instance that was made long before the tests' day, and whose metadata service answers without tokens. */
export function instance(InstanceId: string, more: Partial<Instance> & { readonly tags?: Record<string, string> } = {}): Instance {
  const { tags = {}, ...rest } = more;
  return {
    InstanceId,
    State: { Name: 'running' },
    LaunchTime: new Date('2026-10-01T08:00:00Z'),
    MetadataOptions: { State: 'applied', HttpTokens: 'optional', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...rest,
  };
}

/** Made an hour ago, by the first network interface: a stop and a start would only change the time of the launch. */
export const anHourOld: Partial<Instance> = {
  LaunchTime: new Date('2026-11-21T08:30:00Z'),
  NetworkInterfaces: [{ Attachment: { AttachTime: new Date('2026-11-21T08:00:00Z') } }],
  BlockDeviceMappings: [{ Ebs: { AttachTime: new Date('2026-11-21T08:00:01Z') } }, {}],
};
