import { CancelKeyDeletionCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { madeWith } from '#shared/control/actor.ts';
import { defineControl, type Plan, type Severity, type Verdict } from '#shared/control/control.ts';
import { type Key, keys } from './kind.ts';
import { type Needs, needReads, needsOf } from './needs.ts';
import { adviceOn, isRecent, sayNeeds, sayRisk, sayState } from './sentences.ts';

interface Facts {
  readonly key: Key;
  /** Who needs it; absent where it works, or is hidden. */
  readonly needs?: Needs;
  /** Whether a call about it was seen, and not only the list of all keys. */
  readonly isCalled: boolean;
}

/** States in which a key works, or is about to. */
const working = ['Enabled', 'Creating', 'Updating'];
const deleting = ['PendingDeletion', 'PendingReplicaDeletion'];
const anyKey = 'arn:{partition}:kms:{region}:{account}:key/*';
const guide = 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html';

export default defineControl(keys, {
  id: 'key-usable',
  title: 'Keys that something needs can be used',
  why: 'What is encrypted under a key that is disabled cannot be read, and under a deleted one it is lost for good. Volumes that are attached keep working until they are detached, so that nobody notices for days.',
  remediation:
    'Cancels the deletion and enables the key. The finding names what needs it, and its last use. Keys that nothing needs are left unchanged.',
  severity: 'high',
  amountsTo: 'Its role may enable and disable every key of the account whose policy leaves that to IAM.',
  defaultMode: 'approve',
  // the record does not show who needs the key, so no replay says it of each such call
  triggers: [{ ...keys.calls('DeleteImportedKeyMaterial', 'DisableKey', 'ScheduleKeyDeletion'), breaks: true, isMistake: false }],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [...needReads],
    writes: ['kms:CancelKeyDeletion', 'kms:EnableKey', 'kms:DisableKey'].map((action) => ({ action, resource: anyKey })),
  },
  references: [
    guide,
    'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
    'https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html',
  ],
  iac: {
    cloudFormation:
      'set `Enabled: true` on the AWS::KMS::Key, and `DeletionPolicy: Retain` and `UpdateReplacePolicy: Retain` beside its type: without them the end of the stack schedules the deletion.',
    terraform: 'set `is_enabled = true` on the aws_kms_key, and `prevent_destroy = true` in its `lifecycle` block.',
    cdk: 'set `enabled: true` and `removalPolicy: RemovalPolicy.RETAIN` on the `kms.Key`.',
  },
  prevention: {
    scp: [{ actions: ['kms:DeleteImportedKeyMaterial', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'] }],
    breaks: 'Nobody can retire a key: an account outside the policy, or a role that you add to its exceptions, has to do that.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html'],
  },

  // a key without its material is nobody's intent while something needs it, whatever made it
  reportsManaged: true,

  // who disabled it, for that is what is judged, whoever made the key
  targets: (record, place) => keys.targets(record, place).map((target) => ({ ...target, hint: madeWith(record) })),

  async inspectOne(key, read, _context, { hint }): Promise<Facts> {
    const { Arn, KeyManager, KeyState = '', hidden } = key;
    const facts = { key, isCalled: hint !== undefined };
    const isAsked = hidden === undefined && Arn !== undefined && KeyManager !== 'AWS' && !working.includes(KeyState);
    return isAsked ? { ...facts, needs: await needsOf(Arn, read) } : facts;
  },

  judge({ key, needs, isCalled }, { now }): Verdict {
    const { KeyId: id = '', hidden } = key;
    if (hidden !== undefined) {
      const says = `AWS does not show the key to Redress, so who needs it is not known: ${hidden}`;
      const advice = [`Allow Redress's role \`kms:DescribeKey\` in the policy of ${id}, or look yourself.`];
      return isCalled ? { is: 'violation', says, advice } : { is: 'skip', says, advice };
    }
    if (!needs) return { is: 'compliant', says: 'The key can be used.' };
    const isNeeded = needs.isDefault || needs.by.length > 0 || isRecent(needs, now);
    const isKnown = needs.unseen.length === 0 && needs.lastUse !== undefined;
    if (!isNeeded && isKnown) return { is: 'compliant', says: `${sayState(key)} Nothing that Redress knows of needs it.` };
    const severity: Severity = isNeeded ? 'critical' : 'medium';
    return {
      is: 'violation',
      says: `${sayState(key)} ${sayNeeds(needs)}`,
      severity,
      risk: sayRisk(key, needs),
      advice: adviceOn(key, needs),
    };
  },

  plan: ({ key: { KeyId, KeyState = '' } }): Plan => {
    const isDeleting = deleting.includes(KeyState);
    // AWS leaves a key disabled whose deletion is cancelled; both calls in one round are what a person approves
    const cancel = { command: new CancelKeyDeletionCommand({ KeyId }), says: `Cancel the deletion of the key ${KeyId}.` };
    const enable = { command: new EnableKeyCommand({ KeyId }), says: `Enable the key ${KeyId}.` };
    return { changes: [isDeleting ? cancel : [], isDeleting || KeyState === 'Disabled' ? enable : []].flat() };
  },

  // an undo disables the key, and never schedules its deletion again: that is as far back as it goes
  before: ({ key: { KeyState = '' } }) => ({ state: deleting.includes(KeyState) ? 'Disabled' : KeyState }),

  undo({ state }, { key: { KeyId, KeyState } }): Plan {
    const says = `Disable the key ${KeyId} again. A deletion is not scheduled again.`;
    return { changes: state === 'Disabled' && KeyState === 'Enabled' ? [{ command: new DisableKeyCommand({ KeyId }), says }] : [] };
  },
});
