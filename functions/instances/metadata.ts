import type { Instance } from '@aws-sdk/client-ec2';
import { code, option } from '#shared/control/command.ts';
import type { Reader } from '#shared/control/control.ts';
import type { Iac } from '#shared/control/iac.ts';
import { atGroup, type Source, sourceOf } from './source.ts';
import { countsStart, DAYS, maySettle, type Usage, usageOf } from './usage.ts';

/** What decides about the metadata service of one instance. */
interface Facts extends Source {
  readonly id: string;
  readonly tokens: string | undefined;
  readonly isReachable: boolean;
  readonly hops: number | undefined;
  /** Who asks without a token; absent where nobody could. */
  readonly usage: Usage | undefined;
  /** Whether it is so new that a fix waits. */
  readonly settles: boolean;
  /** Whether the metric has what was asked at its last start. */
  readonly hasStart: boolean;
}

/** How code sets it for the instances of a group. */
export const ofGroup: Iac = {
  cloudFormation:
    'set `MetadataOptions: { HttpTokens: required }` in `LaunchTemplateData` of the AWS::EC2::LaunchTemplate that the group launches from.',
  terraform: 'set `metadata_options { http_tokens = "required" }` on the aws_launch_template that the group launches from.',
  cdk: 'set `requireImdsv2: true` on the ec2.LaunchTemplate or autoscaling.AutoScalingGroup.',
};

/** Reads what decides; the metric only where it matters. */
export async function factsOf(id: string, instance: Instance, read: Reader, now: Date): Promise<Facts> {
  const { HttpTokens: tokens, HttpEndpoint, HttpPutResponseHopLimit: hops } = instance.MetadataOptions ?? {};
  const isReachable = HttpEndpoint !== 'disabled';
  return {
    id,
    tokens,
    isReachable,
    hops,
    ...sourceOf(instance),
    usage: tokens === 'optional' && isReachable ? await usageOf(id, instance, read, now) : undefined,
    settles: maySettle(instance, now),
    hasStart: countsStart(instance, now),
  };
}

/** What is known of requests without a token, in a sentence. */
export function sayUsage(usage: Usage): string {
  if (usage.is === 'new') return 'It is too new to know who asks without one.';
  if (usage.is === 'unknown') return `How many requests of the last ${DAYS} days had none is not known: ${usage.why}.`;
  const { requests } = usage;
  if (requests === 0) return `No request of the last ${DAYS} days came without one.`;
  return `In the last ${DAYS} days, ${requests} request${requests === 1 ? '' : 's'} came without one, and would have failed.`;
}

/** What a person does besides, and first. */
export function adviceOn({ id, hops, usage, hasStart, ...source }: Facts, isUsed: boolean): string[] {
  const hop = `aws ec2 modify-instance-metadata-options ${option('instance-id', id)} --http-put-response-hop-limit 2`;
  return [
    ...(isUsed
      ? [
          'Find the program that asks without a token before you say yes: the IMDS Packet Analyzer of AWS names it. Newer versions of the SDKs and agents of AWS use tokens.',
        ]
      : []),
    ...(usage?.is === 'counted' && !hasStart
      ? [`It last started more than ${DAYS} days ago: what its scripts ask at a start alone is not counted. Look into its user data.`]
      : []),
    ...(hops === 1
      ? [`Containers on it get a token only with a hop limit of 2, some overlay networks need 3. Redress leaves it at 1: ${code(hop)}.`]
      : []),
    ...atGroup(source),
    'Afterwards the metric MetadataNoTokenRejected counts the requests that fail.',
  ];
}
