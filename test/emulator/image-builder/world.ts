import type { Distribution } from '@aws-sdk/client-imagebuilder';
import { imageBuilderInProcess } from '../../support/image-builder/client.ts';

/** The account of the world. */
export const account = '123456789012';
/** An ARN in it. */
export const arn = (rest: string) => `arn:aws:imagebuilder:us-east-1:${account}:${rest}`;
/** The document of a component. */
export const document = 'name: agent\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps: []\n';
/** What shares with everybody. */
export const distributions: Distribution[] = [
  { region: 'us-east-1', amiDistributionConfiguration: { launchPermission: { userGroups: ['all'] } } },
];
/** A recipe without components. */
export const recipe = { name: 'Web Server', semanticVersion: '1.0.0', parentImage: 'ami-1' };

/** Image Builder with everything that a pipeline needs. */
export async function filled(options: Parameters<typeof imageBuilderInProcess>[0] = {}, refused: readonly string[] = []) {
  const world = imageBuilderInProcess(options, refused);
  const { client } = world;
  await client.createComponent({ name: 'agent', semanticVersion: '1.0.0', platform: 'Linux', data: document });
  await client.createImageRecipe({ ...recipe, components: [{ componentArn: arn('component/agent/x.x.x') }] });
  await client.createInfrastructureConfiguration({ name: 'small', instanceProfileName: 'builder' });
  await client.createDistributionConfiguration({ name: 'world', distributions });
  const infrastructureConfigurationArn = arn('infrastructure-configuration/small');
  const distributionConfigurationArn = arn('distribution-configuration/world');
  const imageRecipeArn = arn('image-recipe/web-server/1.0.0');
  const pipeline = { infrastructureConfigurationArn, distributionConfigurationArn, imageRecipeArn };
  await client.createImagePipeline({ name: 'nightly', ...pipeline });
  return { ...world, pipeline };
}

/** The pipeline. */
export const nightly = { imagePipelineArn: arn('image-pipeline/nightly') };
/** The status, the code and the text of what is refused. */
export const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    ({ name, message, $metadata }) => `${$metadata?.httpStatusCode} ${name}: ${message}`,
  );

/** Image Builder with a pipeline. */
export type World = Awaited<ReturnType<typeof filled>>;
