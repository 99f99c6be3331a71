import type { ImagePipeline, ImageRecipe, InstanceBlockDeviceMapping } from '@aws-sdk/client-imagebuilder';
import { keyUse } from '#shared/aws/key.ts';
import type { Context, Place, Reader } from '#shared/control/control.ts';
import { managerOf } from '#shared/control/manager.ts';
import { type Around, badOf, type Effect, effectsOf } from '#shared/launch/launch.ts';
import { aroundOf } from '#shared/launch/reads.ts';
import { obstaclesIn } from '../replace.ts';
import { parentOf } from './parent.ts';
import { pipelinesWhere, updatingPipeline } from './pipelines.ts';
import { encryptedMappings, type Later, laterThan, launchOf, unknownIn } from './versions.ts';

export type Settings = { readonly kmsKey?: string | undefined };

/** All that is known of one version of a recipe. */
export interface Facts extends Later {
  readonly recipe: ImageRecipe;
  readonly effects: readonly Effect[];
  /** Pipelines that name this version, and that Redress may move. */
  readonly pinned: readonly ImagePipeline[];
  /** Pipelines that name it with an `x`: a later version reaches them by itself. */
  readonly following: readonly ImagePipeline[];
  /** Pipelines that name the version which replaces this one. */
  readonly moved: readonly ImagePipeline[];
  /** Why a pipeline stays where it is, in sentences. */
  readonly staying: readonly string[];
  readonly mappings: readonly InstanceBlockDeviceMapping[];
  /** Why no version is made, in sentences for a person. */
  readonly obstacles: readonly string[];
}

/** Reads everything that decides about a version of a recipe. */
export async function factsOf(
  id: string,
  recipe: ImageRecipe,
  named: readonly string[],
  read: Reader,
  context: Context<Settings>,
): Promise<Facts> {
  const { imageId, effects, around } = await buildOf(recipe, read, context);
  const none = { pinned: [], following: [], moved: [], staying: [], mappings: [], obstacles: [], replacement: undefined, free: undefined };
  if (badOf(effects).length === 0) return { ...none, recipe, effects };
  const { kmsKey } = context.settings;
  const { mappings, obstacles } = encryptedMappings(recipe, imageId, effects, around, kmsKey);
  const later = await laterThan(recipe, id, mappings, read);
  const isOn = ({ imageRecipeArn = '' }: ImagePipeline) => isVersionOf(imageRecipeArn, id) || imageRecipeArn === later.replacement;
  const pipelines = await pipelinesWhere((one) => one.imageRecipeArn !== undefined && isOn(one), named, read);
  const key = kmsKey === undefined ? {} : await keyUse(kmsKey, read);
  const on = pipelines.filter(({ imageRecipeArn }) => imageRecipeArn === id);
  const stays = on.flatMap((one) => whyStays(one, context).map((says) => ({ one, says })));
  const unknown = unknownIn(recipe);
  return {
    ...later,
    recipe,
    effects,
    pinned: on.filter((one) => !stays.some((other) => other.one === one)),
    following: pipelines.filter(({ imageRecipeArn }) => imageRecipeArn !== id && imageRecipeArn !== later.replacement),
    moved: pipelines.filter(({ imageRecipeArn }) => imageRecipeArn === later.replacement),
    staying: stays.map(({ says }) => says),
    mappings,
    obstacles: [
      ...obstacles,
      ...(key.problem ? [`No version is made: ${key.problem}.`] : []),
      ...(unknown.length > 0
        ? [
            `No version is made: AWS shows ${unknown.map((name) => `\`${name}\``).join(' and ')}, which this version of Redress cannot write.`,
          ]
        : []),
      ...(later.replacement === undefined && later.free === undefined
        ? ['No version is made: the patch versions behind it are taken.']
        : []),
    ],
  };
}

/** What the devices of a build become, and what decides about them. */
export async function buildOf(
  recipe: ImageRecipe,
  read: Reader,
  context: Place,
): Promise<{ readonly imageId: string; readonly effects: readonly Effect[]; readonly around: Around }> {
  const imageId = await parentOf(recipe.parentImage ?? '', read, context);
  const launch = launchOf(recipe, imageId);
  const around = await aroundOf([launch], read, context);
  return { imageId, effects: effectsOf(launch, around), around };
}

/** Whether an ARN names a version, exactly or with an `x` for some numbers. */
function isVersionOf(pattern: string, id: string): boolean {
  if (pattern === id) return true;
  const [, name, version = ''] = /^(.*\/)([\dx]+\.[\dx]+\.[\dx]+)$/.exec(pattern) ?? [];
  if (name === undefined || !version.includes('x') || !id.startsWith(name)) return false;
  const numbers = id.slice(name.length).split('.');
  return version.split('.').every((part, n) => part === 'x' || part === numbers[n]);
}

/** What else manages a pipeline would move it back, and what cannot be written back is not touched. */
function whyStays(pipeline: ImagePipeline, context: Context<Settings>): string[] {
  const { name = 'a pipeline', tags = {} } = pipeline;
  const manager = managerOf(
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    undefined,
    context,
  );
  if (manager) return [`The pipeline ${name} stays on this version, for ${manager.name} manages it: name the new version there.`];
  return obstaclesIn(pipeline, updatingPipeline).length > 0
    ? [`The pipeline ${name} stays on this version, for it holds what this version of Redress cannot write back: move it by hand.`]
    : [];
}
