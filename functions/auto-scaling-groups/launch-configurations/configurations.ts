import type { AutoScalingGroup, LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplate } from '@aws-sdk/client-ec2';
import { isByFunction } from '#shared/aws/ours.ts';
import type { Context, Reader } from '#shared/control/control.ts';
import { type KeyState, keyState } from '#shared/launch/ebs-key.ts';
import { allGroups } from '#shared/launch/groups.ts';
import { type Around, badOf, type Effect, effectsOf } from '#shared/launch/launch.ts';
import { launchersOf } from '#shared/launch/launchers.ts';
import { aroundOf, templatesWhere, versionsOf, whyUnsupported } from '#shared/launch/reads.ts';
import { isSameButForEncryption, launchOf, type TemplateVersion } from '#shared/launch/template.ts';
import { type Equivalent, equivalentOf } from './equivalent.ts';

/** The tag on a template that Redress made: the launch configuration that it takes the place of; sent in the creating call. */
export const MADE_FROM = 'redress:made-from';

export type Settings = { readonly allowGroupUpdates: boolean; readonly kmsKey?: string | undefined };

/** All that is known of one launch configuration. */
export interface Facts extends Equivalent {
  readonly name: string;
  readonly effects: readonly Effect[];
  readonly around: Around;
  readonly usedBy: readonly AutoScalingGroup[];
  /** The id of the template that takes its place. */
  readonly made: string | undefined;
  /** Templates that are tagged as made by Redress, and that AWS says somebody else made. */
  readonly strangers: readonly string[];
  /** The groups that follow that template. */
  readonly followers: readonly AutoScalingGroup[];
  readonly key: KeyState | undefined;
  readonly unsupported: string | undefined;
}

/** Reads everything that decides about a launch configuration and what would take its place. */
export async function inspectConfiguration(
  name: string,
  configuration: LaunchConfiguration,
  read: Reader,
  context: Context<Settings>,
): Promise<Facts> {
  const around = await aroundOf([configuration], read, context);
  const effects = effectsOf(configuration, around);
  const none = { usedBy: [], made: undefined, strangers: [], followers: [], key: undefined, unsupported: undefined };
  const facts = { ...equivalentOf(configuration), name, effects, around };
  if (badOf(effects).length === 0) return { ...none, ...facts };
  const [all, { made, strangers }] = await Promise.all([allGroups(read), madeFrom(name, facts.version, read, context)]);
  // one that is being deleted launches nothing more, and takes no update
  const groups = all.filter(({ Status }) => Status === undefined);
  const usedBy = groups.filter(({ LaunchConfigurationName }) => LaunchConfigurationName === name);
  return {
    ...facts,
    usedBy,
    made,
    strangers,
    followers: groups.filter(({ LaunchTemplate }) => made !== undefined && LaunchTemplate?.LaunchTemplateId === made),
    key: await keyState(context.settings.kmsKey ?? around.defaultKey, launchersOf(usedBy, context), read, context),
    unsupported: await whyUnsupported(facts.version.data.InstanceType, read),
  };
}

/** The template that takes a launch configuration's place: tagged so, the same but for encryption, and encrypted; and those of others. */
async function madeFrom(
  name: string,
  version: TemplateVersion,
  read: Reader,
  context: Context,
): Promise<Pick<Facts, 'made' | 'strangers'>> {
  const tagged = await templatesWhere({ Filters: [{ Name: `tag:${MADE_FROM}`, Values: [name] }] }, read);
  // anybody could write the tag, and what is the same to us may have a key of theirs
  const isTheirs = ({ CreatedBy }: LaunchTemplate) => isByFunction(CreatedBy, 'auto-scaling-groups', context) === 'no';
  const strangers = tagged.filter(isTheirs).flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []);
  for (const { LaunchTemplateId } of tagged.filter((one) => !isTheirs(one))) {
    const [first] = LaunchTemplateId ? await versionsOf(LaunchTemplateId, { Versions: ['1'] }, read) : [];
    if (!first) continue;
    const around = await aroundOf([launchOf(first)], read, context);
    const isEncrypted = badOf(effectsOf(launchOf(first), around)).length === 0;
    if (isSameButForEncryption(version, first, around) && isEncrypted) return { made: LaunchTemplateId, strangers };
  }
  return { made: undefined, strangers };
}
