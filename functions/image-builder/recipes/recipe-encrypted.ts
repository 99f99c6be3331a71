import type { ImagePipeline } from '@aws-sdk/client-imagebuilder';
import * as v from 'valibot';
import { type Made, madeWith } from '#shared/control/actor.ts';
import { type Change, defineControl, type Plan, type Target, type Verdict } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import { passing, roleNames } from '#shared/control/roles.ts';
import { badOf, sayEffects } from '#shared/launch/launch.ts';
import { encryptionPages, keepsDefaultEncryption } from '#shared/launch/prevention.ts';
import { launchReads } from '#shared/launch/reads.ts';
import { anyOf, isOf } from '../builder.ts';
import { replacing } from '../replace.ts';
import { type Facts, factsOf } from './facts.ts';
import { recipes } from './kind.ts';
import { anyOwners, parentReads } from './parent.ts';
import { pipelineReads, updatingPipeline } from './pipelines.ts';
import { newVersion } from './versions.ts';

/** Who made what names the recipe, and the pipelines that do, which a list may not show yet. */
type Hint = Made & { readonly pipelines?: readonly string[] };
/** The pipelines that name the version. */
type Before = { readonly pipelines: readonly string[] };

const implied = (action: string) => ({
  action: `imagebuilder:${action}`,
  resource: anyOwners,
  impliedBy: 'Image Builder looks at what a recipe or a pipeline names, as whoever writes it',
});
const kmsKey = v.pipe(
  v.optional(v.string()),
  v.description(
    "The key of the volumes, where a mapping has none: ARN of a key or an alias; absent means the account's default key of EBS.",
  ),
);
const executionRoles = v.pipe(
  roleNames,
  v.description(
    'The roles that pipelines run their workflows with, at most 10. AWS asks whoever moves such a pipeline for `iam:PassRole`, and Redress passes no other role.',
  ),
);

export default defineControl(recipes, {
  id: 'recipe-encrypted',
  title: 'Image Builder recipes encrypt their volumes',
  why: 'Every image that a pipeline builds from such a recipe is unencrypted, and so is what is launched from it.',
  remediation:
    'Makes a new patch version that differs in encryption alone, and moves the pipelines that name this version to it. Keeps this version.',
  severity: 'medium',
  amountsTo:
    'Its role can write recipes and move pipelines to them, for AWS knows no narrower permission. A build runs what its recipe says, with the instance profile of its pipeline.',
  defaultMode: 'observe',
  // it changes what is built
  maxMode: 'approve',
  // [U] no record of them is public; a pipeline may name a recipe that was sound enough while nothing built from it
  triggers: [...recipes.created, recipes.calls('CreateImagePipeline', 'UpdateImagePipeline')],
  permissions: {
    reads: [...launchReads, ...parentReads, ...pipelineReads, { action: 'kms:DescribeKey' }],
    writes: [
      { action: 'imagebuilder:CreateImageRecipe', resource: anyOf('image-recipe') },
      { action: 'imagebuilder:UpdateImagePipeline', resource: anyOf('image-pipeline') },
      {
        action: 'imagebuilder:TagResource',
        resource: anyOf('image-recipe'),
        conditions: { Null: { 'aws:TagKeys': 'false' } },
        impliedBy: 'Image Builder checks it for a version that is made with tags',
      },
      implied('GetComponent'),
      implied('GetInfrastructureConfiguration'),
      implied('GetDistributionConfiguration'),
      implied('GetWorkflow'),
      passing('executionRoles', ['imagebuilder.amazonaws.com'], 'Image Builder passes the role of a pipeline to itself'),
    ],
  },
  settings: { kmsKey, executionRoles },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EbsInstanceBlockDeviceSpecification.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-image-recipes.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html',
  ],
  iac: {
    cloudFormation:
      'set `Encrypted: true` under `Ebs` of `BlockDeviceMappings` in the AWS::ImageBuilder::ImageRecipe, and raise its `Version`: a recipe is immutable, so CloudFormation replaces it.',
    terraform:
      'set `encrypted = true` in `ebs` of each `block_device_mapping` of the aws_imagebuilder_image_recipe, and raise its `version`: Terraform replaces it.',
    cdk: 'set `encrypted: true` under `ebs` of `blockDeviceMappings` in the imagebuilder.CfnImageRecipe, and raise its `version`: CloudFormation replaces it.',
  },
  prevention: {
    scp: [keepsDefaultEncryption],
    breaks:
      'No policy looks into a recipe. Where encryption by default is on, build instances have encrypted volumes, and so are the images made of them; the policy keeps it on.',
    references: [encryptionPages.byDefault, encryptionPages.scope],
  },

  targets(record, place): readonly Target<Hint>[] {
    const hint = madeWith(record);
    const id = stringAt(record, 'requestParameters', 'imageRecipeArn');
    if (record.eventName === 'CreateImageRecipe') return recipes.targets(record, place).map((target) => ({ ...target, hint }));
    const pipeline = stringAt(record, 'responseElements', 'imagePipelineArn') ?? stringAt(record, 'requestParameters', 'imagePipelineArn');
    if (id === undefined || !isOf(id, place.account)) return [];
    // with an `x` it names whichever is the newest, which the sweep finds
    return id.includes('x.') || id.endsWith('x') || pipeline === undefined
      ? []
      : [{ type: recipes.type, id, hint: { ...hint, pipelines: [pipeline] } }];
  },

  joinHints: (one, other) => ({ ...one, pipelines: [...new Set([...(one.pipelines ?? []), ...(other.pipelines ?? [])])] }),

  inspectOne: (recipe, read, context, { id, hint }) => factsOf(id, recipe, hint?.pipelines ?? [], read, context),

  judge(facts): Verdict {
    const { effects, pinned, following, staying, replacement, obstacles } = facts;
    const bad = badOf(effects);
    const says = sayEffects('A build of it', effects);
    if (bad.length === 0) return { is: 'compliant', says };
    if (bad.every(({ is }) => is === 'unknown'))
      return { is: 'skip', says, advice: ['Set `encrypted` in a mapping of each device, in a new version of the recipe.'] };
    const isUsed = pinned.length + following.length + staying.length > 0;
    if (replacement !== undefined && pinned.length === 0 && staying.length === 0)
      return {
        is: 'superseded',
        says: `The version ${versionOf(replacement)} is the same, with encryption, and no pipeline names this one any more.`,
        by: replacement,
      };
    return {
      is: 'violation',
      says: isUsed ? says : `${says} No pipeline builds from it.`,
      risk: [...bad.map(({ device, is }) => `${device} ${is}`), isUsed].join('; '),
      ...(!isUsed && { severity: 'low' as const }),
      advice: [
        ...obstacles,
        ...staying,
        ...(isUsed ? [] : ['Delete the recipe if nothing needs it. Redress makes no version of a recipe that no pipeline uses.']),
        ...(following.length > 0
          ? [
              `Pipelines that name a version with an \`x\` build from a new version at once: ${following.map(({ name }) => name).join(', ')}. An undo does not change that: delete the new version.`,
            ]
          : []),
      ],
    };
  },

  plan(facts): Plan {
    const { effects, recipe, mappings, pinned, following, staying, replacement, free, obstacles } = facts;
    const rest = staying.length > 0 && { leavesRest: true };
    const isUsed = pinned.length + following.length > 0;
    if (badOf(effects).length === 0 || obstacles.length > 0 || !isUsed) return { changes: [], ...rest };
    if (replacement === undefined)
      return {
        changes: [
          {
            command: newVersion(recipe, free ?? '', mappings),
            says: `Make the version ${free} of ${recipe.name}, the same as ${recipe.version} but for encryption.`,
            repeats: ['tags'],
            step: `version ${free}`,
          },
        ],
        later: [{ api: 'imagebuilder:UpdateImagePipeline', says: `Move ${namesOf(facts)} to that version, and leave all else of it.` }],
        ...rest,
      };
    // it is what Redress would make, whoever made it, so that a fix which has begun goes on
    return { changes: pinned.map((one) => moving(one, replacement)), completes: true, ...rest };
  },

  before: ({ pinned }): Before => ({ pipelines: pinned.flatMap(({ arn }) => arn ?? []) }),

  undo: ({ pipelines }, facts, { id }): Plan => ({
    changes: facts.moved.filter(({ arn }) => arn !== undefined && pipelines.includes(arn)).map((one) => moving(one, id)),
  }),
});

function moving(pipeline: ImagePipeline, imageRecipeArn: string): Change {
  const says = `Move the pipeline ${pipeline.name} to the version ${versionOf(imageRecipeArn)}, and leave all else of it.`;
  return replacing(pipeline.arn ?? '', pipeline, { imageRecipeArn }, updatingPipeline, says);
}

function versionOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

function namesOf({ pinned }: Facts): string {
  return pinned.length === 0 ? 'no pipeline' : `the pipeline ${pinned.map(({ name }) => name).join(' and ')}`;
}
