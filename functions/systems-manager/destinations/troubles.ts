import * as v from 'valibot';
import { bucketNamed } from '#shared/aws/bucket.ts';
import { code, option } from '#shared/control/command.ts';
import type { Place, Reader, Severity, Verdict } from '#shared/control/types.ts';
import { logGroupNamed } from './log-group.ts';

/** What is wrong with a place that something writes to: how it is, how much that matters, and what a person does about it. */
export interface Trouble {
  readonly says: string;
  readonly severity: Severity;
  readonly advice: string;
  /** Whether it is only that there is no customer key. */
  readonly isOfKey?: boolean;
}

/** Buckets of others that a person has asked about. */
export const knownBuckets = v.pipe(
  v.optional(v.array(v.string()), []),
  v.description(
    'Buckets of other accounts or Regions whose owners say that they are private and under a customer key. Nobody else can ask there.',
  ),
);

const ranks: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const ofAws = /(^|:)alias\/aws\//;

/**
 * What is wrong with the bucket of this name: whose it is, whether it is public, and its key. [U] An ARN in the place of an alias of AWS is
 * taken for a customer key.
 */
export async function troublesOfBucket(name: string, known: readonly string[], read: Reader, place: Place): Promise<readonly Trouble[]> {
  const bucket = await bucketNamed(name, read, place);
  if (bucket.is === 'no name') {
    // what is no name may be any text
    return [{ says: 'names a bucket as no bucket can be called', severity: 'low', advice: 'Name a bucket by its name, without `s3://`.' }];
  }
  if (bucket.is === 'missing') {
    const advice = `Make the bucket ${name}, or name another one: whoever makes a bucket of that name first gets what is written there.`;
    return [{ says: `goes to the bucket ${name}, which does not exist`, severity: 'high', advice }];
  }
  if (bucket.is !== 'own') {
    if (known.includes(name)) return [];
    const [where, severity] =
      bucket.is === 'hidden'
        ? (['is of another account, or Redress may not look at it', 'medium'] as const)
        : (['is in another Region, where Redress does not look', 'low'] as const);
    const advice = `Ask the owner of ${name} whether it is private and under a customer key. If it is, add it to \`knownBuckets\`.`;
    return [{ says: `goes to the bucket ${name}, which ${where}`, severity, advice }];
  }
  const troubles: Trouble[] = [];
  if (bucket.isPublic !== false) {
    const [says, severity] =
      bucket.isPublic === true
        ? (['whose policy makes it public', 'critical'] as const)
        : (['and Redress may not see whether that is public', 'low'] as const);
    troubles.push({ says: `goes to the bucket ${name}, ${says}`, severity, advice: `Block public access to ${name}.` });
  }
  if (bucket.key === undefined || ofAws.test(bucket.key)) {
    const advice = `Set a default encryption with a customer key for ${name}, and let whoever writes there use the key. Old objects stay as they are.`;
    troubles.push({ says: `goes to the bucket ${name}, which has no customer key`, severity: 'low', advice, isOfKey: true });
  }
  return troubles;
}

/** What is wrong with the log group of this name. */
export async function troublesOfGroup(name: string, read: Reader): Promise<readonly Trouble[]> {
  const group = await logGroupNamed(name, read);
  if (group.is === 'no name') {
    return [{ says: 'names a log group as none can be called', severity: 'low', advice: 'Name a log group by its name, not by its ARN.' }];
  }
  if (group.is === 'hidden') {
    const advice = 'Allow the role of Redress `logs:DescribeLogGroups`, or look yourself.';
    return [{ says: `goes to the log group ${name}, and Redress may not look at it`, severity: 'low', advice }];
  }
  if (group.is === 'own' && group.key !== undefined) return [];
  const says =
    group.is === 'missing' ? 'which does not exist: Systems Manager makes it without a customer key' : 'which has no customer key';
  const command = `aws logs associate-kms-key ${option('log-group-name', name)} --kms-key-id KEY_ARN`;
  const advice = `Let CloudWatch Logs use a customer key by its policy, and give it to the log group ${name} with ${code(command)}.`;
  return [{ says: `goes to the log group ${name}, ${says}`, severity: 'low', advice }];
}

/** The verdict on places, `what` being what is written there, as a sentence begins. */
export function verdictOnPlaces(what: string, troubles: readonly Trouble[], fine: string): Verdict {
  if (troubles.length === 0) return { is: 'compliant', says: fine };
  const worst = troubles.map(({ severity }) => ranks.indexOf(severity)).reduce((one, other) => Math.max(one, other));
  return {
    is: 'violation',
    says: troubles.map(({ says }) => `${what} ${says}.`).join(' '),
    risk: troubles
      .map(({ says }) => says)
      .sort()
      .join('; '),
    severity: ranks[worst] ?? 'low',
    advice: [...new Set(troubles.map(({ advice }) => advice))],
  };
}
