import { isDeepStrictEqual } from 'node:util';
import { CreateImageRecipeCommand, type ImageRecipe, type InstanceBlockDeviceMapping } from '@aws-sdk/client-imagebuilder';
import { asWritten, type Carried, carried, withoutEmpty } from '#shared/aws/whole.ts';
import { Secret } from '#shared/control/secret.ts';
import type { AwsCommand, Reader } from '#shared/control/types.ts';
import { type Around, badOf, type Effect, type Launch } from '#shared/launch/launch.ts';
import { encryptedData } from '#shared/launch/template.ts';
import { recipesByArn } from './kind.ts';

const Create = asWritten(CreateImageRecipeCommand);

/** So many patch versions behind one are looked at. */
const MOST_PATCHES = 10;
/** What AWS shows of a recipe beside what was written; the version is said otherwise in a request. */
const answered = ['arn', 'type', 'platform', 'owner', 'version', 'dateCreated'];

/** The later patch versions of a recipe. */
export interface Later {
  /** The ARN of one that is the same, with encryption as Redress would set it. */
  readonly replacement: string | undefined;
  /** The first version that is free; undefined where so many are taken. */
  readonly free: string | undefined;
}

/** What a build of a recipe launches, in EC2's words. */
export function launchOf({ blockDeviceMappings = [] }: ImageRecipe, imageId: string): Launch {
  return { ImageId: imageId, BlockDeviceMappings: blockDeviceMappings.map((one) => recased(one, 'toUpperCase') as object) };
}

/** The mappings of a recipe with encryption set where a device lacks it, and why that cannot be. */
export function encryptedMappings(
  recipe: ImageRecipe,
  imageId: string,
  effects: readonly Effect[],
  around: Around,
  kmsKey: string | undefined,
): { readonly mappings: readonly InstanceBlockDeviceMapping[]; readonly obstacles: readonly string[] } {
  const { ImageId, BlockDeviceMappings } = launchOf(recipe, imageId);
  // as a version of a template, which says a launch in the same words
  const data = { ImageId, BlockDeviceMappings: [...(BlockDeviceMappings ?? [])] } as Parameters<typeof encryptedData>[0]['data'];
  const version = { number: 0, isDefault: false, description: undefined, data, userData: undefined, imageId };
  const { data: fixed, obstacles } = encryptedData(version, badOf(effects), around, kmsKey);
  const mappings = fixed.BlockDeviceMappings ?? [];
  return { mappings: mappings.map((one) => recased(one, 'toLowerCase') as InstanceBlockDeviceMapping), obstacles };
}

/** The names of members of a recipe that no new version of it could have. */
export function unknownIn(recipe: ImageRecipe): readonly string[] {
  return membersOf(recipe).unknown;
}

/** The call that makes another version of a recipe, which differs in its mappings alone. */
export function newVersion(recipe: ImageRecipe, semanticVersion: string, blockDeviceMappings: readonly object[]): AwsCommand {
  const { tags, ...members } = membersOf(recipe).members;
  const own = Object.fromEntries(Object.entries(Object(tags)).filter(([key]) => !key.startsWith('aws:')));
  return request(withoutEmpty({ ...members, semanticVersion, blockDeviceMappings, tags: own }));
}

/** Looks for the versions behind one, each by its ARN, for lists lag behind. */
export async function laterThan(recipe: ImageRecipe, id: string, mappings: readonly object[], read: Reader): Promise<Later> {
  const [, base = '', patch = ''] = /^(.*\/\d+\.\d+\.)(\d+)$/.exec(id) ?? [];
  if (base === '') return { replacement: undefined, free: undefined };
  const arns = Array.from({ length: MOST_PATCHES }, (_, n) => `${base}${Number(patch) + 1 + n}`);
  const found = await read.many(recipesByArn, arns);
  const wanted = plain({ ...recipe, blockDeviceMappings: [...mappings] as InstanceBlockDeviceMapping[] });
  const isSame = (arn: string) => {
    const one = found.get(arn);
    return one !== undefined && isDeepStrictEqual(plain(one), wanted);
  };
  return {
    replacement: arns.find(isSame),
    free: arns
      .find((arn) => !found.has(arn))
      ?.split('/')
      .at(-1),
  };
}

function membersOf(recipe: ImageRecipe): Carried {
  return carried(recipe, request({}), answered);
}

function request(members: object): AwsCommand {
  // what AWS shows is what it takes
  return new Create(members as CreateImageRecipeCommand['input']);
}

/** What two versions have in common if they build the same; tags come and go. Only for a comparison: it holds what is secret. */
function plain(recipe: ImageRecipe): object {
  const { tags: _, ...members } = membersOf(recipe).members;
  return JSON.parse(JSON.stringify(Secret.reveal(members).input));
}

/** The same with the names of members as EC2 or Image Builder writes them, members that nobody knows too. */
function recased(value: unknown, how: 'toUpperCase' | 'toLowerCase'): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [`${key.charAt(0)[how]()}${key.slice(1)}`, recased(one, how)]));
}
