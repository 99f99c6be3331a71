import { defineCall } from '#shared/control/call.ts';
import { serviceOf } from '#shared/control/caller.ts';
import { at, type CloudTrailRecord, stringAt } from '#shared/control/record.ts';
import type { Trigger, Verdict } from '#shared/control/types.ts';
import { rootUses } from './kind.ts';

type Facts = {
  /** The call or the sign-in, such as `iam:CreateAccessKey`. */
  readonly call: string;
  readonly hasMfa: boolean;
  /** Whether it was made with temporary credentials that no console gave: AssumeRoot gives such, and so does GetSessionToken. */
  readonly isTemporary: boolean;
};

/** Calls of root; those that a service makes for it say so by `invokedBy`, which the console's own sign-in uses too. */
const calls = (invokedBy: readonly (string | { readonly exists: false })[]): Trigger => ({
  eventSource: '*',
  eventNames: [],
  where: { userIdentity: { type: ['Root'], invokedBy } },
});

export default defineCall(rootUses, {
  id: 'root-unused',
  title: 'Nobody uses root',
  why: 'Root can do everything, and no policy of its account limits it. Few tasks need it, and each is worth a question.',
  severity: 'critical',
  triggers: [
    ...rootUses.created,
    // a new password or address of root, which the console's sign-in records whatever their outcome
    { ...rootUses.calls('PasswordUpdated', 'PasswordRecoveryCompleted', 'EmailUpdated'), where: { userIdentity: { type: ['Root'] } } },
    calls([{ exists: false }]),
    calls(['signin.amazonaws.com', 'AWS Internal']),
    { eventSource: '*', eventNames: [], detailType: 'AWS Console Action via CloudTrail', where: { userIdentity: { type: ['Root'] } } },
  ],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-tasks.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html',
  ],
  prevention: {
    // as AWS's own example, which lets sessions of AssumeRoot pass:
    // https://github.com/aws-samples/service-control-policy-examples/tree/main/Privileged-access-controls
    scp: [{ actions: ['*'], conditions: { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' }, Null: { 'aws:AssumedRoot': 'true' } } }],
    breaks:
      'Root of member accounts can do nothing, not even what only root can: lift the policy for an account that needs it. It does not bind the management account.',
    references: [
      'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html',
    ],
  },

  factsOf(record): Facts | undefined {
    const { eventName, eventSource, userIdentity, responseElements } = record;
    if (userIdentity?.type !== 'Root' || stringAt(record, 'eventType') === 'AwsServiceEvent') return undefined;
    if (serviceOf(userIdentity) !== undefined || isAssumed(record)) return undefined;
    // a sign-in that failed has no error code
    if (stringAt(responseElements, eventName) === 'Failure') return undefined;
    const isFromConsole = String(at(record, 'sessionCredentialFromConsole')) === 'true' || eventSource === 'signin.amazonaws.com';
    return {
      call: `${eventSource.replace(/\.amazonaws\.com$/, '')}:${eventName}`,
      hasMfa: usedMfa(record),
      isTemporary: !isFromConsole && (stringAt(userIdentity, 'accessKeyId')?.startsWith('ASIA') ?? false),
    };
  },

  judge({ call, hasMfa, isTemporary }): Verdict {
    const what = call === 'signin:ConsoleLogin' ? 'Root signed in to the console' : `Root called ${call}`;
    return {
      is: 'violation',
      says: `${what} ${hasMfa ? 'with' : 'without'} MFA.`,
      advice: [
        'Ask whoever holds the credentials of root what for, and have it done by a role the next time.',
        // [U] whether calls of a session of AssumeRoot say so: AWS's own example does not, and `assumedRoot` is an optional field
        ...(isTemporary
          ? ['If somebody began a privileged session, the management account or its delegate recorded sts:AssumeRoot just before.']
          : []),
        'If nobody knows of it, change the password, delete the access keys and ask AWS Support for help.',
      ],
    };
  },
});

/** Whether an administrator of the organization acts, by AssumeRoot: that is recorded where they began the session. */
function isAssumed({ userIdentity }: CloudTrailRecord): boolean {
  return String(at(userIdentity, 'sessionContext', 'assumedRoot')) === 'true';
}

function usedMfa({ additionalEventData, userIdentity }: CloudTrailRecord): boolean {
  const inSession = at(userIdentity, 'sessionContext', 'attributes', 'mfaAuthenticated');
  return stringAt(additionalEventData, 'MFAUsed') === 'Yes' || String(inSession).toLowerCase() === 'true';
}
