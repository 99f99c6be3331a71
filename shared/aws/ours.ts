import type { Place } from '#shared/control/types.ts';
import { functionOf, MEMBER_PATH, roleOf } from '#shared/finding/names.ts';

/**
 * Whether the principal that AWS names is the role of one of Redress's own functions; `unknown` where it names nobody.
 * [U] An assumed role shows by the ARN of its session; its own ARN is taken too.
 */
export function isByFunction(user: string | undefined, id: string, place: Place): 'yes' | 'no' | 'unknown' {
  if (!user?.startsWith('arn:')) return 'unknown';
  const { partition, account, region, isMember } = place;
  const role = isMember ? functionOf(id) : roleOf(id, region);
  const path = isMember ? MEMBER_PATH : '/';
  // the ARN of a session has no path
  const isOurs =
    user.startsWith(`arn:${partition}:sts::${account}:assumed-role/${role}/`) ||
    user === `arn:${partition}:iam::${account}:role${path}${role}`;
  return isOurs ? 'yes' : 'no';
}
