import { ModifyLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { type Change, defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';
import { fleetReads } from '#shared/launch/fleets.ts';
import { badOf, sayEffects } from '#shared/launch/launch.ts';
import type { Place } from '#shared/launch/pointers.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { keyReads, launchReads, templateReads } from '#shared/launch/reads.ts';
import { adviceOn, claimOf, groupSource, isNumbered, isOwnedDefault, TEMPLATES } from './advice.ts';
import { groupsThatFollow } from './groups.ts';
import { autoScalingGroups } from './kind.ts';
import { badLaunches, type Facts as Found, inspectGroup, keyOfMove, type Launched } from './launches.ts';
import { following } from './pointers.ts';
import { groupsOrTemplate } from './targets.ts';
import { groupUpdates, updateSettings, updatesAmountTo } from './updates.ts';

type Pointed = { readonly place: Place; readonly template: string; readonly follows: string; readonly default: number | null };
type Before = { readonly pointers: readonly Pointed[] };
/** With the key that the move would put volumes under, where something is wrong with it. */
type Facts = Found & { readonly key: KeyState | undefined };

export default defineControl(autoScalingGroups, {
  id: 'auto-scaling-group-encrypted',
  title: 'Auto Scaling groups launch encrypted volumes only',
  why: 'Each time a group scales or replaces an instance, it launches unencrypted volumes again.',
  remediation:
    'Moves the group, or the default version that it follows, to the encrypted version that `launch-template-encrypted` makes. Does not touch running instances.',
  severity: 'high',
  amountsTo: updatesAmountTo,
  defaultMode: 'observe',
  triggers: [
    autoScalingGroups.calls('CreateAutoScalingGroup', 'UpdateAutoScalingGroup'),
    { eventSource: 'ec2.amazonaws.com', eventNames: ['ModifyLaunchTemplate'] },
  ],
  sweep: { every: '1 hour', atDeployment: true },
  permissions: {
    reads: [{ action: 'autoscaling:DescribeLaunchConfigurations' }, ...launchReads, ...templateReads, ...keyReads, ...fleetReads],
    writes: [{ action: 'ec2:ModifyLaunchTemplate', resource: 'arn:{partition}:ec2:{region}:{account}:launch-template/*' }, ...groupUpdates],
  },
  settings: updateSettings('update groups that follow a version by number'),
  references: [
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-data-protection.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html',
  ],
  iac: groupSource(),
  prevention: {
    scp: [keepsDefaultEncryption],
    breaks:
      'Nobody can turn encryption by default off. While it is on, a group launches encrypted volumes, whatever its template says. A policy on the launch itself would not bind the service-linked role of Auto Scaling.',
    references: [encryptionPages.byDefault, encryptionPages.scope],
  },

  targets: groupsOrTemplate,

  find: groupsThatFollow,

  async inspectOne(group, read, context): Promise<Facts> {
    const found = await inspectGroup(group, read, context);
    return { ...found, key: await keyOfMove(found, read, context) };
  },

  judge(facts, context): Verdict {
    const { launches, configuration, key } = facts;
    const bad = badLaunches(launches);
    if (configuration && badOf(configuration.effects).length > 0) {
      const says = sayEffects(`The launch configuration ${configuration.name}`, configuration.effects);
      return { is: 'skip', says: `${says} It cannot be changed: launch-configuration-encrypted replaces it.` };
    }
    const gone = launches.filter(({ isUsed, version }) => isUsed && version === undefined);
    const lost = gone.map(({ name, follows }) => `It can launch nothing: version ${follows} of ${name} is gone.`);
    if (bad.length === 0) {
      if (lost.length > 0) return { is: 'violation', says: lost.join(' '), advice: ['Name a version that exists.'] };
      const all = [...launches.filter(({ isUsed }) => isUsed), ...(configuration ? [{ ...configuration, version: undefined }] : [])];
      return { is: 'compliant', says: all.map((one) => sayEffects(one.name, one.effects)).join(' ') };
    }
    const wrong = [...new Set(bad.map(sayLaunch)), ...lost].join(' ');
    const open = bad.flatMap(({ name, effects }) => badOf(effects).map(({ device, is }) => `${name} ${device} ${is}`));
    // each release may make a version and name an image
    const risk = [...new Set(open), ...lost.map(() => 'gone')].sort().join('; ');
    const device = bad.flatMap(({ effects }) => badOf(effects))[0]?.device;
    return { is: 'violation', says: wrong, risk, advice: adviceOn(bad, key, context), iac: groupSource(device) };
  },

  plan({ group, launches, key }, context): Plan {
    const bad = badLaunches(launches);
    // a `$Latest` that was read right before its replacement came follows that by itself
    const waiting = bad.filter(({ replacement, follows }) => replacement === undefined || follows === '$Latest');
    if (waiting.length > 0) {
      const willCome = waiting.every(({ isLatest, owner, claim, obstacles }) => isLatest && !owner && !claim && obstacles.length === 0);
      const isComing = willCome && context.modeOf(TEMPLATES) === 'fix';
      return { changes: [], ...(isComing && { again: { afterSeconds: 1, why: `${TEMPLATES} makes the encrypted version` } }) };
    }
    const numbered = bad.filter(isNumbered);
    if (key?.problem || bad.some(isOwnedDefault)) return { changes: [] };
    if (numbered.length > 0 && !context.settings.allowGroupUpdates) return { changes: [] };
    const defaults = new Map(bad.filter(({ follows }) => follows === '$Default').map((one) => [one.template, one]));
    const versions = new Map(numbered.map(({ place, replacement }) => [place, String(replacement)]));
    const name = group.AutoScalingGroupName;
    // whoever follows the default of what a tool manages would launch something else by the next apply
    const claims = [...defaults.values()].flatMap((one) => (one.claim ? [claimOf(one)] : []));
    const doubts = [...(key?.doubt ? [`${key.doubt}.`] : []), ...claims];
    const says = `Make ${name} follow ${[...new Set(numbered.map((one) => `version ${one.replacement} of ${one.name}`))].join(', ')}.`;
    return {
      changes: [
        ...[...defaults.values()].map((one) => moveDefault(one.template, one.name, one.replacement ?? 0)),
        ...(versions.size > 0 ? [{ command: following(group, versions), says }] : []),
      ],
      ...(doubts.length > 0 && { needsApproval: `A person should look first: ${doubts.join(' ')}` }),
    };
  },

  before: ({ launches }): Before => ({
    pointers: launches.map(({ place, template, follows, version }) => ({
      place,
      template,
      follows,
      default: follows === '$Default' ? (version ?? null) : null,
    })),
  }),

  undo({ pointers }, { group, launches }): Plan {
    const now = new Map(launches.map((one) => [one.place, one]));
    const numbers = pointers.filter(({ place, follows }) => now.get(place)?.follows !== follows);
    const versions = new Map(numbers.map(({ place, follows }) => [place, follows]));
    const defaults = new Map(
      pointers.flatMap((one) => (one.default !== null && one.default !== now.get(one.place)?.version ? [[one.template, one.default]] : [])),
    );
    const says = `Make ${group.AutoScalingGroupName} follow its previous versions again.`;
    return {
      changes: [
        ...[...defaults].map(([template, version]) => moveDefault(template, template, version)),
        ...(versions.size > 0 ? [{ command: following(group, versions), says }] : []),
      ],
    };
  },
});

function sayLaunch({ name, follows, version, effects }: Launched): string {
  return sayEffects(`Version ${version} of ${name}${follows.startsWith('$') ? ` (${follows})` : ''}`, effects);
}

function moveDefault(template: string, name: string, version: number): Change {
  const command = new ModifyLaunchTemplateCommand({ LaunchTemplateId: template, DefaultVersion: String(version) });
  const says = `Make version ${version} the default of ${name}, for everything that follows it.`;
  return { command, says, step: `${template} ${version}` };
}
