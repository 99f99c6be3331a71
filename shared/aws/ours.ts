import type { Place } from '#shared/control/types.ts';
import { roleOf } from '#shared/finding/names.ts';

/**
 * Whether the principal that AWS names is the role of one of Redress's own functions; `unknown` where it names nobody.
 * [U] An assumed role shows by the ARN of its session; its own ARN is taken too.
 */
export function isByFunction(user: string | undefined, id: string, { partition, account, region }: Place): 'yes' | 'no' | 'unknown' {
  if (!user?.startsWith('arn:')) return 'unknown';
  const role = roleOf(id, region);
  const isOurs =
    user.startsWith(`arn:${partition}:sts::${account}:assumed-role/${role}/`) || user === `arn:${partition}:iam::${account}:role/${role}`;
  return isOurs ? 'yes' : 'no';
}
