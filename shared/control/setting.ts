import { arnOf, type Kind } from './kind.ts';
import type { Change, Json, Loader, Permission, Reader, Trigger } from './types.ts';

/** What has to be said of a setting of an account, of which there is one a Region. */
export interface SettingProps<State extends Json> extends Pick<Kind, 'noun' | 'plural' | 'console' | 'recordedIn' | 'unwatched'> {
  readonly eventSource: string;
  /** The calls that change it. */
  readonly changed: readonly string[];
  /** What a record of theirs must show, where they change other settings too. */
  readonly where?: Trigger['where'];
  /** Whether it is one for all Regions. */
  readonly isGlobal?: boolean;
  readonly reads: readonly Permission[];
  read(read: Reader, account: string): Promise<Setting<State>>;
  /** The calls that bring a previous state back; only what differs is sent. */
  restore(before: State, now: State): readonly Change[];
}

/** A setting as it is; `managedBy` is AWS's own word, such as `declarative-policy`. */
export interface Setting<State extends Json> {
  readonly state: State;
  readonly managedBy?: string | undefined;
}

/** Account settings are found by the account's own number. */
export const ACCOUNT = 'AWS::::Account';

/** A setting of an account; a control of it puts the previous value back without saying how. */
export function accountSetting<State extends Json>(
  props: SettingProps<State>,
): Kind<Setting<State>> & Pick<SettingProps<State>, 'restore'> {
  const { noun, plural, console, reads, eventSource, changed, where, isGlobal = false, recordedIn, unwatched, restore } = props;
  const items: Loader<Setting<State>> = {
    name: `the setting ${noun}`,
    max: 1,
    load: async ([id], read) => new Map(id === undefined ? [] : [[id, await props.read(read, id)]]),
  };
  return {
    is: 'setting',
    type: ACCOUNT,
    noun,
    plural,
    console,
    reads,
    isGlobal,
    items,
    securityHub: 'AwsAccount',
    created: [{ eventSource, eventNames: [...changed], ...(where && { where }) }],
    ...(recordedIn && { recordedIn }),
    ...(unwatched && { unwatched }),
    arnOf: (id, place) => arnOf('arn:{partition}:iam::{id}:root', id, place),
    calls: (...eventNames) => ({ eventSource, eventNames }),
    example: () => ({ eventSource, eventName: changed[0] ?? '', requestParameters: null, responseElements: null }),
    idsIn: () => [],
    targets: (_record, { account }) => [{ type: ACCOUNT, id: account }],
    list: async (_read, { account }) => ({ items: [account] }),
    live: async (ids, read) => {
      const found = await read.many(items, ids);
      return new Map([...found].map(([id, { managedBy }]) => [id, { tags: [], leave: leaveSetting(managedBy) }]));
    },
    restore,
  };
}

function leaveSetting(managedBy: string | undefined): string | undefined {
  if (managedBy === undefined || managedBy === 'account') return undefined;
  return managedBy === 'declarative-policy'
    ? 'A declarative policy of the organization sets it, so it is left unchanged: change the policy.'
    : `AWS says that ${managedBy} manages it, so it is left unchanged.`;
}
