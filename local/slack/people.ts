import type { SlackConfig } from '#shared/finding/alerts-config.ts';
import { account } from '../trail/identity.ts';

/** Somebody as whom the page can be looked at, and its buttons clicked. */
interface Clicker {
  readonly id: string;
  readonly name: string;
  /** Whether the config lets them act. */
  readonly mayAct: boolean;
}

/** The people of the local Slack, as far as a config knows them. */
export interface People {
  /** Who can click, first who may; nobody where clicks are not configured. */
  readonly clickers: readonly Clicker[];
  /** The members of the user groups that may act. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The names of users and groups by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** Who has no right by any config. */
const stranger: Clicker = { id: 'U0STRANGER', name: 'stranger', mayAct: false };
/** Who is put into a group that may act, where the config names no user. */
const MEMBER = 'U0MEMBER';

/** The people of a config: one whom its first grant for this account lets act, and a stranger. */
export function peopleOf({ actions, owners = {} }: SlackConfig): People {
  const names = new Map(Object.entries(owners).map(([name, id]) => [id, name]));
  if (!actions) return { clickers: [], groups: new Map(), names };
  const grant = actions.allow.find((one) => ['*', account].includes(one.account)) ?? { users: [], groups: [] };
  const id = grant.users?.[0] ?? (grant.groups?.[0] === undefined ? undefined : MEMBER);
  const groups = new Map(actions.allow.flatMap((one) => one.groups ?? []).map((group): [string, string[]] => [group, []]));
  if (id === MEMBER) groups.set(grant.groups?.[0] ?? '', [MEMBER]);
  const allowed = id === undefined ? [] : [{ id, name: names.get(id) ?? 'member', mayAct: true }];
  const clickers = [...allowed, stranger];
  for (const one of clickers) names.set(one.id, one.name);
  return { clickers, groups, names };
}
