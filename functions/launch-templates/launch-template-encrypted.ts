import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { code, option } from '#shared/control/command.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { fleetReads } from '#shared/launch/fleets.ts';
import { badOf, sayEffects } from '#shared/launch/launch.ts';
import { encryptionPages, keepsDefaultEncryption, refusesUnencrypted, UNTRIED } from '#shared/launch/prevention.ts';
import { encryptionReads, launchReads, templateReads } from '#shared/launch/reads.ts';
import { encryptedData, encryptionSource, requestOf } from '#shared/launch/template.ts';
import { DESCRIPTION, type Facts, inspectTemplate, type Judged } from './facts.ts';
import { launchTemplates } from './kind.ts';

const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description("The key of the volumes, where a mapping has none: id, ARN or alias; absent means the account's default key of EBS."),
);

export default defineControl(launchTemplates, {
  id: 'launch-template-encrypted',
  title: 'Launch templates launch encrypted volumes only',
  why: 'Every instance that a group or a person launches from it gets unencrypted volumes.',
  remediation:
    'Makes a new version of the same data with encryption set, which is `$Latest` at once. Leaves the default version to `auto-scaling-group-encrypted` or a person.',
  severity: 'high',
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
  amountsTo:
    'In `approve` and `fix`, Redress’s role can write versions of launch templates. Groups that follow `$Latest` launch them, with any instance profile: that can make it administrator of the account.',
  defaultMode: 'observe',
  triggers: [...launchTemplates.created, launchTemplates.calls('CreateLaunchTemplateVersion', 'ModifyLaunchTemplate')],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [...launchReads, ...templateReads, ...encryptionReads, ...fleetReads],
    writes: [{ action: 'ec2:CreateLaunchTemplateVersion', resource: 'arn:{partition}:ec2:{region}:{account}:launch-template/*' }],
  },
  settings: { kmsKey },
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-data-protection.html',
  ],
  iac: encryptionSource(),
  prevention: {
    scp: [keepsDefaultEncryption, refusesUnencrypted('ec2:RunInstances')],
    breaks: `No policy can check what a template holds, so this one refuses the launch. Nobody can turn encryption by default off. ${UNTRIED}`,
    references: [encryptionPages.byDefault, encryptionPages.refusal, encryptionPages.scope],
  },

  inspectOne: (_template, read, context, { id }) => inspectTemplate(id, read, context),

  judge(facts): Verdict {
    const { id, judged, overtaken, made } = facts;
    const bad = judged.filter(({ effects }) => badOf(effects).length > 0);
    const [first] = bad;
    if (!overtaken && !first) return { is: 'compliant', says: judged.map(sayVersion).join(' ') };
    const wrong = bad.map(sayVersion).join(' ');
    const iac = encryptionSource(badOf(first?.effects ?? [])[0]?.device);
    if (overtaken) {
      const says = `Version ${overtaken.version.number} was made while Redress made its own, and is no longer the latest.`;
      return { is: 'violation', says, risk: 'overtaken', advice: [...obstacles(facts), ...toSettle(facts), ...suspicions(facts)], iac };
    }
    // each release may make a version and name an image
    const open = bad.flatMap((one) =>
      badOf(one.effects).flatMap(({ device, is }) => rolesOf(one).map((role) => `${role} ${device} ${is}`)),
    );
    const risk = open.sort().join('; ');
    if (!first || bad.some(({ isLatest }) => isLatest))
      return { is: 'violation', says: wrong, risk, advice: [...obstacles(facts), ...toSettle(facts), ...suspicions(facts)], iac };
    const { version, replacement } = first;
    const move = (to: number) => code(`aws ec2 modify-launch-template ${option('launch-template-id', id)} --default-version ${to}`);
    if (replacement !== undefined) {
      const says = `Version ${replacement} is the same as version ${version.number}, with encryption. Version ${version.number} is still the default: ${move(replacement)} moves it.`;
      return { is: 'superseded', says, by: `${id}:${replacement}` };
    }
    const latest = judged.at(-1)?.version.number ?? 0;
    // a version made of an older one would be the latest, and be launched by whatever follows `$Latest`
    const advice = `If version ${latest} is what should launch, make it the default: ${move(latest)}.`;
    if (made === undefined) return { is: 'violation', says: wrong, risk, advice: [advice, ...suspicions(facts)], iac };
    return {
      is: 'superseded',
      says: `Version ${latest} is the same as version ${made}, with encryption. ${wrong} ${advice}`,
      by: `${id}:${latest}`,
    };
  },

  plan(facts, { settings }): Plan {
    const { id, overtaken, around, key } = facts;
    const next = nextOf(facts);
    const isHindered = obstacles(facts).length > 0;
    // what was overtaken is somebody's latest, and becomes it again even if it cannot be encrypted
    if (!next || (isHindered && !overtaken)) return { changes: [] };
    const { version, effects } = next;
    const isEncrypting = badOf(effects).length > 0 && !isHindered;
    const how = isEncrypting ? 'with encryption set and all else as it is' : 'as it is, so that it is the latest again';
    const command = new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: id,
      VersionDescription: `${DESCRIPTION} ${version.number} ${isEncrypting ? 'with encryption' : 'again'}`,
      LaunchTemplateData: isEncrypting ? encryptedData(version, effects, around, settings.kmsKey).data : requestOf(version),
    });
    const says = `Make a new version of ${id} from version ${version.number}, ${how}.`;
    return {
      changes: [{ command, says, step: `from version ${version.number}` }],
      later: [
        { api: 'ec2:CreateLaunchTemplateVersion', says: 'If a version of somebody else appears meanwhile, make it the latest again.' },
      ],
      ...(overtaken && { completes: true }),
      ...(key?.doubt && !overtaken && { needsApproval: `A person should look first: ${key.doubt}.` }),
    };
  },

  before: ({ judged }) => ({
    latest: judged.find(({ isLatest }) => isLatest)?.version.number ?? null,
    default: judged.find(({ version }) => version.isDefault)?.version.number ?? null,
  }),
});

function sayVersion(judged: Judged): string {
  return sayEffects(`Version ${judged.version.number}, ${rolesOf(judged).join(' and ')},`, judged.effects);
}

function rolesOf({ version, isLatest }: Judged): string[] {
  return [...(isLatest ? ['the latest'] : []), ...(version.isDefault ? ['the default'] : [])];
}

/** The version to make another one of: somebody's that was overtaken, or the latest. */
function nextOf({ overtaken, judged }: Facts): Pick<Judged, 'version' | 'effects'> | undefined {
  return overtaken ?? judged.find(({ isLatest, effects }) => isLatest && badOf(effects).length > 0);
}

/** What to think of descriptions that others wrote. */
function suspicions({ strangers }: Facts): string[] {
  return strangers.map(
    (number) => `Version ${number} says that Redress made it, and AWS names somebody else: compare it before you use it.`,
  );
}

/** What settles a doubt about the key. */
function toSettle({ key }: Facts): readonly string[] {
  return key && !key.problem ? key.advice : [];
}

/** Why no version is made, and what a person can do. */
function obstacles(facts: Facts): string[] {
  const { around, key, unsupported } = facts;
  const next = nextOf(facts);
  if (!next || badOf(next.effects).length === 0) return [];
  return [
    ...encryptedData(next.version, next.effects, around, undefined).obstacles,
    ...(key?.problem ? [`No version is made: ${key.problem}.`, ...key.advice] : []),
    ...(unsupported ? [`No version is made: ${unsupported}. Choose another instance type first.`] : []),
  ];
}
