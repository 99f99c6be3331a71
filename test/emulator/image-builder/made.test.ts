import { describe, expect, test } from 'vitest';
import { imageBuilderInProcess } from '../../support/image-builder/client.ts';
import { account, arn, distributions, document, filled, nightly, recipe, refusal, type World } from './world.ts';

describe('what is made', () => {
  test('is read as it was sent, with what the service adds', async () => {
    const { client, pipeline } = await filled();
    const component = (await client.getComponent({ componentBuildVersionArn: arn('component/agent/1.0.0/1') })).component;
    expect(component).toMatchObject({
      name: 'agent',
      version: '1.0.0',
      type: 'BUILD',
      owner: account,
      encrypted: true,
      data: document,
      tags: {},
    });
    const { imageRecipe, latestVersionReferences } = await client.getImageRecipe({ imageRecipeArn: pipeline.imageRecipeArn });
    expect(imageRecipe).toMatchObject({
      arn: pipeline.imageRecipeArn,
      name: 'Web Server',
      parentImage: 'ami-1',
      type: 'AMI',
      platform: 'Linux',
    });
    expect(latestVersionReferences).toEqual({
      latestVersionArn: arn('image-recipe/web-server/x.x.x'),
      latestMajorVersionArn: arn('image-recipe/web-server/1.x.x'),
      latestMinorVersionArn: arn('image-recipe/web-server/1.0.x'),
      latestPatchVersionArn: arn('image-recipe/web-server/1.0.0'),
    });
    expect((await client.getInfrastructureConfiguration(pipeline)).infrastructureConfiguration).toMatchObject({
      terminateInstanceOnFailure: true,
    });
    expect((await client.getDistributionConfiguration(pipeline)).distributionConfiguration).toMatchObject({
      distributions,
      timeoutMinutes: 60,
    });
    expect((await client.getImagePipeline(nightly)).imagePipeline).toMatchObject({
      ...pipeline,
      status: 'ENABLED',
      enhancedImageMetadataEnabled: true,
    });
  });

  test('has the data of an object of S3', async () => {
    const { client, objects } = imageBuilderInProcess();
    objects.set('/scripts/agent.yml', document.replace('build', 'test'));
    const common = { name: 'agent', semanticVersion: '1.0.0', platform: 'Linux' } as const;
    const { componentBuildVersionArn } = await client.createComponent({ ...common, uri: 's3://scripts/agent.yml' });
    expect((await client.getComponent({ componentBuildVersionArn })).component).toMatchObject({
      data: document.replace('build', 'test'),
      type: 'TEST',
    });
    expect(await refusal(client.createComponent({ ...common, uri: 's3://scripts/none.yml' }))).toMatch(
      /^400 InvalidParameterValueException: .*'uri'/,
    );
    expect(await refusal(client.createComponent({ ...common, uri: 'https://scripts' }))).toContain('It must be an S3 URI.');
  });

  test('has what a container recipe is made of', async () => {
    const { client } = imageBuilderInProcess();
    const sent = {
      containerType: 'DOCKER',
      name: 'box',
      semanticVersion: '1.0.x',
      parentImage: 'amazonlinux:latest',
      dockerfileTemplateData: 'FROM x',
    } as const;
    const targetRepository = { service: 'ECR', repositoryName: 'box' } as const;
    const instanceConfiguration = { image: 'ami-1', blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: false } }] };
    const { containerRecipeArn } = await client.createContainerRecipe({ ...sent, targetRepository, instanceConfiguration });
    expect((await client.getContainerRecipe({ containerRecipeArn })).containerRecipe).toMatchObject({
      version: '1.0.0',
      dockerfileTemplateData: 'FROM x',
      instanceConfiguration,
    });
    expect((await client.listContainerRecipes({})).containerRecipeSummaryList).toEqual([
      expect.objectContaining({ instanceImage: 'ami-1', containerType: 'DOCKER' }),
    ]);
  });

  test('is made once by one token, and its parameters are the token’s', async () => {
    const { client } = imageBuilderInProcess();
    const one = { ...recipe, semanticVersion: '1.0.x', clientToken: 'token-1' };
    const first = await client.createImageRecipe(one);
    expect(await client.createImageRecipe(one)).toMatchObject({ imageRecipeArn: first.imageRecipeArn, clientToken: 'token-1' });
    expect((await client.listImageRecipes({})).imageRecipeSummaryList).toHaveLength(1);
    expect(await refusal(client.createImageRecipe({ ...one, description: 'x' }))).toMatch(/^400 IdempotentParameterMismatchException/);
  });

  test('is recorded with its members as they were sent', async () => {
    const { client, records } = imageBuilderInProcess();
    await client.createDistributionConfiguration({ name: 'world', distributions, tags: { Owner: 'dana' }, clientToken: 'token-1' });
    await client.getDistributionConfiguration({ distributionConfigurationArn: arn('distribution-configuration/world') });
    expect(records).toMatchObject([
      {
        eventSource: 'imagebuilder.amazonaws.com',
        eventName: 'CreateDistributionConfiguration',
        readOnly: false,
        requestParameters: { name: 'world', distributions, tags: { Owner: 'dana' }, clientToken: 'token-1' },
        responseElements: {
          distributionConfigurationArn: arn('distribution-configuration/world'),
          clientToken: 'token-1',
          requestId: 'r-1',
        },
      },
      {
        eventName: 'GetDistributionConfiguration',
        readOnly: true,
        requestParameters: { distributionConfigurationArn: arn('distribution-configuration/world') },
        responseElements: null,
      },
    ]);
  });
});

describe('versions', () => {
  const versions = (world: World) =>
    world.client.listImageRecipes({}).then(({ imageRecipeSummaryList: list = [] }) => list.map((one) => one.arn?.split('/').at(-1)));

  test('count on from the first wildcard', async () => {
    const world = await filled();
    for (const semanticVersion of ['1.0.x', '1.x.x', 'x.x.x', '7.0.x', '1.0.x'])
      await world.client.createImageRecipe({ ...recipe, semanticVersion });
    expect(await versions(world)).toEqual(['1.0.0', '1.0.1', '1.1.0', '2.0.0', '7.0.0', '1.0.2']);
  });

  test('are the newest that fit where they are read with wildcards', async () => {
    const { client } = await filled();
    for (const semanticVersion of ['1.0.10', '1.0.9', '2.0.0']) await client.createImageRecipe({ ...recipe, semanticVersion });
    const read = async (version: string) =>
      (await client.getImageRecipe({ imageRecipeArn: arn(`image-recipe/web-server/${version}`) })).imageRecipe?.version;
    expect(await Promise.all(['x.x.x', '1.x.x', '1.0.x', '1.0.9'].map(read))).toEqual(['2.0.0', '1.0.10', '1.0.10', '1.0.9']);
  });

  test('of a component have builds', async () => {
    const { client } = await filled();
    const again = { name: 'agent', semanticVersion: '1.0.0', platform: 'Linux', data: `${document}#` } as const;
    expect((await client.createComponent(again)).componentBuildVersionArn).toBe(arn('component/agent/1.0.0/2'));
    for (const version of ['1.0.0', 'x.x.x'])
      expect((await client.getComponent({ componentBuildVersionArn: arn(`component/agent/${version}`) })).component?.arn).toBe(
        arn('component/agent/1.0.0/2'),
      );
    await client.createComponent({ ...again, semanticVersion: '1.1.0' });
    expect((await client.listComponents({})).componentVersionList?.map((one) => one.arn)).toEqual([
      arn('component/agent/1.0.0'),
      arn('component/agent/1.1.0'),
    ]);
    expect((await client.listComponents({ byName: true })).componentVersionList?.map((one) => one.version)).toEqual(['1.1.0']);
    const { componentSummaryList } = await client.listComponentBuildVersions({ componentVersionArn: arn('component/agent/1.0.0') });
    expect(componentSummaryList?.map((one) => one.arn)).toEqual([arn('component/agent/1.0.0/1'), arn('component/agent/1.0.0/2')]);
  });
});
