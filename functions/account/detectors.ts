import { errorCode } from '#shared/aws/errors.ts';
import { type Made, madeWith } from '#shared/control/actor.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Target } from '#shared/control/types.ts';

/** A detector of AWS in a Region: looking, suspended with all that it knows, off, or a service that the Region does not have. */
export type DetectorState = 'on' | 'suspended' | 'off' | 'no service';

/** The account that looks at a member's findings, and how the two stand; absent where there is none. */
export interface Administrator {
  readonly account: string;
  readonly status: string;
}

/** What a record says of a detector: by what and by which call it was lost. */
export type Lost = Made & { readonly call: string };

/** The calls by which a member leaves its administrator; the second is AWS's older name of the first. */
export const leaving = ['DisassociateFromAdministratorAccount', 'DisassociateFromMasterAccount'];

/** The targets of a record, each with the call that it is about. */
export function lostBy(record: CloudTrailRecord, targets: readonly Target<never>[]): Target<Lost>[] {
  return targets.map((target) => ({ ...target, hint: { ...madeWith(record), call: record.eventName } }));
}

/** The call that a target is looked at for; null where the sweep looks. */
export function callOf({ hint }: Target): string | null {
  return stringAt(hint, 'call') ?? null;
}

/** What is wrong with a working detector's administrator; undefined if nothing is. */
export function strayed(service: string, administrator: Administrator | null, call: string | null): string | undefined {
  if (administrator !== null && administrator.status.toLowerCase() !== 'enabled')
    return `Its relationship with the administrator account ${administrator.account} is ${administrator.status}: the administrator may not see what ${service} finds here.`;
  const hasLeft = administrator === null && call !== null && leaving.includes(call);
  return hasLeft ? `The account left its administrator, which no longer sees what ${service} finds here.` : undefined;
}

/** What a person does about that: AWS gives the account itself no call. */
export const adviceOnStrayed =
  'Have the administrator account add this account as a member again: no call of the account itself does that.';

/** What an undo brings back at most: a deletion would lose what was found since, so it suspends. */
export function endOf(state: DetectorState): DetectorState {
  return state === 'off' ? 'suspended' : state;
}

/** What a read answers; undefined in a Region where the service has no endpoint. */
export async function ifServed<Output>(reading: Promise<Output>): Promise<Output | undefined> {
  try {
    return await reading;
  } catch (error) {
    // the name does not exist, which is not a name server that fails for a while
    if (errorCode(error) === 'ENOTFOUND') return undefined;
    throw error;
  }
}
