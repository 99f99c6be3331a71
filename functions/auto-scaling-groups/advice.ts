import type { Context } from '#shared/control/control.ts';
import type { Advice, Iac } from '#shared/control/iac.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';
import { encryptionSource } from '#shared/launch/template.ts';
import type { Launched } from './launches.ts';

/** The control that makes encrypted versions. */
export const TEMPLATES = 'launch-template-encrypted';

/** How code has a group launch from an encrypted version: its template is changed, and the group follows. */
export function groupSource(device?: string): Iac {
  const { cloudFormation, terraform, cdk } = encryptionSource(device);
  return {
    about: 'encryption',
    // CloudFormation takes neither `$Latest` nor `$Default` there
    cloudFormation: `${cloudFormation} The group follows it by \`Version: !GetAtt TEMPLATE.LatestVersionNumber\`.`,
    terraform: `${terraform} The group follows it by \`version = aws_launch_template.NAME.latest_version\`.`,
    cdk: `${cdk} An AutoScalingGroup follows its \`launchTemplate\` by itself; one that has none takes the same \`blockDevices\`.`,
  };
}

/** How code leaves launch configurations behind. */
export const configurationSource: Iac = {
  about: 'encryption',
  cloudFormation:
    'replace it with an AWS::EC2::LaunchTemplate with `Encrypted: true` under each `Ebs`, and in the group `LaunchConfigurationName` with `LaunchTemplate: { LaunchTemplateId: !Ref TEMPLATE, Version: !GetAtt TEMPLATE.LatestVersionNumber }`.',
  terraform:
    'replace it with an aws_launch_template with `encrypted = true` in each `ebs`, and in the group `launch_configuration` with a `launch_template` with `id = aws_launch_template.NAME.id` and `version = aws_launch_template.NAME.latest_version`.',
  cdk: 'set `"@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig": true` in the context of cdk.json, and `encrypted: true` in each `BlockDeviceVolume.ebs(…)` of the AutoScalingGroup\'s `blockDevices`.',
};

/** Whether the group itself has to be updated to follow another version. */
export function isNumbered({ follows }: Launched): boolean {
  return !follows.startsWith('$');
}

/** Whether moving its default would change what a tool manages. */
export function isOwnedDefault({ follows, owner }: Launched): boolean {
  return follows === '$Default' && owner !== undefined;
}

/** What a template claims, in a sentence. */
export function claimOf({ name, claim }: Launched): string {
  return `the launch template ${name} claims to be managed by ${claim}.`;
}

/** Whether an encrypted version can be made of the one that is launched. */
function isNext({ isLatest, obstacles }: Launched): boolean {
  return isLatest && obstacles.length === 0;
}

/** What a person can do about bad launches where Redress does not. */
export function adviceOn(
  bad: readonly Launched[],
  key: KeyState | undefined,
  { modeOf, settings }: Context<{ readonly allowGroupUpdates: boolean }>,
): (string | Advice)[] {
  const open = bad.filter(({ replacement }) => replacement === undefined);
  const own = open.filter(({ owner }) => owner === undefined);
  const mode = modeOf(TEMPLATES);
  const texts = [
    ...open.flatMap(({ owner, name }) => (owner ? [`${owner} manages the launch template ${name}: set encryption there.`] : [])),
    ...bad
      .filter((one) => one.replacement !== undefined && isOwnedDefault(one))
      .map(
        ({ owner, name, replacement }) => `${owner} manages the launch template ${name}: make version ${replacement} its default there.`,
      ),
    ...own.flatMap(({ obstacles }) => obstacles),
    ...own
      .filter(({ isLatest }) => !isLatest)
      .map(
        ({ name, version }) =>
          `Version ${version} of ${name} is not its latest, and a version made of it would be launched by whatever follows \`$Latest\`: make an encrypted one by hand.`,
      ),
    ...(mode === 'fix'
      ? own.flatMap((one) => (one.claim && isNext(one) ? [`${TEMPLATES} asks a person first: ${claimOf(one)}`] : []))
      : []),
    ...(own.some(isNext) && mode !== 'fix'
      ? [`${TEMPLATES} makes the encrypted version, and its mode is ${mode}: approve its finding, or set it to fix.`]
      : []),
    ...(bad.some(isNumbered) && !settings.allowGroupUpdates
      ? ['The group follows a version by number, and Redress may not update it: set `allowGroupUpdates`, or move the group yourself.']
      : []),
    ...(key?.problem ? [`It is not moved: ${key.problem}.`] : []),
    ...(key?.advice ?? []),
  ];
  const ways = open.flatMap((one) => one.ways);
  return [...new Set(texts), ...ways.filter(({ says }, n) => ways.findIndex((one) => one.says === says) === n)];
}
