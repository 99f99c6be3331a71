import type { Membership } from './emulator/members.ts';
import { type Callers, userCredentials } from './trail/callers.ts';
import { account } from './trail/identity.ts';

/** An account of the local organization, with the credentials of its administrator. */
export interface LocalAccount {
  readonly id: string;
  readonly name: string;
  readonly role: 'hub' | 'member';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The accounts of an organization, to which they belong from now on; without one only the own. */
export function accountsOf(membership: Membership | undefined, callers: Callers): readonly LocalAccount[] {
  const ids = [...new Set([account, ...(membership?.places ?? []).map((one) => one.account)])];
  if (membership) callers.join(membership.organization, ids);
  const [, ...members] = ids.map((id, n) => ({ id, name: `member-${n}`, role: 'member' as const }));
  return [
    { id: account, name: 'hub', role: 'hub', ...userCredentials, sessionToken: '' },
    ...members.map((one) => ({ ...one, ...callers.userIn(one.id) })),
  ];
}
