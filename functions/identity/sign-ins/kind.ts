import { callKind } from '#shared/control/call.ts';
import { recordedSignIns } from '../regions.ts';

/** Sign-ins of IAM users to the console; people who come through a federation show their MFA there, and never to AWS. */
export const signIns = callKind({
  noun: 'sign-in',
  plural: 'Sign-ins of IAM users',
  recordedIn: recordedSignIns,
  eventSource: 'signin.amazonaws.com',
  eventNames: ['ConsoleLogin'],
  where: {
    userIdentity: { type: ['IAMUser'] },
    responseElements: { ConsoleLogin: ['Success'] },
    additionalEventData: { MFAUsed: [{ 'anything-but': ['Yes'] }] },
  },
  detailType: 'AWS Console Sign In via CloudTrail',
});
