import type { Trail } from '@aws-sdk/client-cloudtrail';
import { option } from '#shared/control/command.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { Json } from '#shared/control/types.ts';
import type { Selectors } from './seen.ts';

/** A trail as it was when it was last as it should be: what brings it back once it is gone, or logs other events. */
export type Kept = { readonly trail: { readonly [member: string]: string | boolean }; readonly selectors: Selectors };

/** The members of a trail that `CreateTrail` takes too, by the options of the AWS CLI. */
const texts = {
  S3BucketName: 's3-bucket-name',
  S3KeyPrefix: 's3-key-prefix',
  SnsTopicARN: 'sns-topic-name',
  CloudWatchLogsLogGroupArn: 'cloud-watch-logs-log-group-arn',
  CloudWatchLogsRoleArn: 'cloud-watch-logs-role-arn',
  KmsKeyId: 'kms-key-id',
} as const;
const flags = {
  IncludeGlobalServiceEvents: 'include-global-service-events',
  IsMultiRegionTrail: 'is-multi-region-trail',
  LogFileValidationEnabled: 'enable-log-file-validation',
  IsOrganizationTrail: 'is-organization-trail',
} as const;

/** What is kept of a trail. */
export function keptOf(trail: Trail, selectors: Selectors): Kept {
  const members = [...Object.keys(texts), ...Object.keys(flags)].flatMap((member): [string, string | boolean][] => {
    const value: unknown = Reflect.get(trail, member);
    return (typeof value === 'string' && value !== '') || typeof value === 'boolean' ? [[member, value]] : [];
  });
  return { trail: Object.fromEntries(members), selectors };
}

/** What the ledger kept of a trail; undefined if it kept nothing, or nothing that is one. */
export function readKept(kept: Json | undefined): Kept | undefined {
  const [trail, selectors] = [at(kept, 'trail'), at(kept, 'selectors')];
  if (stringAt(trail, 'S3BucketName') === undefined || typeof selectors !== 'object' || selectors === null) return undefined;
  return kept as unknown as Kept;
}

/** The commands that bring a deleted trail back as it was: its bucket, and that bucket's policy, are still there. */
export function bringBack(name: string, kept: Kept | undefined): string[] {
  const start = `aws cloudtrail start-logging ${option('name', name)}`;
  if (!kept) return [`aws cloudtrail create-trail ${option('name', name)} --s3-bucket-name BUCKET --is-multi-region-trail`, start];
  const { trail, selectors } = kept;
  const options = [
    ...Object.entries(texts).flatMap(([member, flag]) => (typeof trail[member] === 'string' ? option(flag, trail[member]) : [])),
    ...Object.entries(flags).flatMap(([member, flag]) => (trail[member] === undefined ? [] : `--${trail[member] ? '' : 'no-'}${flag}`)),
  ];
  return [`aws cloudtrail create-trail ${option('name', name)} ${options.join(' ')}`, ...putSelectors(name, selectors), start];
}

/** The command that gives a trail its selectors; none where nobody chose any. */
function putSelectors(name: string, { event, advanced }: Selectors): string[] {
  const chosen = advanced ?? event;
  if (chosen === null) return [];
  const which = advanced ? 'advanced-event-selectors' : 'event-selectors';
  return [`aws cloudtrail put-event-selectors ${option('trail-name', name)} ${option(which, JSON.stringify(chosen))}`];
}
