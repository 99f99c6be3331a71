import { defineCall } from '#shared/control/call.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Verdict } from '#shared/control/types.ts';
import { signIns } from './kind.ts';

export default defineCall(signIns, {
  id: 'sign-in-with-mfa',
  title: 'IAM users sign in with MFA',
  why: 'A sign-in by a password alone looks the same whoever has the password.',
  severity: 'high',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html',
  ],
  prevention: {
    none: 'No policy applies to a sign-in itself. A policy of the users can deny everything but the registration of a device until `aws:MultiFactorAuthPresent` is true.',
  },

  factsOf({ eventName, userIdentity, responseElements, additionalEventData }) {
    const isSignIn = eventName === 'ConsoleLogin' && stringAt(responseElements, 'ConsoleLogin') !== 'Failure';
    // root has a control of its own, and for sessions of roles AWS always says that no MFA was used
    if (!isSignIn || userIdentity?.type !== 'IAMUser' || stringAt(additionalEventData, 'MFAUsed') === 'Yes') return undefined;
    return { user: userIdentity.userName ?? 'unknown' };
  },

  judge: ({ user }): Verdict => ({
    is: 'violation',
    says: `The user ${user} signed in to the console without MFA.`,
    advice: [
      `Ask ${user} whether it was they, and have them register an MFA device: with a device AWS asks for it at every sign-in.`,
      'If it was not they, remove the password of the user, and make the access keys inactive.',
    ],
  }),
});
