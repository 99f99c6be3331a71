import { type AutoScalingGroup, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { badOf, sayEffects } from '#shared/launch/launch.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { encryptionReads, launchReads, templateReads } from '#shared/launch/reads.ts';
import { encryptedData } from '#shared/launch/template.ts';
import { configurationSource } from '../advice.ts';
import { groupUpdates, updateSettings, updatesAmountTo } from '../updates.ts';
import { type Facts, inspectConfiguration, MADE_FROM, type Settings } from './configurations.ts';
import { templateNameOf } from './equivalent.ts';
import { launchConfigurations } from './kind.ts';

const anyTemplate = 'arn:{partition}:ec2:{region}:{account}:launch-template/*';

export default defineControl(launchConfigurations, {
  id: 'launch-configuration-encrypted',
  title: 'Launch configurations launch encrypted volumes only',
  why: 'A launch configuration cannot be changed, and names no key. Groups launch unencrypted volumes from it until they use something else.',
  remediation: 'Makes an equal launch template with encryption set, and moves the groups to it. Keeps the launch configuration.',
  severity: 'high',
  amountsTo: updatesAmountTo,
  defaultMode: 'observe',
  maxMode: 'approve',
  triggers: launchConfigurations.created,
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [...launchReads, ...templateReads, ...encryptionReads],
    writes: [
      { action: 'ec2:CreateLaunchTemplate', resource: anyTemplate },
      { action: 'ec2:CreateTags', resource: anyTemplate, conditions: { StringEquals: { 'ec2:CreateAction': ['CreateLaunchTemplate'] } } },
      ...groupUpdates,
    ],
  },
  settings: {
    ...updateSettings('move groups to the template'),
    kmsKey: v.pipe(
      v.optional(v.string()),
      v.description("The key of the volumes: id, ARN or alias; absent means the account's default key of EBS."),
    ),
  },
  references: [
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html',
  ],
  iac: configurationSource,
  prevention: {
    scp: [{ actions: ['autoscaling:CreateLaunchConfiguration'] }, keepsDefaultEncryption],
    breaks: 'Nobody can make launch configurations, which old templates and tools may still do. Nobody can turn encryption by default off.',
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html', encryptionPages.byDefault],
  },

  inspectOne: (configuration, read, context, { id }) => inspectConfiguration(id, configuration, read, context),

  judge(facts, { settings }): Verdict {
    const { name, effects, usedBy, made, strangers, key } = facts;
    const wrong = sayEffects(`The launch configuration ${name}`, effects);
    if (badOf(effects).length === 0) return { is: 'compliant', says: wrong };
    if (made && usedBy.length === 0)
      return {
        is: 'superseded',
        says: `The launch template ${made} is the same with encryption, and no group uses ${name} any more.`,
        by: made,
      };
    const marked = strangers.map((id) => `${id} is tagged as made by Redress, and AWS names somebody else: compare it before you use it.`);
    const used = usedBy.length === 0 ? 'No group uses it.' : `${namesOf(usedBy).join(', ')} use${usedBy.length === 1 ? 's' : ''} it.`;
    const toSettle = key?.problem ? [] : (key?.advice ?? []);
    const risk = [wrong, usedBy.length === 0 ? 'unused' : 'used'].join(' ');
    return { is: 'violation', says: `${wrong} ${used}`, risk, advice: [...obstacles(facts, settings), ...toSettle, ...marked] };
  },

  plan(facts, { settings }): Plan {
    const { name, version, effects, around, usedBy, made, key } = facts;
    if (obstacles(facts, settings).length > 0) return { changes: [] };
    const moves = usedBy.map(
      (group) => `Move ${group.AutoScalingGroupName} from ${name} to the template; running instances stay as they are.`,
    );
    if (made) {
      const move = ({ AutoScalingGroupName }: AutoScalingGroup) =>
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId: made, Version: '1' } });
      return { changes: usedBy.map((group, n) => ({ command: move(group), says: moves[n] ?? '' })), completes: true };
    }
    const command = new CreateLaunchTemplateCommand({
      LaunchTemplateName: templateNameOf(name),
      VersionDescription: `Redress: ${name} with encryption`.slice(0, 255),
      LaunchTemplateData: encryptedData(version, effects, around, settings.kmsKey).data,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: MADE_FROM, Value: name }] }],
    });
    return {
      changes: [{ command, says: `Make a launch template that is the same as ${name}, with encryption set.` }],
      later: moves.map((says) => ({ api: 'autoscaling:UpdateAutoScalingGroup', says })),
      ...(key?.doubt && { needsApproval: `A person should look first: ${key.doubt}.` }),
    };
  },

  before: ({ usedBy }) => ({ usedBy: namesOf(usedBy) }),

  undo({ usedBy }, { name, followers }): Plan {
    const back = followers.filter(({ AutoScalingGroupName = '' }) => usedBy.includes(AutoScalingGroupName));
    return {
      changes: back.map(({ AutoScalingGroupName }) => ({
        command: new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchConfigurationName: name }),
        says: `Make ${AutoScalingGroupName} use ${name} again.`,
      })),
    };
  },
});

/** Why nothing is made, and what a person can do. */
function obstacles({ version, effects, around, usedBy, unmappable, unsupported, key }: Facts, settings: Settings): string[] {
  return [
    ...(usedBy.length === 0 ? ['Delete it, if nobody needs it any more.'] : []),
    ...(usedBy.length > 0 && !settings.allowGroupUpdates
      ? ['Redress may not update the group: set `allowGroupUpdates`, or move it to a launch template yourself.']
      : []),
    ...(unmappable.length > 0 ? [`A launch template cannot say all of it: ${unmappable.join(', ')}. Make one by hand.`] : []),
    ...encryptedData(version, effects, around, undefined).obstacles,
    ...(key?.problem ? [`No template is made: ${key.problem}.`, ...key.advice] : []),
    ...(unsupported ? [`No template is made: ${unsupported}. Choose another instance type first.`] : []),
  ];
}

function namesOf(groups: readonly AutoScalingGroup[]): string[] {
  return groups.flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []).sort();
}
