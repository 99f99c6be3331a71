import type { Distribution, DistributionConfiguration } from '@aws-sdk/client-imagebuilder';
import * as v from 'valibot';
import { keyUse } from '#shared/aws/key.ts';
import { defineControl, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import type { Context } from '#shared/control/types.ts';
import { badOf } from '#shared/launch/launch.ts';
import { launchReads } from '#shared/launch/reads.ts';
import { reading } from '../builder.ts';
import { buildOf } from '../recipes/facts.ts';
import { recipesByArn } from '../recipes/kind.ts';
import { parentReads } from '../recipes/parent.ts';
import { pipelineReads, pipelinesWhere } from '../recipes/pipelines.ts';
import { obstaclesIn, replacing } from '../replace.ts';
import { distributions, updating } from './kind.ts';
import { exportRoles, updatesAmountTo, updateWrites } from './writes.ts';

type Settings = { readonly keys: { readonly [region: string]: string } };

interface Facts {
  readonly config: DistributionConfiguration;
  /** Regions whose AMIs get no key, though a setting names one or what is built is not encrypted. */
  readonly open: readonly string[];
  /** Those that a setting names a key for, with it. */
  readonly keys: { readonly [region: string]: string };
  readonly builds: readonly string[];
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

const keys = v.pipe(
  v.optional(v.record(v.string(), v.string()), {}),
  v.description(
    'The customer key of each Region that AMIs are distributed to, by Region: the ARN of a key, or of an alias, of that Region. Without one for a Region, Redress only reports.',
  ),
);

export default defineControl(distributions, {
  id: 'distribution-encrypted',
  title: 'Image Builder distributes encrypted AMIs',
  why: 'An AMI that is distributed without a key is encrypted only if what was built is. Without a customer key you cannot say who may use it.',
  remediation:
    'Sets the key that the settings name for a Region, where its AMIs have none. Leaves all else as it is, and reports other Regions.',
  severity: 'medium',
  amountsTo: updatesAmountTo,
  defaultMode: 'observe',
  // [U] no record of them is public, so the live configuration decides
  triggers: [...distributions.created, distributions.calls('UpdateDistributionConfiguration')],
  permissions: {
    reads: [...launchReads, ...parentReads, ...pipelineReads, reading('GetImageRecipe'), { action: 'kms:DescribeKey' }],
    writes: updateWrites,
  },
  settings: { keys, exportRoles },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_AmiDistributionConfiguration.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-distribution-settings.html',
  ],
  iac: {
    cloudFormation:
      'set `KmsKeyId` under `AmiDistributionConfiguration` of each Region in the AWS::ImageBuilder::DistributionConfiguration.',
    terraform:
      'set `kms_key_id` in `ami_distribution_configuration` of each `distribution` of the aws_imagebuilder_distribution_configuration.',
    cdk: 'set `kmsKeyId` in `amiDistributionConfiguration` of each Region in the imagebuilder.CfnDistributionConfiguration.',
  },
  prevention: { none: 'No condition key shows the keys of a distribution. Encryption by default encrypts what is built.' },

  async inspectOne(config, read, context, { id }): Promise<Facts> {
    const bare = (config.distributions ?? []).filter(({ amiDistributionConfiguration: ami }) => ami && !ami.kmsKeyId);
    const builds = bare.length > 0 ? await openBuilds(id, read, context) : [];
    const named = context.settings.keys;
    const open = bare.filter(({ region = '' }) => named[region] !== undefined || builds.length > 0);
    const settled = await Promise.all(open.map(async (one) => ({ one, ...(await readiness(one, read, context)) })));
    return {
      config,
      open: [...new Set(open.map(({ region = '' }) => region))],
      keys: Object.fromEntries(settled.flatMap(({ one: { region = '' }, key }) => (key === undefined ? [] : [[region, key]]))),
      builds,
      doubts: [...new Set(settled.flatMap(({ doubts }) => doubts))],
      notes: [
        ...new Set(settled.flatMap(({ notes }) => notes)),
        ...((config.distributions ?? []).some(({ s3ExportConfiguration }) => s3ExportConfiguration)
          ? ['What is exported to S3 is encrypted by its bucket, not by this key: look at that.']
          : []),
      ],
    };
  },

  judge({ config, open, builds, notes }): Verdict {
    if (open.length === 0) return { is: 'compliant', says: 'Its AMIs have a key in each Region, or what is built is encrypted.' };
    const why = builds.length > 0 ? ` The recipe of ${builds.join(' and ')} does not encrypt what it builds.` : '';
    return {
      is: 'violation',
      says: `It distributes AMIs to ${open.join(' and ')} without a key.${why}`,
      risk: `${open.join(' ')}; ${builds.length > 0}`,
      advice: [...obstaclesIn(config, updating), ...notes],
    };
  },

  plan({ config, open, keys: wanted, doubts }, { id }): Plan {
    const regions = Object.keys(wanted);
    const rest = open.length > regions.length && { leavesRest: true };
    if (regions.length === 0 || obstaclesIn(config, updating).length > 0) return { changes: [], ...rest };
    const changed = (config.distributions ?? []).map((one) => withKey(one, wanted[one.region ?? ''], undefined));
    const says = `Set the key of the settings for ${regions.join(' and ')}, and leave all else as it is.`;
    return {
      changes: [replacing(id, config, { distributions: changed }, updating, says)],
      ...rest,
      ...(doubts.length > 0 && { needsApproval: doubts.join(' ') }),
    };
  },

  before: ({ keys: set }) => ({ keys: set }),

  undo({ keys: set }, { config }, { id }): Plan {
    const all = config.distributions ?? [];
    const changed = all.map((one) => withKey(one, undefined, set[one.region ?? '']));
    if (changed.every((one, n) => one === all[n]) || obstaclesIn(config, updating).length > 0) return { changes: [] };
    const says = 'Take the keys that Redress set out again, and leave all else as it is.';
    return { changes: [replacing(id, config, { distributions: changed }, updating, says)] };
  },
});

/** A Region's settings under another key; untouched where they have none of AMIs, or another one than was expected. */
function withKey(one: Distribution, to: string | undefined, from: string | undefined): Distribution {
  const { kmsKeyId, ...ami } = one.amiDistributionConfiguration ?? {};
  if (!one.amiDistributionConfiguration || (to ?? from) === undefined || (kmsKeyId || undefined) !== from) return one;
  return { ...one, amiDistributionConfiguration: { ...ami, ...(to && { kmsKeyId: to }) } };
}

/** The pipelines that distribute so and whose recipes do not encrypt; what cannot be told is none of them. */
async function openBuilds(id: string, read: Reader, context: Context<Settings>): Promise<readonly string[]> {
  const pipelines = await pipelinesWhere((one) => one.distributionConfigurationArn === id && one.imageRecipeArn !== undefined, [], read);
  const recipes = await read.many(
    recipesByArn,
    pipelines.flatMap(({ imageRecipeArn }) => imageRecipeArn ?? []),
  );
  const judged = pipelines.map(async ({ name = 'a pipeline', imageRecipeArn = '' }) => {
    const recipe = recipes.get(imageRecipeArn);
    const effects = recipe ? (await buildOf(recipe, read, context)).effects : [];
    return badOf(effects).some(({ is }) => is === 'unencrypted') ? [name] : [];
  });
  return (await Promise.all(judged)).flat();
}

/** The key for a Region, if one can be set, what a person should know first, and why none is set. */
async function readiness(
  { region = '', amiDistributionConfiguration: ami }: Distribution,
  read: Reader,
  { region: here, settings }: Context<Settings>,
): Promise<{ readonly key?: string; readonly doubts: readonly string[]; readonly notes: readonly string[] }> {
  const key = settings.keys[region];
  const { userGroups = [], ...named } = ami?.launchPermission ?? {};
  if (key === undefined) return { doubts: [], notes: [`Name a key for ${region} in the setting \`keys\`.`] };
  if (userGroups.length > 0) return { doubts: [], notes: [`No key is set for ${region}: an encrypted AMI cannot be public.`] };
  const { problem, doubt } = region === here ? await keyUse(key, read) : { doubt: `Redress does not look at keys of ${region}` };
  if (problem) return { doubts: [], notes: [`No key is set for ${region}: ${problem}.`] };
  const isShared = [...Object.values(named), ami?.targetAccountIds ?? []].some((one) => (one ?? []).length > 0);
  return {
    key,
    doubts: [
      ...(doubt ? [`A person should look first: ${doubt}.`] : []),
      ...(isShared ? [`AMIs of ${region} are shared: the other accounts have to be allowed to use the key first.`] : []),
    ],
    notes: [],
  };
}
