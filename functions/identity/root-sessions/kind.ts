import { callKind } from '#shared/control/call.ts';

/** Sessions of root that an administrator of the organization begins for a member account. */
export const rootSessions = callKind({
  noun: 'root-session',
  plural: 'Sessions of root in member accounts',
  recordedIn:
    'CloudTrail records the call in the Region of the STS endpoint, in the management account or the account that it delegated to. What the session does is recorded in the member account.',
  eventSource: 'sts.amazonaws.com',
  eventNames: ['AssumeRoot'],
});
