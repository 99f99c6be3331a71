import { DescribeImagesCommand, DescribeSnapshotsCommand, DescribeVolumesCommand, GetEbsDefaultKmsKeyIdCommand } from '@aws-sdk/client-ec2';
import { GetKeyLastUsageCommand, ListAliasesCommand } from '@aws-sdk/client-kms';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { classify } from '#shared/aws/errors.ts';
import { ifThere } from '#shared/aws/loaders.ts';
import { firstItems, onePageBy, pagesUpTo } from '#shared/aws/pages.ts';
import type { Permission, Reader } from '#shared/control/types.ts';
import { NAMED, type Public } from '../public.ts';

/** Things of one sort under a key, such as `volume`. */
interface Need extends Public {
  readonly noun: string;
}

/** What is known of who needs a key. */
export interface Needs {
  /** Whether EBS encrypts new volumes of the Region under it. */
  readonly isDefault: boolean;
  readonly by: readonly Need[];
  /** Sorts of things of which not all were looked at. */
  readonly unseen: readonly string[];
  /** The last operation under it; undefined where AWS does not say, null where none is recorded. */
  readonly lastUse: { readonly operation: string; readonly at: Date } | null | undefined;
}

/** What finding that out takes. */
export const needReads: readonly Permission[] = [
  { action: 'ec2:GetEbsDefaultKmsKeyId' },
  { action: 'ec2:DescribeVolumes' },
  { action: 'ec2:DescribeSnapshots' },
  { action: 'ec2:DescribeImages' },
  { action: 'ssm:DescribeParameters' },
  { action: 'kms:ListAliases' },
  { action: 'kms:GetKeyLastUsage', resource: 'arn:{partition}:kms:{region}:{account}:key/*' },
  { action: 'logs:DescribeLogGroups', resource: 'arn:{partition}:logs:{region}:{account}:log-group:*' },
  { action: 'sns:ListTopics' },
  { action: 'sns:GetTopicAttributes', resource: 'arn:{partition}:sns:{region}:{account}:*' },
];

/** So many pages of a list are read: of 500 volumes, 1,000 snapshots or images, 50 parameters. */
const PAGES = 10;
/** So many log groups and topics are looked at; AWS shows the key of a topic by a call for each. */
const MOST_LOG_GROUPS = 500;
const MOST_TOPICS = 100;
/** So many calls at once. */
const AT_ONCE = 10;

interface Seen<Item> {
  readonly items: readonly Item[];
  readonly isComplete: boolean;
}

/** Whether a text that names a key means this one. */
type Means = (text: string | undefined) => boolean;

/** Looks who needs a key, with a bounded number of calls; what AWS does not show counts as not looked at. */
export async function needsOf(arn: string, read: Reader): Promise<Needs> {
  const names = await namesOf(arn, read);
  const means: Means = (text) => text !== undefined && names.has(text);
  const snapshots = await seen('snapshot', () => snapshotsUnder(means, read));
  const [byDefault, lastUse, volumes, ...others] = await Promise.all([
    read(new GetEbsDefaultKmsKeyIdCommand({})),
    lastUseOf(arn, read),
    seen('volume', () => volumesUnder(means, read)),
    seen('image', () => imagesOf(snapshots.items, read)),
    seen('parameter', () => parametersUnder([...names], read)),
    seen('log group', () => logGroupsUnder(means, read)),
    seen('topic', () => topicsUnder(means, read)),
  ]);
  const all = [volumes, snapshots, ...others];
  return {
    isDefault: means(byDefault.KmsKeyId),
    by: all.filter(({ items }) => items.length > 0).map(({ noun, items }) => ({ noun, ...first(items) })),
    unseen: all.filter(({ isComplete }) => !isComplete).map(({ noun }) => `${noun}s`),
    lastUse,
  };
}

/** Every name of a key: its id, its ARN, and its aliases in both forms. */
async function namesOf(arn: string, read: Reader): Promise<ReadonlySet<string>> {
  const { items } = await firstItems(AT_ONCE * NAMED, (from) =>
    onePageBy(
      read,
      (Marker) => new ListAliasesCommand({ KeyId: arn, ...(Marker && { Marker }) }),
      ({ Aliases }) => Aliases,
      ({ NextMarker }) => NextMarker,
      from,
    ),
  );
  return new Set([
    arn,
    arn.split('/').at(-1) ?? arn,
    ...items.flatMap(({ AliasName = [], AliasArn = [] }) => [AliasName, AliasArn].flat()),
  ]);
}

/** Ids in order, as many as a sentence names. */
function first(items: readonly string[]): Public {
  return { ids: items.toSorted().slice(0, NAMED), isComplete: items.length <= NAMED };
}

/** A list, or that AWS does not show it. */
async function seen(noun: string, look: () => Promise<Seen<string>>): Promise<Seen<string> & { readonly noun: string }> {
  try {
    return { noun, ...(await look()) };
  } catch (error) {
    if (classify(error) !== 'denied') throw error;
    return { noun, items: [], isComplete: false };
  }
}

const isEncrypted = [{ Name: 'encrypted', Values: ['true'] }];

async function volumesUnder(means: Means, read: Reader): Promise<Seen<string>> {
  const describing = (token: object) => new DescribeVolumesCommand({ Filters: isEncrypted, MaxResults: 500, ...token });
  const { items, isComplete } = await pagesUpTo(PAGES, read, describing, ({ Volumes }) => Volumes);
  return { isComplete, items: items.flatMap(({ VolumeId = [], KmsKeyId }) => (means(KmsKeyId) ? VolumeId : [])) };
}

async function snapshotsUnder(means: Means, read: Reader): Promise<Seen<string>> {
  const describing = (token: object) =>
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: isEncrypted, MaxResults: 1000, ...token });
  const { items, isComplete } = await pagesUpTo(PAGES, read, describing, ({ Snapshots }) => Snapshots);
  return { isComplete, items: items.flatMap(({ SnapshotId = [], KmsKeyId }) => (means(KmsKeyId) ? SnapshotId : [])) };
}

/** Own images that are made of such snapshots. */
async function imagesOf(snapshots: readonly string[], read: Reader): Promise<Seen<string>> {
  if (snapshots.length === 0) return { items: [], isComplete: true };
  const describing = (token: object) => new DescribeImagesCommand({ Owners: ['self'], MaxResults: 1000, ...token });
  const { items, isComplete } = await pagesUpTo(PAGES, read, describing, ({ Images }) => Images);
  const under = new Set(snapshots);
  const isOfIt = ({ BlockDeviceMappings = [] }: (typeof items)[number]) =>
    BlockDeviceMappings.some(({ Ebs }) => under.has(Ebs?.SnapshotId ?? ''));
  return { isComplete, items: items.filter(isOfIt).flatMap(({ ImageId }) => ImageId ?? []) };
}

/** A parameter keeps the name of its key as somebody wrote it. */
async function parametersUnder(names: readonly string[], read: Reader): Promise<Seen<string>> {
  // AWS takes 50 values of a filter
  const ParameterFilters = [{ Key: 'KeyId', Values: names.slice(0, 50) }];
  const describing = (token: object) => new DescribeParametersCommand({ ParameterFilters, MaxResults: 50, ...token });
  const { items, isComplete } = await pagesUpTo(PAGES, read, describing, ({ Parameters }) => Parameters);
  return { isComplete, items: items.flatMap(({ Name }) => Name ?? []) };
}

async function logGroupsUnder(means: Means, read: Reader): Promise<Seen<string>> {
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { items, isComplete } = await firstItems(MOST_LOG_GROUPS, (from) =>
    onePageBy(
      read,
      (nextToken) => new DescribeLogGroupsCommand({ limit: 50, ...(nextToken && { nextToken }) }),
      ({ logGroups }) => logGroups,
      ({ nextToken }) => nextToken,
      from,
    ),
  );
  return { isComplete, items: items.flatMap(({ logGroupName = [], kmsKeyId }) => (means(kmsKeyId) ? logGroupName : [])) };
}

async function topicsUnder(means: Means, read: Reader): Promise<Seen<string>> {
  const { GetTopicAttributesCommand, ListTopicsCommand } = await import('@aws-sdk/client-sns');
  const { items, isComplete } = await firstItems(MOST_TOPICS, (from) =>
    onePageBy(
      read,
      (NextToken) => new ListTopicsCommand(NextToken ? { NextToken } : {}),
      ({ Topics }) => Topics,
      ({ NextToken }) => NextToken,
      from,
    ),
  );
  const arns = items.flatMap(({ TopicArn }) => TopicArn ?? []);
  const found: string[] = [];
  for (let at = 0; at < arns.length; at += AT_ONCE) {
    const part = arns.slice(at, at + AT_ONCE).map(async (TopicArn) => {
      const answer = await ifThere(read(new GetTopicAttributesCommand({ TopicArn })));
      return means(answer?.Attributes?.['KmsMasterKeyId']) ? (TopicArn.split(':').at(-1) ?? []) : [];
    });
    found.push(...(await Promise.all(part)).flat());
  }
  return { isComplete, items: found };
}

/** The last use that KMS recorded; undefined where it is not allowed to say, or does not have that call. */
async function lastUseOf(arn: string, read: Reader): Promise<Needs['lastUse']> {
  try {
    const { KeyLastUsage } = await read(new GetKeyLastUsageCommand({ KeyId: arn }));
    const { Operation: operation, Timestamp: at } = KeyLastUsage ?? {};
    return operation && at ? { operation, at } : null;
  } catch (error) {
    // [U] a partition that does not have the call yet refuses it as unknown
    if (['denied', 'refused'].includes(classify(error))) return undefined;
    throw error;
  }
}
