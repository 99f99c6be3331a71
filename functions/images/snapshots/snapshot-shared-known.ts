import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { trustedAccounts } from '#shared/control/trusted.ts';
import { later, sharerIn } from '../sharer.ts';
import { restored, snapshots } from './kind.ts';
import { changeSharing, sharingAgain, sharingById, sharingCalls, sharingReads, unsharing } from './sharing.ts';

type Facts = {
  /** Accounts that it is shared with and that the settings do not name, sorted. */
  readonly strangers: readonly string[];
};

export default defineControl(snapshots, {
  id: 'snapshot-shared-known',
  title: 'EBS snapshots are shared with known accounts only',
  why: 'Whoever a snapshot is shared with can copy it, and the copy stays theirs when the share has ended.',
  remediation: 'Removes the permissions of accounts that the settings do not name, and no others.',
  severity: 'high',
  defaultMode: 'observe',
  amountsTo: 'It can share any snapshot of the account with any other account, for an undo shares again.',
  // whom the settings trust, the record does not tell
  triggers: [{ ...sharingCalls('add', { userId: [{ exists: true }] }), breaks: true, isMistake: false }, restored],
  permissions: { reads: [sharingReads], writes: [unsharing, sharingAgain] },
  common: { trustedAccounts },
  isIdle: (settings) => settings.trustedAccounts.length === 0,
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotAttribute.html',
  ],
  iac: {
    cloudFormation:
      'no resource shares a snapshot that is there. Where Amazon Data Lifecycle Manager shares it, remove the account from `ShareRules` in the schedule of the AWS::DLM::LifecyclePolicy.',
    terraform: 'remove the aws_snapshot_create_volume_permission with this `account_id`.',
    cdk: 'no construct shares a snapshot that is there. Where Amazon Data Lifecycle Manager shares it, remove the account from `shareRules` in the schedule of the dlm.CfnLifecyclePolicy.',
  },
  prevention: {
    none: 'Redress writes no policy that lists accounts. Write one yourself: a service control policy that denies `ec2:ModifySnapshotAttribute` where `ec2:Add/userId` is none of them.',
  },
  // whoever may have it, a person has to look
  reportsManaged: true,

  // who shared it is whose share would be removed
  targets: (record, place) =>
    snapshots.targets(record, place).map((target) => ({
      ...target,
      ...(record.eventName === 'ModifySnapshotAttribute' && { hint: sharerIn(record) }),
    })),

  joinHints: later,

  async inspectOne({ SnapshotId: id = '' }, read, { account, settings }): Promise<Facts | undefined> {
    const sharing = (await read.many(sharingById, [id])).get(id);
    const known = [account, ...settings.trustedAccounts];
    return sharing && { strangers: sharing.accounts.filter((one) => !known.includes(one)) };
  },

  judge: ({ strangers }, { settings, id }): Verdict =>
    strangers.length === 0 || settings.trustedAccounts.length === 0
      ? { is: 'compliant', says: 'The snapshot is shared with no account that the settings do not name.' }
      : {
          is: 'violation',
          says: `The snapshot is shared with ${strangers.join(', ')}, which the settings do not name.`,
          advice: [
            `If it is meant to be, add the account to \`trustedAccounts\`. Else find out who shared ${id}, and count what is on it as known to them.`,
          ],
        },

  plan: ({ strangers }, { id }): Plan => ({
    changes:
      strangers.length === 0
        ? []
        : [
            {
              command: changeSharing(id, 'remove', { UserIds: [...strangers] }),
              says: `Remove the permissions of ${strangers.join(', ')} from ${id}.`,
            },
          ],
  }),

  before: ({ strangers }) => ({ strangers }),

  undo({ strangers: before }, { strangers: now }, { id }): Plan {
    const gone = before.filter((one) => !now.includes(one));
    const command = changeSharing(id, 'add', { UserIds: gone });
    return { changes: gone.length > 0 ? [{ command, says: `Share ${id} with ${gone.join(', ')} again.` }] : [] };
  },
});
