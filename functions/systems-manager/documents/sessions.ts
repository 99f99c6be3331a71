import { DescribeInstanceInformationCommand, type DocumentIdentifier } from '@aws-sdk/client-ssm';
import { type Bucket, bucketNamed } from '#shared/aws/bucket.ts';
import { isGone } from '#shared/aws/documents.ts';
import type { Place, Reader } from '#shared/control/types.ts';
import { type LogGroup, logGroupNamed } from '../destinations/log-group.ts';
import { versionOf } from './content.ts';
import { PREFERENCES, Preferences } from './preferences.ts';

/** One version of the preferences, and what is known of where it sends logs. */
export interface Version {
  readonly preferences: Preferences;
  readonly bucket?: Bucket;
  readonly group?: LogGroup;
}

/** All that is known of the preferences of Session Manager. */
export type Facts =
  /** Then no session is logged, which matters where there is a node. */
  | { readonly is: 'absent'; readonly hasNodes: boolean }
  /** A shape that Redress does not know. */
  | { readonly is: 'unknown' }
  | {
      readonly is: 'there';
      readonly isYaml: boolean;
      readonly newest: Version;
      /** The default version, where it is another: [U] AWS does not say which of the two sessions use. */
      readonly standing?: Version;
    };

/** Reads the preferences; undefined while AWS's answers disagree on whether there are any. */
export async function preferencesOf(item: DocumentIdentifier | undefined, read: Reader, place: Place): Promise<Facts | undefined> {
  try {
    const [latest, byDefault] = await Promise.all(
      (['$LATEST', 'default'] as const).map((version) => versionOf(item ?? { Name: PREFERENCES }, version, read)),
    );
    // the list lags behind what was just made
    if (!item) return undefined;
    const newest = latest && Preferences.of(latest);
    const standing = byDefault && Preferences.of(byDefault);
    if (!newest || !standing) return { is: 'unknown' };
    return {
      is: 'there',
      isYaml: item.DocumentFormat === 'YAML',
      newest: await lookedAt(newest, read, place),
      ...(standing.version !== newest.version && { standing: await lookedAt(standing, read, place) }),
    };
  } catch (error) {
    if (!isGone(error)) throw error;
    return item ? undefined : { is: 'absent', hasNodes: await hasNodes(read) };
  }
}

/** Whether there is a node that a session could be on. */
async function hasNodes(read: Reader): Promise<boolean> {
  const { InstanceInformationList = [] } = await read(new DescribeInstanceInformationCommand({ MaxResults: 5 }));
  return InstanceInformationList.length > 0;
}

async function lookedAt(preferences: Preferences, read: Reader, place: Place): Promise<Version> {
  const { bucket, group } = preferences;
  const [itsBucket, itsGroup] = await Promise.all([
    bucket === undefined ? undefined : bucketNamed(bucket, read, place),
    group === undefined ? undefined : logGroupNamed(group, read),
  ]);
  return { preferences, ...(itsBucket && { bucket: itsBucket }), ...(itsGroup && { group: itsGroup }) };
}

/** Why nothing is written: YAML would lose its comments, and somebody else's newest version need not be meant to stand. */
export function obstacleTo({ isYaml, newest, standing }: Facts & { readonly is: 'there' }): 'yaml' | 'versions' | undefined {
  if (isYaml) return 'yaml';
  if (!standing) return undefined;
  const isOurStep = newest.preferences.isOurs && newest.preferences.isSameButFlags(standing.preferences);
  return isOurStep ? undefined : 'versions';
}
