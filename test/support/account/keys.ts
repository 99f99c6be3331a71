import type { Image, Snapshot, Volume } from '@aws-sdk/client-ec2';
import type { KeyMetadata, KeyState } from '@aws-sdk/client-kms';
import { callEvent } from '../../fixtures/events.ts';
import { awsError, place } from '../harness.ts';
import { type Answering, answering } from './answering.ts';

/** The id and the ARN of the key that tests are about. */
export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const keyArn = `arn:aws:kms:${place.region}:${place.account}:key/${keyId}`;

/** The key, and what is under it; absent members are empty. */
export interface KeyWorldProps extends Partial<Omit<KeyMetadata, 'KeyState'>> {
  readonly state: KeyState;
  /** Under which name EBS has it as its default; absent where another key is. */
  readonly isDefaultAs?: string;
  readonly aliases?: readonly string[];
  readonly tags?: { readonly [key: string]: string };
  readonly volumes?: readonly Volume[];
  readonly snapshots?: readonly Snapshot[];
  readonly images?: readonly Image[];
  /** Parameters, by the name of the key as each has it. */
  readonly parameters?: { readonly [name: string]: string };
  /** Log groups and topics, by the key that each is under. */
  readonly logGroups?: { readonly [name: string]: string | undefined };
  readonly topics?: { readonly [name: string]: string | undefined };
  readonly lastUse?: { readonly operation: string; readonly at: string };
}

export interface KeyWorld extends Answering {
  state: KeyState;
}

/** A KMS with one key, and the services that need it. */
export function keyWorld({ state, isDefaultAs, tags = {}, aliases = [], ...more }: KeyWorldProps): KeyWorld {
  const { volumes = [], snapshots = [], images = [], parameters = {}, logGroups = {}, topics = {}, lastUse, ...metadata } = more;
  const own = (KeyId: string | undefined) => {
    if (KeyId !== keyId && KeyId !== keyArn) throw awsError('NotFoundException', `Key '${KeyId}' does not exist`);
  };
  const only =
    (from: readonly KeyState[], to: KeyState) =>
    ({ KeyId }: { KeyId: string }) => {
      own(KeyId);
      if (!from.includes(world.state)) throw awsError('KMSInvalidStateException', `${keyArn} is in ${world.state} state.`);
      world.state = to;
      return { KeyId: keyArn };
    };
  // the first page of a list is empty, as AWS's may be
  const paged = <Item>(member: string, items: readonly Item[], NextToken: string | undefined) =>
    NextToken ? { [member]: items } : { [member]: [], NextToken: 'more' };
  const inner = answering({
    'kms:ListKeys': () => ({ Keys: [{ KeyId: keyId, KeyArn: keyArn }], Truncated: false }),
    'kms:DescribeKey': ({ KeyId }: { KeyId: string }) => {
      own(KeyId);
      return { KeyMetadata: { KeyId: keyId, Arn: keyArn, KeyManager: 'CUSTOMER', KeyState: world.state, ...metadata } };
    },
    'kms:ListResourceTags': () => ({ Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })), Truncated: false }),
    'kms:ListAliases': () => ({
      Aliases: aliases.map((AliasName) => ({ AliasName, AliasArn: `arn:aws:kms:${place.region}:${place.account}:${AliasName}` })),
      Truncated: false,
    }),
    'kms:GetKeyLastUsage': () => ({
      KeyId: keyArn,
      ...(lastUse && { KeyLastUsage: { Operation: lastUse.operation, Timestamp: new Date(lastUse.at) } }),
    }),
    'kms:CancelKeyDeletion': only(['PendingDeletion', 'PendingReplicaDeletion'], 'Disabled'),
    'kms:EnableKey': only(['Enabled', 'Disabled'], 'Enabled'),
    'kms:DisableKey': only(['Enabled', 'Disabled'], 'Disabled'),
    'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId: isDefaultAs ?? 'alias/aws/ebs' }),
    'ec2:DescribeVolumes': ({ NextToken }: { NextToken?: string }) => paged('Volumes', volumes, NextToken),
    'ec2:DescribeSnapshots': ({ NextToken }: { NextToken?: string }) => paged('Snapshots', snapshots, NextToken),
    'ec2:DescribeImages': ({ NextToken }: { NextToken?: string }) => paged('Images', images, NextToken),
    'ssm:DescribeParameters': ({ ParameterFilters: [filter] = [] }: { ParameterFilters?: { Key?: string; Values?: string[] }[] }) => {
      if (filter?.Key !== 'KeyId') throw new Error('this world knows parameters by their key only');
      const found = Object.entries(parameters).filter(([, key]) => filter.Values?.includes(key));
      return { Parameters: found.map(([Name]) => ({ Name })) };
    },
    'logs:DescribeLogGroups': () => ({
      logGroups: Object.entries(logGroups).map(([logGroupName, kmsKeyId]) => ({ logGroupName, kmsKeyId })),
    }),
    'sns:ListTopics': () => ({ Topics: Object.keys(topics).map((name) => ({ TopicArn: topicArn(name) })) }),
    'sns:GetTopicAttributes': ({ TopicArn }: { TopicArn: string }) => {
      const key = topics[TopicArn.split(':').at(-1) ?? ''];
      return { Attributes: { TopicArn, ...(key && { KmsMasterKeyId: key }) } };
    },
  });
  const world: KeyWorld = Object.assign(inner, { state });
  return world;
}

const topicArn = (name: string) => `arn:aws:sns:${place.region}:${place.account}:${name}`;

/** A call about the key, in the recorded shape. */
export function keyCall(
  eventName: 'DisableKey' | 'ScheduleKeyDeletion' | 'DeleteImportedKeyMaterial',
  { keyId: named = keyId, ...fields }: { readonly keyId?: string; readonly [field: string]: unknown } = {},
) {
  const isScheduled = eventName === 'ScheduleKeyDeletion';
  return callEvent(
    eventName,
    {
      requestParameters: { keyId: named, ...(isScheduled && { pendingWindowInDays: 30, overridePendingWindowCheck: false }) },
      responseElements: isScheduled ? { keyId: keyArn, deletionDate: 'Dec 21, 2026 12:00:00 AM' } : null,
      resources: [{ ARN: keyArn, accountId: place.account, type: 'AWS::KMS::Key' }],
      ...fields,
    },
    'kms.amazonaws.com',
  );
}
