import type { PlayedOrganization } from './emulator/organization.ts';
import { type Callers, userCredentials } from './trail/callers.ts';
import { account } from './trail/identity.ts';

/** An account of the local organization, with the credentials of its administrator. */
export interface LocalAccount {
  readonly id: string;
  readonly name: string;
  /** The hub, a member, or what administers StackSets, where these are played. */
  readonly role: 'hub' | 'member' | 'administrator';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The accounts of an organization as they are now, which belong to it from then on; without one only the own. */
export function accountsOf(organization: PlayedOrganization | undefined, callers: Callers): readonly LocalAccount[] {
  const hub: LocalAccount = { id: account, name: 'hub', role: 'hub', ...userCredentials, sessionToken: '' };
  if (!organization) return [hub];
  const { id: of, accounts, administrator, hasStackSets } = organization;
  callers.join(of, hasStackSets ? [...accounts, administrator] : accounts);
  const [, ...members] = accounts.map((id, n) => ({ id, name: `member-${n}`, role: 'member' as const }));
  const others = [...members, ...(hasStackSets ? [{ id: administrator, name: 'administrator', role: 'administrator' as const }] : [])];
  return [hub, ...others.map((one) => ({ ...one, ...callers.userIn(one.id) }))];
}
