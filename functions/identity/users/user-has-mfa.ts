import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { users } from './kind.ts';
import { passwordReads, passwordSince } from './passwords.ts';

/** How long a new password may stand without MFA, in seconds: its user has to sign in before a device can be registered. */
const DAY = 24 * 3600;

type Facts = {
  readonly name: string;
  readonly devices: number;
  /** Since when the user has a password, in ISO 8601, or `unknown`; null without one. */
  readonly passwordSince: string | null;
};

export default defineControl(users, {
  id: 'user-has-mfa',
  title: 'IAM users with a password have MFA',
  why: 'A password that was guessed, phished or used elsewhere is enough to sign in to the console.',
  remediation: 'Reports only, once the password is a day old: its user has to sign in before a device can be registered.',
  severity: 'medium',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [users.calls('CreateLoginProfile', 'EnableMFADevice')],
  permissions: { reads: [{ action: 'iam:ListUsers' }, ...passwordReads] },
  // nothing is changed, whoever manages the user
  fixesManaged: true,
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  ],
  iac: {
    cloudFormation: 'have no `LoginProfile` on the AWS::IAM::User, so that people sign in through IAM Identity Center.',
    terraform: 'have no aws_iam_user_login_profile, so that people sign in through IAM Identity Center.',
    cdk: 'set no `password` on the User, so that people sign in through IAM Identity Center.',
  },
  prevention: {
    scp: [{ actions: ['iam:CreateLoginProfile'] }],
    breaks: 'Nobody can give an IAM user a password for the console: people sign in through IAM Identity Center or another federation.',
    references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html'],
  },

  async inspectOne({ devices }, read, _context, { id: name }): Promise<Facts> {
    return { name, devices, passwordSince: devices > 0 ? null : await passwordSince(name, read) };
  },

  judge({ name, devices, passwordSince: since }): Verdict {
    if (devices > 0) return { is: 'compliant', says: `The user ${name} has an MFA device.` };
    // an access key signs calls without MFA whoever has a device: only a policy can ask for it
    if (since === null) return { is: 'compliant', says: `The user ${name} has no password for the console.` };
    return {
      is: 'violation',
      says: `The user ${name} has a password for the console and no MFA device.`,
      advice: [`Have ${name} register a device under "Security credentials" in the console, or remove the password if nobody needs it.`],
    };
  },

  plan({ passwordSince: since }, { now }): Plan {
    const left = Math.ceil((Date.parse(since ?? '') - now.getTime()) / 1000) + DAY;
    return left > 0
      ? { changes: [], again: { afterSeconds: left, why: 'the password is new, and its user needs it to register a device' } }
      : { changes: [] };
  },

  before: () => null,
});
