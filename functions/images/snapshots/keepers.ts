import type { Snapshot } from '@aws-sdk/client-ec2';
import { allTags, tagOf } from '#shared/control/tag.ts';

/** A service that makes snapshots by a plan of its owner, and deletes them by it: a copy beside them would stay for ever. */
export interface Keeper {
  /** The service and its plan, as a sentence goes on after `The snapshot is one of `. */
  readonly says: string;
  readonly advice: string;
}

/** The service whose plan a snapshot belongs to, by tags that only AWS writes. */
export function keeperOf({ Tags }: Snapshot): Keeper | undefined {
  const tags = allTags(Tags);
  const policy = tagOf(tags, 'aws:dlm:lifecycle-policy-id');
  if (policy !== undefined || tags.some(({ Key }) => Key.startsWith('aws:dlm:'))) {
    return {
      says: `the policy ${policy ?? 'of a name that AWS does not show'} of Amazon Data Lifecycle Manager`,
      advice:
        'Encrypt the volume: its later snapshots are encrypted then. Copies that the policy makes in other Regions are encrypted with `Encrypted: true` in its `CrossRegionCopyRules`.',
    };
  }
  // [U] which tags AWS Backup writes on a snapshot, and whether one names its plan, is not documented
  const ofBackup = tags.filter(({ Key }) => Key.startsWith('aws:backup:'));
  if (ofBackup.length === 0) return undefined;
  const plan = ofBackup.find(({ Key }) => /plan/i.test(Key))?.Value;
  return {
    says: `${plan ? `the plan ${plan}` : 'a plan'} of AWS Backup`,
    advice:
      'Encrypt the volume: its later backups are encrypted then. A copy action of the plan to another vault encrypts with the key of that vault.',
  };
}
