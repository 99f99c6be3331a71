import { DescribeSnapshotAttributeCommand, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { oneByOne } from '#shared/aws/loaders.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import type { Loader, Permission, Trigger } from '#shared/control/types.ts';
import { snapshots } from './kind.ts';

const anySnapshot = 'arn:{partition}:ec2:{region}::snapshot/*';

/** Who may make volumes from a snapshot. */
export interface Sharing {
  readonly isPublic: boolean;
  /** The accounts that it names. */
  readonly accounts: readonly string[];
}

/** With whom snapshots are shared; its list has no pages. */
export const sharingById: Loader<Sharing> = oneByOne(
  'sharing of snapshots',
  (id) => new DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: 'createVolumePermission' }),
  ({ CreateVolumePermissions = [] }) => ({
    isPublic: CreateVolumePermissions.some(({ Group }) => Group === 'all'),
    accounts: CreateVolumePermissions.flatMap(({ UserId }) => UserId ?? []).sort(),
  }),
);

/** What it takes to read that. */
export const sharingReads: Permission = { action: 'ec2:DescribeSnapshotAttribute', resource: anySnapshot };

/**
 * Changes a snapshot, and shares it with nobody.
 * [U] Which of the two forms of a request fills in these keys is not documented; where none does, the statement allows the call.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const unsharing: Permission = {
  action: 'ec2:ModifySnapshotAttribute',
  resource: anySnapshot,
  conditions: { Null: { 'ec2:Add/group': 'true', 'ec2:Add/userId': 'true' } },
};

/** Makes a snapshot public again, as an undo does. */
export const publishing: Permission = {
  action: 'ec2:ModifySnapshotAttribute',
  resource: anySnapshot,
  conditions: { StringEquals: { 'ec2:Add/group': 'all' }, Null: { 'ec2:Add/userId': 'true' } },
};

/** Shares a snapshot with accounts again, as an undo does, and never with everybody. */
export const sharingAgain: Permission = {
  action: 'ec2:ModifySnapshotAttribute',
  resource: anySnapshot,
  conditions: { Null: { 'ec2:Add/userId': 'false', 'ec2:Add/group': 'true' } },
};

/** Adds or removes these permissions, and leaves all others: a reset would remove the named accounts too. */
export function changeSharing(
  SnapshotId: string,
  OperationType: 'add' | 'remove',
  whom: { readonly GroupNames: ['all'] } | { readonly UserIds: string[] },
): ModifySnapshotAttributeCommand {
  return new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType, ...whom });
}

/** Calls that add or remove permissions which hold such a member, in the shape that both forms of the request leave. */
export function sharingCalls(operation: 'add' | 'remove', item: NonNullable<Trigger['where']>): Trigger {
  return {
    ...snapshots.calls('ModifySnapshotAttribute'),
    where: { requestParameters: { createVolumePermission: { [operation]: { items: item } } } },
  };
}

/** What EC2 records by itself when another account uses a shared snapshot; it does not say which account. */
export const useBySomebody: Trigger = {
  ...snapshots.calls('SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated'),
  detailType: 'AWS Service Event via CloudTrail',
};

/** That another account used a snapshot, and when, ISO 8601. */
export type Use = { readonly did: 'made a volume from it' | 'copied it'; readonly at: string };

/** The use that a record is about, if it is about one. */
export function useIn({ eventName, eventTime }: CloudTrailRecord): Use | undefined {
  if (eventName === 'SharedSnapshotVolumeCreated') return { did: 'made a volume from it', at: eventTime };
  return eventName === 'SharedSnapshotCopyInitiated' ? { did: 'copied it', at: eventTime } : undefined;
}

/** The same as a sentence. */
export function useSays({ did, at }: Use): string {
  return `Another account ${did} at ${at}; AWS does not record which.`;
}

/** What a person does about it. */
export const afterUse =
  'Count what is on it as known to others: change every secret that it holds. What was made from it stays with whoever made it.';

/** What to look for in code that shares a snapshot with everybody. */
export const codeThatShares = {
  cloudFormation: 'no resource shares a snapshot: look for a custom resource whose function does, and for scripts beside the stack.',
  terraform: 'no resource makes a snapshot public: look for a `local-exec` or an external script that does.',
  cdk: 'no construct shares a snapshot: look for an AwsCustomResource that calls `modifySnapshotAttribute`.',
} as const;
