import { callKind } from '#shared/control/call.ts';
import { recordedAnywhere, recordedSignIns } from '../regions.ts';

/** What root does: the sign-in is the first that is seen of it. */
export const rootUses = callKind({
  noun: 'root-use',
  plural: 'Sign-ins and calls of root',
  recordedIn: `${recordedSignIns} ${recordedAnywhere}`,
  eventSource: 'signin.amazonaws.com',
  eventNames: ['ConsoleLogin'],
  where: { userIdentity: { type: ['Root'] }, responseElements: { ConsoleLogin: ['Success'] } },
  detailType: 'AWS Console Sign In via CloudTrail',
});
