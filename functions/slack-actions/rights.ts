import type { SlackActions } from '#shared/finding/slack-actions.ts';
import type { Click } from './click.ts';

/** Why somebody may not order this for an account, as a sentence for them; undefined if they may. What cannot be read grants nothing. */
export async function refusalOf(
  { user, order }: Pick<Click, 'user' | 'order'>,
  account: string,
  { workspaces, allow }: SlackActions,
  membersOf: (group: string) => Promise<readonly string[]>,
): Promise<string | undefined> {
  if (user.workspace === undefined || !workspaces.includes(user.workspace)) return 'You are not of a workspace that may act on findings.';
  const grants = allow.filter((grant) => ['*', account].includes(grant.account) && (grant.orders?.includes(order) ?? true));
  if (grants.some(({ users = [] }) => users.includes(user.id))) return undefined;
  const groups = [...new Set(grants.flatMap(({ groups = [] }) => groups))];
  const read = await Promise.allSettled(groups.map(membersOf));
  if (read.some((members) => members.status === 'fulfilled' && members.value.includes(user.id))) return undefined;
  const failed = groups.filter((_group, n) => read[n]?.status === 'rejected');
  if (failed.length > 0)
    return `Slack did not say who is in the user group ${failed.join(', ')}, so you may not ${order} for now. Try again.`;
  return `You may not ${order} findings of the account ${account}. Whoever maintains the configuration of Redress can allow it.`;
}
