import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { code, option } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { type KeyState, keyState } from '#shared/launch/ebs-key.ts';
import { launchersOf } from '#shared/launch/launchers.ts';
import { keyReads, launchReads, templateReads } from '#shared/launch/reads.ts';
import { groupsThatChange } from './groups.ts';
import { autoScalingGroups } from './kind.ts';
import { inspectGroup } from './launches.ts';
import { groupsOrTemplate } from './targets.ts';

type Facts = {
  readonly group: AutoScalingGroup;
  readonly keys: readonly { readonly id: string; readonly state: KeyState }[];
  /** Images and snapshots under a key that AWS does not show. */
  readonly hidden: readonly string[];
};

export default defineControl(autoScalingGroups, {
  id: 'auto-scaling-key-usable',
  title: 'Auto Scaling can use the keys of the volumes that it launches',
  why: 'A group whose service-linked role may not use the key of its volumes launches nothing, and says so only in its activity history.',
  remediation: 'Reports only; changes nothing. Names the key, and what its policy lacks.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [
    autoScalingGroups.calls('CreateAutoScalingGroup', 'UpdateAutoScalingGroup'),
    { eventSource: 'ec2.amazonaws.com', eventNames: ['CreateLaunchTemplateVersion', 'ModifyLaunchTemplate'] },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'autoscaling:DescribeLaunchConfigurations' }, ...launchReads, ...templateReads, ...keyReads],
  },
  references: [
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html',
  ],
  iac: {
    cloudFormation:
      "add what the key's policy lacks to `KeyPolicy` of the AWS::KMS::Key, or name another key as `KmsKeyId` under `Ebs` of the AWS::EC2::LaunchTemplate.",
    terraform:
      "add what the key's policy lacks to `policy` of the aws_kms_key, or name another key as `kms_key_id` in `ebs` of the aws_launch_template.",
    cdk: "add what the key's policy lacks with `key.addToResourcePolicy(…)`, or set another key as `kmsKey` of `ec2.BlockDeviceVolume.ebs(…)`.",
  },
  // a key policy is the owner's to write, and the service-linked role that launches is bound by no SCP
  prevention: { none: 'No policy can require a statement in a key policy, or check the keys of what a group launches.' },

  // it changes nothing, and a key that does not work is nobody's intent
  reportsManaged: true,

  targets: groupsOrTemplate,

  find: groupsThatChange,

  async inspectOne(group, read, context): Promise<Facts> {
    const { launches, configuration } = await inspectGroup(group, read, context, true);
    const effects = [...launches.flatMap((one) => one.effects), ...(configuration?.effects ?? [])];
    const ids = [...new Set(effects.flatMap(({ key, source }) => [key ?? [], source?.key ?? []].flat()))].sort();
    const keys = ids.map(async (id) => ({ id, state: await keyState(id, launchersOf([group], context), read, context) }));
    const hidden = effects.flatMap(({ source }) => (source && source.key === undefined ? [source.of] : []));
    return { group, keys: await Promise.all(keys), hidden: [...new Set(hidden)].sort() };
  },

  judge({ group, keys, hidden }): Verdict {
    const wrong = keys.filter(({ state }) => state.problem ?? state.doubt);
    // a group has a status only while it is being deleted
    if (group.Status !== undefined || (wrong.length === 0 && hidden.length === 0))
      return { is: 'compliant', says: 'Auto Scaling may use every key of its volumes.' };
    const says = wrong.map(({ id, state }) =>
      state.problem ? `Its launches fail: ${state.problem}.` : `Whether Auto Scaling may use ${id} is not known: ${state.doubt}.`,
    );
    const unseen = hidden.map(
      (of) => `Whether Auto Scaling may use the key of ${of} is not known: it is another account's, and not visible.`,
    );
    const role = group.ServiceLinkedRoleARN;
    const ask = hidden.map(
      (of) =>
        `Ask the owner of ${of} for the key of its snapshots, and look with ${code(`aws kms list-grants --key-id KEY ${option('grantee-principal', role ?? 'ROLE')}`)}.`,
    );
    return {
      is: 'violation',
      says: [...says, ...unseen].join(' '),
      advice: [...new Set(wrong.flatMap(({ state }) => state.advice)), ...ask],
    };
  },

  before: ({ keys }) => ({ keys: keys.map(({ id }) => id) }),
});
