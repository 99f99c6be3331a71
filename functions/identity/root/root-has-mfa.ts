import { defineControl, type Trigger, type Verdict } from '#shared/control/control.ts';
import { lostAt, lostBy, untilReplaced } from '../lost.ts';
import { rootCredentials } from './kind.ts';

/** Nobody else can change root's devices: not even a session of AssumeRoot, which is recorded as Root too. */
const byRoot = (...eventNames: string[]): Trigger => ({
  ...rootCredentials.calls(...eventNames),
  where: { userIdentity: { type: ['Root'] } },
});

export default defineControl(rootCredentials, {
  id: 'root-has-mfa',
  title: 'Root has MFA, or no credentials',
  why: 'Root can do everything, and no policy of its account limits it: a stolen password of root is the account.',
  remediation: 'Reports only: nobody but root can register a device of root.',
  severity: 'critical',
  defaultMode: 'observe',
  maxMode: 'observe',
  // a member account may get a password of root back, by a session that leaves the name out
  triggers: [byRoot('DeactivateMFADevice', 'EnableMFADevice', 'CreateLoginProfile', 'CreateAccessKey')],
  sweep: { every: '1 day', atDeployment: true },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html',
  ],
  prevention: {
    none: 'No policy registers a device. An organization can remove the credentials of root from its member accounts altogether, by central root access of IAM; the management account needs a device.',
  },

  targets: (record, place) => {
    const targets = rootCredentials.targets(record, place);
    return record.eventName === 'DeactivateMFADevice' ? lostBy(record, targets) : targets;
  },

  inspectOne: ({ state }, _read, _context, target) => ({ ...state, lostAt: lostAt(target) }),

  judge({ hasMfa, hasCredentials, hasAccessKey }): Verdict {
    if (hasMfa) return { is: 'compliant', says: 'Root has an MFA device.' };
    if (!hasCredentials) return { is: 'compliant', says: 'Root has no credentials, so nobody can sign in as root.' };
    const key = hasAccessKey ? ' It has an access key too.' : '';
    return {
      is: 'violation',
      says: `Root can sign in, and has no MFA device.${key}`,
      advice: [
        'Sign in as root and register at least two devices under "Security credentials".',
        'In a member account of an organization, remove the credentials of root instead: central root access of IAM does that from the management account.',
        ...(hasAccessKey ? ['Delete the access key of root: no task needs one.'] : []),
      ],
    };
  },

  plan: ({ lostAt: lost }, context) => untilReplaced(lost, context),

  before: () => null,
});
