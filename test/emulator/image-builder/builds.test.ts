import { describe, expect, test, vi } from 'vitest';
import { account, arn, distributions, filled, nightly, recipe, refusal, type World } from './world.ts';

describe('a build', () => {
  const encrypted = [{ deviceName: '/dev/xvda', ebs: { encrypted: true, kmsKeyId: 'key-1', volumeSize: 20 } }];
  const done = (world: World, imageBuildVersionArn: string | undefined, status: string) =>
    vi.waitFor(async () => {
      const { image } = await world.client.getImage({ imageBuildVersionArn });
      expect(image?.state?.status).toBe(status);
      return image ?? expect.fail('no image');
    });
  const parent = (world: World, isEncrypted = 'false') =>
    world.images.set('ami-1', {
      imageId: 'ami-1',
      rootDeviceName: '/dev/xvda',
      blockDeviceMapping: { item: [{ deviceName: '/dev/xvda', ebs: { encrypted: isEncrypted, volumeSize: '8' } }] },
    });

  test('makes a shared and tagged AMI, with the notices of its states and the records of the service', async () => {
    const world = await filled();
    parent(world);
    const { imageBuildVersionArn } = await world.client.startImagePipelineExecution(nightly);
    expect(imageBuildVersionArn).toBe(arn('image/web-server/1.0.0/1'));
    const image = await done(world, imageBuildVersionArn, 'AVAILABLE');
    const [made] = image.outputResources?.amis ?? [];
    expect(image).toMatchObject({
      sourcePipelineArn: nightly.imagePipelineArn,
      buildType: 'USER_INITIATED',
      imageRecipe: { parentImage: 'ami-1' },
      distributionConfiguration: { distributions },
    });
    const tags = [
      { Key: 'CreatedBy', Value: 'EC2 Image Builder' },
      { Key: 'Ec2ImageBuilderArn', Value: imageBuildVersionArn },
    ];
    expect(world.images.get(made?.image ?? '')).toMatchObject({
      tags,
      permissions: [{ Group: 'all' }],
      blockDeviceMapping: { item: [{ ebs: { encrypted: 'false', volumeSize: '8' } }] },
    });
    const states = world.notices.filter((one) => one['Source'] === 'aws.imagebuilder').map(({ Detail }) => Detail);
    expect(states.at(-1)).toMatchObject({ 'previous-state': { status: 'INTEGRATING' }, state: { status: 'AVAILABLE' } });
    expect(world.notices).toContainEqual(
      expect.objectContaining({
        DetailType: 'EC2 AMI State Change',
        Detail: expect.objectContaining({ ImageId: made?.image, State: 'available' }),
      }),
    );
    const byService = world.records.filter(({ eventSource }) => eventSource === 'ec2.amazonaws.com');
    expect(byService).toMatchObject([
      { eventName: 'CreateImage', userIdentity: { invokedBy: 'imagebuilder.amazonaws.com' }, responseElements: { imageId: made?.image } },
      {
        eventName: 'ModifyImageAttribute',
        requestParameters: { imageId: made?.image, launchPermission: { add: { items: [{ group: 'all' }] } } },
      },
    ]);
    expect((await world.client.getImagePipeline(nightly)).imagePipeline).toMatchObject({
      lastRunStatus: 'AVAILABLE',
      consecutiveFailures: 0,
    });
    expect((await world.client.listImagePipelineImages(nightly)).imageSummaryList).toMatchObject([
      { arn: imageBuildVersionArn, state: { status: 'AVAILABLE' } },
    ]);
  });

  test.each([
    ['the recipe', encrypted, {}, 'false', { encrypted: 'true', kmsKeyId: 'key-1', volumeSize: '20' }],
    ['the distribution', [], { kmsKeyId: 'key-2' }, 'false', { encrypted: 'true', kmsKeyId: 'key-2', volumeSize: '8' }],
    ['the distribution before the recipe', encrypted, { kmsKeyId: 'key-2' }, 'false', { encrypted: 'true', kmsKeyId: 'key-2' }],
    ['the parent', [], {}, 'true', { encrypted: 'true' }],
    ['nobody', [], {}, 'false', { encrypted: 'false' }],
  ])('is encrypted as %s says', async (_, blockDeviceMappings, ami, isEncrypted, ebs) => {
    const world = await filled();
    parent(world, isEncrypted);
    const { imageRecipeArn } = await world.client.createImageRecipe({ ...recipe, semanticVersion: '2.0.0', blockDeviceMappings });
    const wanted = [
      {
        region: 'eu-west-1',
        amiDistributionConfiguration: { name: 'web {{imagebuilder:buildVersion}}', amiTags: { team: 'shop' }, ...ami },
      },
    ];
    const { distributionConfigurationArn } = await world.client.createDistributionConfiguration({ name: 'europe', distributions: wanted });
    const { imageBuildVersionArn } = await world.client.createImage({ ...world.pipeline, imageRecipeArn, distributionConfigurationArn });
    const { outputResources } = await done(world, imageBuildVersionArn, 'AVAILABLE');
    expect(outputResources?.amis).toEqual([expect.objectContaining({ region: 'eu-west-1', name: 'web 1' })]);
    const made = world.images.get(outputResources?.amis?.[0]?.image ?? '');
    expect(made).toMatchObject({
      region: 'eu-west-1',
      tags: [{ Key: 'team', Value: 'shop' }, {}, {}],
      blockDeviceMapping: { item: [{ ebs }] },
    });
    expect(world.records.find(({ eventName }) => eventName === 'CopyImage')).toMatchObject({
      awsRegion: 'eu-west-1',
      requestParameters: { sourceRegion: 'us-east-1' },
    });
  });

  test('starts from what Amazon has, and from what another build made', async () => {
    const world = await filled();
    const [amazons, own] = ['arn:aws:imagebuilder:us-east-1:aws:image/amazon-linux-2023-x86/x.x.x', arn('image/base/x.x.x')];
    const { image } = await world.client.getImage({ imageBuildVersionArn: amazons });
    expect(world.images.get(image?.outputResources?.amis?.[0]?.image ?? '')).toMatchObject({ name: 'amazon-linux-2023-x86' });
    for (const [name, parentImage] of [
      ['base', amazons],
      ['top', own],
    ] as const) {
      const { imageRecipeArn } = await world.client.createImageRecipe({ name, semanticVersion: '1.0.0', parentImage });
      const { imageBuildVersionArn } = await world.client.createImage({ ...world.pipeline, imageRecipeArn });
      await done(world, imageBuildVersionArn, 'AVAILABLE');
    }
    const { imageSummaryList } = await world.client.listImageBuildVersions({ imageVersionArn: arn('image/top/1.0.0') });
    expect(imageSummaryList).toMatchObject([{ outputResources: { amis: [{ region: 'us-east-1' }] } }]);
  });

  test.each([
    ['there is no parent', [], "The parent image 'ami-1' does not exist."],
    ['EC2 refuses to share', ['ModifyImageAttribute'], 'ModifyImageAttribute: It is blocked. (OperationNotPermitted)'],
  ])('fails where %s', async (_, refused, reason) => {
    const world = await filled({}, refused);
    if (refused.length > 0) parent(world);
    const { imageBuildVersionArn } = await world.client.startImagePipelineExecution(nightly);
    expect((await done(world, imageBuildVersionArn, 'FAILED')).state?.reason).toBe(reason);
    expect((await world.client.getImagePipeline(nightly)).imagePipeline).toMatchObject({ lastRunStatus: 'FAILED', consecutiveFailures: 1 });
  });

  test('of a container has images in its repository', async () => {
    const world = await filled();
    const sent = {
      containerType: 'DOCKER',
      name: 'box',
      semanticVersion: '1.0.0',
      parentImage: 'amazonlinux:latest',
      dockerfileTemplateData: 'FROM x',
    } as const;
    const { containerRecipeArn } = await world.client.createContainerRecipe({
      ...sent,
      targetRepository: { service: 'ECR', repositoryName: 'box' },
    });
    const { infrastructureConfigurationArn } = world.pipeline;
    const { imageBuildVersionArn } = await world.client.createImage({ containerRecipeArn, infrastructureConfigurationArn });
    const image = await done(world, imageBuildVersionArn, 'AVAILABLE');
    expect(image).toMatchObject({
      type: 'DOCKER',
      outputResources: { containers: [{ imageUris: [`${account}.dkr.ecr.us-east-1.amazonaws.com/box:1.0.0`] }] },
    });
    expect(world.images.size).toBe(0);
  });

  test('stops where it is cancelled, and not once it is done; a pipeline that is off starts none', async () => {
    const world = await filled({ stepMs: 60_000 });
    parent(world);
    const { imageBuildVersionArn } = await world.client.startImagePipelineExecution(nightly);
    await world.client.cancelImageCreation({ imageBuildVersionArn });
    expect((await done(world, imageBuildVersionArn, 'CANCELLED')).outputResources).toBeUndefined();
    expect(await refusal(world.client.cancelImageCreation({ imageBuildVersionArn }))).toContain('400 InvalidRequestException');
    await world.client.deleteImage({ imageBuildVersionArn });
    expect(await refusal(world.client.getImage({ imageBuildVersionArn }))).toContain('404 ResourceNotFoundException');
    await world.client.updateImagePipeline({ ...nightly, ...world.pipeline, status: 'DISABLED' });
    expect(await refusal(world.client.startImagePipelineExecution(nightly))).toContain('400 InvalidRequestException');
  });
});
