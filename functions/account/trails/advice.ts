import type { Trail } from '@aws-sdk/client-cloudtrail';
import { code, option } from '#shared/control/command.ts';
import type { Iac } from '#shared/control/iac.ts';
import type { Prevention } from '#shared/control/prevention.ts';
import { bringBack, type Kept } from './kept.ts';
import type { Seen } from './seen.ts';

/** What can be wrong with a trail: somebody stopped or deleted it, it logs too little, or its files do not arrive. */
export type Problem = 'deleted' | 'stopped' | 'partial' | 'undelivered';

/** What is wrong, in a sentence. */
export function sayProblem(problem: Problem, trail: Seen | undefined): string {
  switch (problem) {
    case 'deleted':
      return 'It was deleted.';
    case 'stopped':
      return 'It does not log.';
    case 'partial':
      return 'It leaves out management events that change something.';
    case 'undelivered':
      return `It logs, and cannot deliver its files: ${trail?.error}.`;
  }
}

/** What a person can do, besides what Redress does. */
export function adviceFor(
  problems: readonly Problem[],
  {
    name,
    trail,
    kept,
    cover,
  }: { readonly name: string; readonly trail?: Trail & Seen; readonly kept?: Kept | undefined; readonly cover: readonly string[] },
): string[] {
  const has = (problem: Problem) => problems.includes(problem);
  const start = `aws cloudtrail start-logging ${option('name', name)}`;
  const isLeft = trail?.IsOrganizationTrail === true || cover.length > 0;
  return [
    ...(has('deleted') ? [`To bring it back: ${code(...bringBack(name, kept))}. Its bucket and the files in it are still there.`] : []),
    ...(has('stopped') && isLeft ? [`To start it again: ${code(start)}. If it was stopped on purpose, delete it or exempt it.`] : []),
    ...(trail?.IsOrganizationTrail ? ['It is a trail of the organization, which Redress never changes.'] : []),
    ...(has('partial') && !kept ? [`To log every management event: ${code(logAll(name))}.`] : []),
    ...(has('undelivered') ? [deliveryAdvice(trail)] : []),
    // only a name, which anybody can give: it decides nothing
    ...(name.startsWith('aws-controltower-') ? ['AWS Control Tower makes trails of such a name: repair or reset its landing zone.'] : []),
  ];
}

function logAll(name: string): string {
  const selectors = JSON.stringify([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
  return `aws cloudtrail put-event-selectors ${option('trail-name', name)} ${option('event-selectors', selectors)}`;
}

function deliveryAdvice(trail: (Trail & Seen) | undefined): string {
  const bucket = trail?.S3BucketName ?? 'its bucket';
  switch (trail?.error) {
    case 'NoSuchBucket':
      return `The bucket ${bucket} is gone. Make it again with the policy that CloudTrail needs, or have the trail write to another one.`;
    case 'AccessDenied':
      return `Look at the policy of ${bucket}, its key and its owner: CloudTrail has to write there.`;
    default:
      return `Look at ${bucket}, its policy and its key: CloudTrail has to write there.`;
  }
}

/** How code that makes a trail has it log. */
export const iac: Iac = {
  cloudFormation: 'set `IsLogging: true` of the AWS::CloudTrail::Trail.',
  terraform: 'set `enable_logging = true` of the aws_cloudtrail, or leave it out: that is its default.',
  cdk: 'an `aws-cloudtrail.Trail` always logs: look for an override of `IsLogging`; of a `CfnTrail` set `isLogging: true`.',
};

/** How an organization keeps trails logging. */
export const prevention: Prevention = {
  scp: [
    {
      actions: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors'],
      resources: ['arn:*:cloudtrail:*:*:trail/*'],
    },
  ],
  breaks: 'Nobody can change or delete a trail in a member account, also not by code: leave out the roles that deploy trails.',
  references: [
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html',
    'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html',
  ],
};
