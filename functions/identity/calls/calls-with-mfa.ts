import * as v from 'valibot';
import { defineCall } from '#shared/control/call.ts';
import { serviceOf } from '#shared/control/caller.ts';
import { at } from '#shared/control/record.ts';
import type { Verdict } from '#shared/control/types.ts';
import { calls } from './kind.ts';

/** A pattern of EventBridge has 2,048 characters for all of them. */
const MOST_CALLS = 30;

const service = v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/, 'is not a service as CloudTrail names it, such as iam'));
const names = v.array(v.pipe(v.string(), v.regex(/^[A-Z]\w{1,63}$/, 'is not the name of a call, such as CreateUser')));
const list = v.pipe(
  v.record(service, names),
  v.check((one) => Object.values(one).flat().length <= MOST_CALLS, `names more than ${MOST_CALLS} calls`),
);

export default defineCall(calls, {
  id: 'calls-with-mfa',
  title: 'IAM users make sensitive calls with MFA',
  why: 'A session of the console that began without MFA may be anybody who has the password.',
  severity: 'medium',
  triggers: [
    {
      eventSource: '*',
      eventNames: ['{settings.calls.*.*}'],
      // long-lived access keys show no MFA at all, and sessions of roles always show none
      where: { userIdentity: { type: ['IAMUser'], sessionContext: { attributes: { mfaAuthenticated: ['false', 'False'] } } } },
    },
  ],
  settings: {
    calls: v.pipe(
      v.optional(list, {}),
      v.description(
        `The calls, by service as CloudTrail names it: \`{ iam: ['CreateUser'] }\`, at most ${MOST_CALLS}; without any the control does nothing.`,
      ),
    ),
  },
  isIdle: ({ calls: wanted }) => Object.values(wanted).flat().length === 0,
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html',
  ],
  prevention: {
    none: 'The list is yours, so the policy is too: a policy of the users can deny these calls until `aws:MultiFactorAuthPresent` is true.',
  },

  factsOf({ eventName, eventSource, userIdentity }, settings) {
    const wanted = settings?.calls[eventSource.replace(/\.amazonaws\.com$/, '')] ?? [];
    const mfa = at(userIdentity, 'sessionContext', 'attributes', 'mfaAuthenticated');
    const isWithout = userIdentity?.type === 'IAMUser' && String(mfa).toLowerCase() === 'false';
    // a service that acts for a user asks nobody for MFA
    if (!isWithout || !wanted.includes(eventName) || serviceOf(userIdentity) !== undefined) return undefined;
    return { call: `${eventSource.replace(/\.amazonaws\.com$/, '')}:${eventName}`, user: userIdentity.userName ?? 'unknown' };
  },

  judge: ({ call, user }): Verdict => ({
    is: 'violation',
    says: `The user ${user} called ${call} in a session without MFA.`,
    advice: [`Ask ${user} whether it was they. A policy with \`aws:MultiFactorAuthPresent\` makes AWS refuse such calls.`],
  }),
});
