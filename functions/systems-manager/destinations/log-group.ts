import { classify } from '#shared/aws/errors.ts';
import type { Permission, Reader } from '#shared/control/types.ts';
import { anyLogGroup, groupsByName } from '../log-groups/groups.ts';

/** What is known of a log group that something writes to, by its name alone. */
export type LogGroup =
  /** `key` is its customer key; without one CloudWatch Logs encrypts with keys of its own, which Session Manager does not count. */
  | { readonly is: 'own'; readonly key?: string }
  | { readonly is: 'missing' }
  | { readonly is: 'hidden' }
  /** Not the name of a log group: an ARN, say. */
  | { readonly is: 'no name' };

/** What a look at a log group takes. */
export const logGroupReads: readonly Permission[] = [{ action: 'logs:DescribeLogGroups', resource: anyLogGroup }];

/** Looks at a log group: whether it is there, and under which key. */
export async function logGroupNamed(name: string, read: Reader): Promise<LogGroup> {
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  if (!/^[\w./#-]{1,512}$/.test(name)) return { is: 'no name' };
  try {
    const found = (await read.many(groupsByName, [name])).get(name);
    if (!found) return { is: 'missing' };
    return { is: 'own', ...(found.kmsKeyId && { key: found.kmsKeyId }) };
  } catch (error) {
    if (classify(error) === 'denied') return { is: 'hidden' };
    throw error;
  }
}
