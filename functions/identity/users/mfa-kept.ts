import { defineControl, type Verdict } from '#shared/control/control.ts';
import { lostAt, lostBy, untilReplaced } from '../lost.ts';
import { users } from './kind.ts';
import { passwordReads, passwordSince } from './passwords.ts';

type Facts = {
  readonly name: string;
  readonly devices: number;
  readonly isGone: boolean;
  readonly hasPassword: boolean;
  /** When the last device was removed, in ISO 8601; null where no record said. */
  readonly lostAt: string | null;
};

export default defineControl(users, {
  id: 'mfa-kept',
  title: 'No IAM user loses its MFA',
  why: 'Who steals a password removes the MFA device, or registers their own in its place, to come back later.',
  remediation: 'Reports only, once 15 minutes have passed without a new device: a replacement is normal.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [users.calls('DeactivateMFADevice', 'EnableMFADevice')],
  permissions: { reads: passwordReads },
  // nothing is changed, and a tool that removed the device may have removed it by mistake
  fixesManaged: true,
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_disable.html',
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html',
  ],
  prevention: {
    scp: [
      {
        actions: ['iam:DeactivateMFADevice', 'iam:DeleteVirtualMFADevice'],
        conditions: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
    breaks:
      'Neither access keys nor sessions of IAM Identity Center or another federation show MFA to IAM, so they can remove no device. Who lost the only one needs root, or a user in a session with MFA.',
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html',
    ],
  },

  targets: (record, place) => {
    const targets = users.targets(record, place);
    return record.eventName === 'EnableMFADevice' ? targets : lostBy(record, targets);
  },

  // only what had a device can lose it: what has a finding is looked at again all the same
  list: async () => ({ items: [] }),

  // a user that is gone lost its device on the way: no finding says so
  async inspect(targets, read) {
    const items = await read.many(
      users.items,
      targets.map(({ id }) => id),
    );
    const facts = targets.map(async (target): Promise<[string, Facts]> => {
      const { devices = 0 } = items.get(target.id) ?? {};
      const hasPassword = devices === 0 && items.has(target.id) && (await passwordSince(target.id, read)) !== null;
      return [target.id, { name: target.id, devices, isGone: !items.has(target.id), hasPassword, lostAt: lostAt(target) }];
    });
    return new Map(await Promise.all(facts));
  },

  judge({ name, devices, isGone, hasPassword }): Verdict {
    if (isGone) return { is: 'compliant', says: `The user ${name} is gone.` };
    if (devices > 0) return { is: 'compliant', says: `The user ${name} has an MFA device.` };
    if (!hasPassword) return { is: 'compliant', says: `The user ${name} has no password for the console.` };
    return {
      is: 'violation',
      says: `The last MFA device of the user ${name} was removed, and no other took its place: its password alone opens the console.`,
      advice: [
        `Ask ${name} whether the device was removed on purpose, and have a new one registered.`,
        'If nobody knows of it, remove the password and the access keys of the user first.',
      ],
    };
  },

  plan: ({ lostAt: lost }, context) => untilReplaced(lost, context),

  before: () => null,
});
