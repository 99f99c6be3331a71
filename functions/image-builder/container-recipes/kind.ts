import { type ContainerRecipe, GetContainerRecipeCommand, ListContainerRecipesCommand } from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import type { Part, Permission, Reader } from '#shared/control/types.ts';
import { type FoundInLines, secretsInLines } from '#shared/detect/lines.ts';
import { arnsIn, builderKind, pageOf, reading } from '../builder.ts';

const resource = 'container-recipe';

/** A container recipe without its Dockerfile, which may hold secrets: only what was found in it is kept. */
export type Judged = Omit<ContainerRecipe, 'dockerfileTemplateData'> & { readonly found: FoundInLines | undefined };

/** What it takes to list the account's own container recipes. */
export const containerRecipeLists: readonly Permission[] = [{ action: 'imagebuilder:ListContainerRecipes' }];

/** Container recipes of EC2 Image Builder that belong to the account. */
export const containerRecipes = builderKind<Judged>({
  noun: 'container-recipe',
  plural: 'Image Builder container recipes',
  type: 'AWS::ImageBuilder::ContainerRecipe',
  resource,
  made: ['CreateContainerRecipe'],
  member: 'containerRecipeArn',
  unwatched: {
    'It gives other accounts access, which `image-builder-shared-known` judges.': ['PutContainerRecipePolicy'],
    'Most such calls are about sound recipes, and each would cost an invocation.': ['DeleteContainerRecipe'],
  },
  reads: [reading('GetContainerRecipe'), ...containerRecipeLists],
  items: oneByOne(
    'container recipes',
    (containerRecipeArn) => new GetContainerRecipeCommand({ containerRecipeArn }),
    ({ containerRecipe }) => containerRecipe && withoutText(containerRecipe),
  ),
  list: (read, _place, from) => pageOfContainerRecipes(read, from),
  fields: async ({ description = '' }) => [{ name: 'description', value: description }],
  fieldsAdvice: 'A recipe cannot be changed: make a new version without that text, and delete this one.',
  terraform: 'aws_imagebuilder_container_recipe',
  texts: ['Description'],
});

/** A page of the account's own container recipes, by ARN. */
export async function pageOfContainerRecipes(read: Reader, from: string | undefined): Promise<Part<string>> {
  const page = await pageOf(
    read,
    (asked) => new ListContainerRecipesCommand({ owner: 'Self', ...asked }),
    ({ containerRecipeSummaryList }) => containerRecipeSummaryList,
    from,
  );
  return arnsIn(page);
}

function withoutText({ dockerfileTemplateData, ...recipe }: ContainerRecipe): Judged {
  return { ...recipe, found: dockerfileTemplateData === undefined ? undefined : secretsInLines(dockerfileTemplateData) };
}
