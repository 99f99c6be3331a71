import * as v from 'valibot';
import { defineCall } from '#shared/control/call.ts';
import { issuerOf } from '#shared/control/caller.ts';
import { isListed, principals } from '#shared/control/manager.ts';
import { stringAt } from '#shared/control/record.ts';
import type { Verdict } from '#shared/control/types.ts';
import { rootSessions } from './kind.ts';

export default defineCall(rootSessions, {
  id: 'root-session-known',
  title: 'Sessions of root are begun by known roles',
  why: 'Such a session deletes credentials, and unlocks buckets and queues, in any member account of the organization.',
  severity: 'high',
  settings: {
    principals: v.pipe(
      v.optional(principals, []),
      v.description('ARNs of the roles and users that may begin such sessions, with `*` within a part; their sessions are not reported.'),
    ),
  },
  references: [
    'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html',
  ],
  prevention: {
    none: 'The management account is bound by no policy of its organization. Allow `sts:AssumeRoot` to one role there, with `sts:TaskPolicyArn` for the tasks that it needs.',
  },

  factsOf({ eventName, requestParameters, userIdentity }, settings) {
    // a session has a name that its maker chose, so the role behind it counts
    const by = userIdentity?.type === 'IAMUser' ? userIdentity.arn : issuerOf(userIdentity);
    if (eventName !== 'AssumeRoot' || isListed(settings?.principals, by)) return undefined;
    const account = stringAt(requestParameters, 'targetPrincipal') ?? 'an unknown account';
    const task = stringAt(requestParameters, 'taskPolicyArn', 'arn')?.split('/').at(-1) ?? 'an unknown task';
    return { account, task };
  },

  judge: ({ account, task }): Verdict => ({
    is: 'violation',
    says: `Somebody began a session of root in ${account}, for ${task}.`,
    advice: [
      'Ask the caller what for. The calls of the session are in the event history of that account, as those of Root.',
      'If their role does this by right, name it in `principals`.',
    ],
  }),
});
