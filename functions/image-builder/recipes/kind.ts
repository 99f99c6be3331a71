import { GetImageRecipeCommand, type ImageRecipe, ListImageRecipesCommand } from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import { whole } from '#shared/aws/whole.ts';
import { Secret } from '#shared/control/secret.ts';
import type { Part, Permission, Reader } from '#shared/control/types.ts';
import { arnsIn, builderKind, pageOf, reading } from '../builder.ts';

const resource = 'image-recipe';

/** What it takes to list the account's own image recipes. */
export const recipeLists: readonly Permission[] = [{ action: 'imagebuilder:ListImageRecipes' }];

/** Versions of image recipes by ARN, with what a user data and component parameters hold as secrets. */
export const recipesByArn = oneByOne(
  'image recipes',
  (imageRecipeArn) => whole(new GetImageRecipeCommand({ imageRecipeArn })),
  ({ imageRecipe }) => imageRecipe && hidden(imageRecipe),
);

/** Image recipes of EC2 Image Builder that belong to the account, version by version. */
export const recipes = builderKind<ImageRecipe>({
  noun: 'recipe',
  plural: 'Image Builder image recipes',
  type: 'AWS::ImageBuilder::ImageRecipe',
  resource,
  made: ['CreateImageRecipe'],
  member: 'imageRecipeArn',
  unwatched: {
    'It gives other accounts access, which `image-builder-shared-known` judges.': ['PutImageRecipePolicy'],
    'Most such calls are about sound recipes, and each would cost an invocation.': ['DeleteImageRecipe'],
  },
  reads: [reading('GetImageRecipe'), ...recipeLists],
  items: recipesByArn,
  list: (read, _place, from) => pageOfRecipes(read, from),
  fields: async ({ description = '', amiTags = {} }) => [
    { name: 'description', value: description },
    ...Object.entries(amiTags).map(([key, value]) => ({ name: 'tags of its AMIs', value: `${key}=${value}` })),
  ],
  fieldsAdvice: 'A recipe cannot be changed: make a new version without that text, and delete this one.',
  terraform: 'aws_imagebuilder_image_recipe',
  texts: ['Description', 'AmiTags'],
});

/** A page of the account's own image recipes, by ARN. */
export async function pageOfRecipes(read: Reader, from: string | undefined): Promise<Part<string>> {
  const page = await pageOf(
    read,
    (asked) => new ListImageRecipesCommand({ owner: 'Self', ...asked }),
    ({ imageRecipeSummaryList }) => imageRecipeSummaryList,
    from,
  );
  return arnsIn(page);
}

function hidden(recipe: ImageRecipe): ImageRecipe {
  const { additionalInstanceConfiguration: additional, components } = recipe;
  const { userDataOverride } = additional ?? {};
  return {
    ...recipe,
    ...(userDataOverride !== undefined && {
      additionalInstanceConfiguration: { ...additional, userDataOverride: new Secret(userDataOverride, 'user data').reference() },
    }),
    ...(components && {
      components: components.map(({ parameters, ...component }) => ({
        ...component,
        ...(parameters && {
          parameters: parameters.map((one) => ({ ...one, value: one.value?.map((value) => new Secret(value, 'parameter').reference()) })),
        }),
      })),
    }),
  };
}
