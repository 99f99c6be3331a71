import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Context, Reader } from '#shared/control/control.ts';
import { joined, type KeyState, keyStates } from './ebs-key.ts';
import { allGroups } from './groups.ts';
import { launchersOf, type Others } from './launchers.ts';

/** Who launches with keys. */
export interface Who {
  /** Those of the Region's groups whose roles have to use the keys. */
  groups(all: readonly AutoScalingGroup[]): readonly AutoScalingGroup[];
  /** Whoever launches otherwise. */
  others(): Promise<Others>;
}

/** What stands in the way of launches with keys, whoever launches; undefined without a key. */
export async function keyForLaunches(keyIds: readonly string[], who: Who, read: Reader, context: Context): Promise<KeyState | undefined> {
  const found = await keyStates(keyIds, [], read, context);
  // AWS's own key is open to the whole account, and under a key that does not work nobody launches
  if (!found?.isCustomerKey || found.problem || found.doubt) return found;
  const [groups, others] = await Promise.all([allGroups(read), who.others()]);
  const state = await keyStates(keyIds, [...launchersOf(who.groups(groups), context), ...others.who], read, context);
  return state && { ...state, ...joined([state, others.doubt ? { ...others, problem: undefined } : state]) };
}
