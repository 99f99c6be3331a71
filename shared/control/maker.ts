import { createHash } from 'node:crypto';
import { type Made, madeWith } from './actor.ts';
import { type Caller, callerOf, isInstance } from './caller.ts';
import type { CloudTrailRecord } from './record.ts';

/** Who made a resource, as far as one record says, and with what. */
export type Maker = Made &
  Caller & {
    /** The UTC day, `YYYY-MM-DD`: not the second, so that the tags of a burst are equal; empty if the record has none. */
    readonly day: string;
  };

/** Who made what a record is about; what it does not say is `unknown`, never a guess, and nothing that it holds makes this throw. */
export function makerOf(record: CloudTrailRecord): Maker {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(record.eventTime)?.[0] ?? '';
  return { ...callerOf(record.userIdentity), ...madeWith(record), day };
}

/** The same for the same name and account, and no address: a pseudonym, for whoever knows the name can compute it too. */
export function pseudonym(name: string, account: string): string {
  return `id-${createHash('sha256').update(`${account} ${name}`).digest('hex').slice(0, 16)}`;
}

/** A caller's name with a pseudonym in place of what may be a person's: a role's session is called as whoever began it likes. */
export function pseudonymOf({ is, name, session, by }: Caller & Pick<Made, 'by'>, account: string): string {
  // a stack's name is that of the person whom CloudFormation acted for
  if (is === 'person' || is === 'stack') return name === 'root' ? name : pseudonym(name, account);
  if (session === undefined || isInstance(session)) return name.includes('@') ? pseudonym(name, account) : name;
  // a federated session stands beside the name of the user who began it
  if (by?.includes(':user/')) return pseudonym(name, account);
  return `${name.slice(0, -session.length)}${pseudonym(session, account)}`;
}
