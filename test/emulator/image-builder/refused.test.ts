import { describe, expect, test } from 'vitest';
import { arn, distributions, document, filled, nightly, recipe, refusal, type World } from './world.ts';

describe('what is refused', () => {
  const component = { name: 'agent', semanticVersion: '1.0.0', platform: 'Linux' } as const;
  test.each([
    [
      'a second configuration of a name',
      (w: World) => w.client.createDistributionConfiguration({ name: 'World', distributions }),
      `400 ResourceAlreadyExistsException: The following resource 'DistributionConfiguration' already exists: '${arn('distribution-configuration/world')}'.`,
    ],
    ['a second recipe of a version', (w: World) => w.client.createImageRecipe(recipe), '400 ResourceAlreadyExistsException'],
    [
      'a region without an output',
      (w: World) => w.client.createDistributionConfiguration({ name: 'none', distributions: [{ region: 'us-east-1' }] }),
      "400 InvalidParameterValueException: The value supplied for parameter 'distributions[0]' is not valid. One or more outputs should be provided",
    ],
    [
      'a member that is missing',
      (w: World) => w.client.createImageRecipe({ ...recipe, parentImage: undefined }),
      "400 InvalidParameterValueException: The value supplied for parameter 'parentImage' is not valid.",
    ],
    [
      'both data and an object',
      (w: World) => w.client.createComponent({ ...component, data: document, uri: 's3://a/b' }),
      '400 InvalidParameterCombinationException',
    ],
    ['neither data nor an object', (w: World) => w.client.createComponent(component), '400 InvalidParameterCombinationException'],
    [
      'a pipeline without a recipe',
      (w: World) => w.client.createImagePipeline({ name: 'none', ...w.pipeline, imageRecipeArn: undefined }),
      '400 InvalidParameterCombinationException',
    ],
    [
      'a recipe that is not there',
      (w: World) => w.client.createImagePipeline({ name: 'none', ...w.pipeline, imageRecipeArn: arn('image-recipe/none/x.x.x') }),
      "400 InvalidParameterValueException: The value supplied for parameter 'imageRecipeArn' is not valid.",
    ],
    [
      'a component that is not there',
      (w: World) =>
        w.client.createImageRecipe({ ...recipe, semanticVersion: '2.0.0', components: [{ componentArn: arn('component/none/x.x.x') }] }),
      "'components[0].componentArn'",
    ],
    [
      'a wildcard before a number',
      (w: World) => w.client.createImageRecipe({ ...recipe, semanticVersion: '1.x.0' }),
      '400 InvalidVersionNumberException',
    ],
    [
      'a number that is too big',
      (w: World) => w.client.createImageRecipe({ ...recipe, semanticVersion: '1.0.1073741824' }),
      '400 InvalidVersionNumberException',
    ],
    [
      'a dry run that would succeed',
      (w: World) => w.client.createComponent({ ...component, data: document, dryRun: true }),
      '412 DryRunOperationException',
    ],
    [
      'a resource that is not there',
      (w: World) => w.client.getDistributionConfiguration({ distributionConfigurationArn: arn('distribution-configuration/none') }),
      '404 ResourceNotFoundException',
    ],
    [
      'a resource of another Region',
      (w: World) => w.client.deleteImagePipeline({ imagePipelineArn: nightly.imagePipelineArn.replace('us-east-1', 'eu-west-1') }),
      '404 ResourceNotFoundException',
    ],
    ['a policy that was never put', (w: World) => w.client.getImageRecipePolicy(w.pipeline), '404 ResourceNotFoundException'],
    [
      'a policy that is no JSON',
      (w: World) => w.client.putImageRecipePolicy({ ...w.pipeline, policy: 'x' }),
      "400 InvalidParameterValueException: The value supplied for parameter 'policy'",
    ],
    [
      'the end of what a pipeline names',
      (w: World) => w.client.deleteImageRecipe(w.pipeline),
      `400 ResourceDependencyException: Resource dependency error: The resource ARN '${arn('image-recipe/web-server/1.0.0')}' has other resources depended on it.`,
    ],
    [
      'the end of what a recipe names by wildcards',
      (w: World) => w.client.deleteComponent({ componentBuildVersionArn: arn('component/agent/1.0.0/1') }),
      '400 ResourceDependencyException',
    ],
    [
      'a change of what is Amazon’s',
      (w: World) =>
        w.client.tagResource({ resourceArn: 'arn:aws:imagebuilder:us-east-1:aws:component/update-linux/1.0.2/1', tags: { a: 'b' } }),
      '403 ForbiddenException',
    ],
    ['a page that is none', (w: World) => w.client.listImageRecipes({ nextToken: 'x' }), '400 InvalidPaginationTokenException'],
    [
      'a filter that is none',
      (w: World) => w.client.listImageRecipes({ filters: [{ name: 'none', values: ['x'] }] }),
      "400 InvalidParameterValueException: The value supplied for parameter 'filters[0].name'",
    ],
  ])('%s', async (_, work, why) => {
    expect(await refusal(work(await filled()))).toContain(why);
  });
});
