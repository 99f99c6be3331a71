import {
  CopyImageCommand,
  CreateImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Image,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateComponentCommand,
  CreateDistributionConfigurationCommand,
  CreateImagePipelineCommand,
  CreateImageRecipeCommand,
  CreateInfrastructureConfigurationCommand,
  type Distribution,
  type DistributionConfiguration,
  GetDistributionConfigurationCommand,
  GetImageCommand,
  GetImagePipelineCommand,
  GetImageRecipeCommand,
  ImagebuilderClient,
  StartImagePipelineExecutionCommand,
  UpdateDistributionConfigurationCommand,
} from '@aws-sdk/client-imagebuilder';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { token } from '../fixtures/secrets.ts';
import { patience } from '../support/patience.ts';
import { offBut } from '../support/synthesised.ts';
import { World } from './world.ts';

/** A local cloud in which tests make images. */
class ImagesWorld extends World {
  readonly ec2 = new EC2Client(this.user);
  readonly builder = new ImagebuilderClient(this.user);

  static async start(): Promise<ImagesWorld> {
    const controls = {
      'ebs-default-encryption': { mode: 'off' },
      'image-private': { mode: 'fix' },
      'image-encrypted': { mode: 'fix', settleSeconds: 0 },
      'image-owner-tag': { mode: 'off' },
    } as const;
    const building = {
      'distribution-private': { mode: 'fix' },
      'infrastructure-imds-v2': { mode: 'fix' },
      'recipe-encrypted': { mode: 'approve' },
      'component-no-secrets': { mode: 'observe' },
    } as const;
    // of Image Builder only what its flows are about; none of its owner tags
    const builders = await offBut('images');
    const config = { controls: { ...builders, ...controls, ...building } };
    return new ImagesWorld(await World.make('images', { config, functions: ['images', 'image-builder'] }));
  }

  async image(id = ''): Promise<Image> {
    const found = await this.ec2.send(new DescribeImagesCommand({ Filters: [{ Name: 'image-id', Values: [id] }] }));
    return found.Images?.[0] ?? expect.fail(`there is no ${id}`);
  }

  async copiesOf(id: string): Promise<Image[]> {
    const found = await this.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    return (found.Images ?? []).filter(({ SourceImageId }) => SourceImageId === id);
  }

  async sharedWith(id: string): Promise<string[]> {
    const { LaunchPermissions = [] } = await this.ec2.send(
      new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' }),
    );
    return LaunchPermissions.map(({ UserId, Group }) => UserId ?? Group ?? '').sort();
  }

  async distribution(distributionConfigurationArn: string): Promise<DistributionConfiguration> {
    const found = await this.builder.send(new GetDistributionConfigurationCommand({ distributionConfigurationArn }));
    return found.distributionConfiguration ?? expect.fail(`there is no ${distributionConfigurationArn}`);
  }

  /** Runs a pipeline to its end; answers the AMI that it made. */
  async built(imagePipelineArn: string): Promise<Image> {
    const { imageBuildVersionArn } = await this.builder.send(new StartImagePipelineExecutionCommand({ imagePipelineArn }));
    const id = await vi.waitFor(async () => {
      const { image } = await this.builder.send(new GetImageCommand({ imageBuildVersionArn }));
      expect(image?.state?.status).toBe('AVAILABLE');
      return image?.outputResources?.amis?.[0]?.image;
    }, patience);
    return await this.image(id);
  }

  async register(name: string): Promise<string> {
    const { ImageId } = await this.ec2.send(new RegisterImageCommand({ Name: name, RootDeviceName: '/dev/xvda' }));
    return ImageId ?? expect.fail('no image');
  }
}

let world: ImagesWorld;
beforeAll(async () => {
  world = await ImagesWorld.start();
});
afterAll(() => world?.stop());

describe('an image that is made public', () => {
  const partner = '444455556666';
  let id: string;

  test('is private within seconds, and whoever it is shared with by name keeps their access', async () => {
    id = await world.register('public');
    const Add = [{ UserId: partner }, { Group: 'all' as const }];
    await world.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission: { Add } }));
    const { changes } = await world.finding('image-private', id, 'fixed');
    expect(changes.map(({ api }) => api)).toEqual(['ec2:ModifyImageAttribute']);
    expect(await world.sharedWith(id)).toEqual([partner]);
  });

  test('is public again once it is undone, and stays so when a sweep looks', async () => {
    const fixed = await world.finding('image-private', id, 'fixed');
    expect(await world.redress('undo', fixed.id, '--yes')).toMatchObject({ code: 0 });
    await world.finding('image-private', id, 'undone');
    expect(await world.sharedWith(id)).toEqual([partner, 'all']);
    await world.cloud.sweep();
    await world.quiet();
    expect(await world.sharedWith(id)).toEqual([partner, 'all']);
  });
});

test('an image of an instance is pending for a while, and has one encrypted copy after EC2 reports it as available', async () => {
  const { Instances } = await world.ec2.send(new RunInstancesCommand({ ImageId: await world.register('base'), MinCount: 1, MaxCount: 1 }));
  const { ImageId: id = '' } = await world.ec2.send(
    new CreateImageCommand({ InstanceId: Instances?.[0]?.InstanceId, Name: 'of an instance' }),
  );
  expect((await world.image(id)).State).toBe('pending');
  const finding = await world.finding('image-encrypted', id, 'superseded');
  expect(finding.changes.map(({ api }) => api)).toEqual(['ec2:CopyImage', 'ec2:CreateTags']);
  const [copy, ...more] = await world.copiesOf(id);
  expect(more).toEqual([]);
  expect(copy).toMatchObject({ State: 'available', Name: `of an instance encrypted (${id})` });
  expect(copy?.BlockDeviceMappings).toMatchObject([{ Ebs: { Encrypted: true } }]);
  expect(copy?.Tags).toEqual([{ Key: 'redress:copy-of', Value: id }]);
  const original = await world.image(id);
  expect(original.Tags).toEqual([{ Key: 'redress:superseded-by', Value: copy?.ImageId }]);
  expect(original.BlockDeviceMappings).toMatchObject([{ Ebs: { Encrypted: false } }]);
  const SnapshotIds = [copy?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ''];
  const { Snapshots } = await world.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds }));
  expect(Snapshots).toMatchObject([{ Encrypted: true, KmsKeyId: expect.stringMatching(/^arn:aws:kms:/) }]);
});

test('the local cloud refuses another image of the same name, and keeps what demands IMDSv2', async () => {
  const id = await world.register('twice');
  const twice = new CopyImageCommand({ SourceImageId: id, SourceRegion: world.cloud.region, Name: 'twice' });
  await expect(world.ec2.send(twice)).rejects.toThrow('already in use');
  await world.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, ImdsSupport: { Value: 'v2.0' } }));
  expect(await world.image(id)).toMatchObject({ ImdsSupport: 'v2.0' });
  const { BlockDeviceMappings = [] } = await world.image(id);
  const found = async (Name: string, ...Values: string[]) =>
    (await world.ec2.send(new DescribeImagesCommand({ Filters: [{ Name, Values }] }))).Images?.map(({ ImageId }) => ImageId) ?? [];
  expect(await found('block-device-mapping.encrypted', 'true')).not.toContain(id);
  expect(await found('block-device-mapping.encrypted', 'false')).toContain(id);
  expect(await found('block-device-mapping.snapshot-id', 'snap-0', BlockDeviceMappings[0]?.Ebs?.SnapshotId ?? '')).toEqual([id]);
});

describe('EC2 Image Builder', () => {
  const distributionConfigurationArn = () =>
    `arn:aws:imagebuilder:${world.cloud.region}:${world.cloud.account}:distribution-configuration/world`;
  const shared = (userGroups: readonly string[]): Distribution => ({
    region: world.cloud.region,
    amiDistributionConfiguration: {
      name: 'web {{ imagebuilder:buildDate }}',
      amiTags: { Team: 'shop' },
      ...(userGroups.length > 0 && { launchPermission: { userGroups: [...userGroups] } }),
    },
  });
  /** What people wrote, without what AWS adds. */
  const written = ({ description, distributions }: DistributionConfiguration) => ({ description, distributions });
  const description = 'for the world';

  test('a distribution configuration that shares with all is private within seconds, all else equal, and shares again once undone', async () => {
    const started = Date.now();
    await world.builder.send(new CreateDistributionConfigurationCommand({ name: 'world', description, distributions: [shared(['all'])] }));
    const arn = distributionConfigurationArn();
    const fixed = await world.finding('distribution-private', arn, 'fixed');
    expect(Date.now() - started).toBeLessThan(5000);
    expect(written(await world.distribution(arn))).toEqual({ description, distributions: [shared([])] });
    expect(await world.redress('undo', fixed.id, '--yes')).toMatchObject({ code: 0 });
    await world.finding('distribution-private', arn, 'undone');
    expect(written(await world.distribution(arn))).toEqual({ description, distributions: [shared(['all'])] });
  });

  test('so is one that an update opened', async () => {
    const made = await world.builder.send(new CreateDistributionConfigurationCommand({ name: 'late', distributions: [shared([])] }));
    const arn = made.distributionConfigurationArn ?? '';
    await world.builder.send(
      new UpdateDistributionConfigurationCommand({ distributionConfigurationArn: arn, description, distributions: [shared(['all'])] }),
    );
    await world.finding('distribution-private', arn, 'fixed');
    expect(written(await world.distribution(arn))).toEqual({ description, distributions: [shared([])] });
  });

  test('a pipeline on a recipe that does not encrypt moves to a new version once a person says yes, builds encrypted, and moves back', async () => {
    const { send } = world.builder;
    const builder = { send: send.bind(world.builder) as typeof send };
    const parentImage = `arn:aws:imagebuilder:${world.cloud.region}:aws:image/amazon-linux-2023-x86/x.x.x`;
    const componentArn = `arn:aws:imagebuilder:${world.cloud.region}:aws:component/update-linux/x.x.x`;
    const { infrastructureConfigurationArn } = await builder.send(
      new CreateInfrastructureConfigurationCommand({ name: 'build', instanceProfileName: 'builder' }),
    );
    await world.finding('infrastructure-imds-v2', infrastructureConfigurationArn ?? '', 'fixed');
    const { imageRecipeArn = '' } = await builder.send(
      new CreateImageRecipeCommand({ name: 'Web', semanticVersion: '1.0.0', parentImage, components: [{ componentArn }] }),
    );
    const { imagePipelineArn = '' } = await builder.send(
      new CreateImagePipelineCommand({ name: 'nightly', imageRecipeArn, infrastructureConfigurationArn }),
    );
    const waiting = await world.finding('recipe-encrypted', imageRecipeArn, 'awaiting-approval');
    const answered = await world.redress('fix', waiting.id, '--yes');
    expect(answered, answered.out).toMatchObject({ code: 0 });
    const done = await world.finding('recipe-encrypted', imageRecipeArn, 'superseded');
    const recipeOf = async () => (await builder.send(new GetImagePipelineCommand({ imagePipelineArn }))).imagePipeline?.imageRecipeArn;
    const next = imageRecipeArn.replace('1.0.0', '1.0.1');
    expect(await recipeOf()).toBe(next);
    const [before, after] = await Promise.all(
      [imageRecipeArn, next].map(async (arn) => (await builder.send(new GetImageRecipeCommand({ imageRecipeArn: arn }))).imageRecipe),
    );
    expect({ ...after, arn: '', version: '', dateCreated: '', blockDeviceMappings: [] }).toEqual({
      ...before,
      arn: '',
      version: '',
      dateCreated: '',
      blockDeviceMappings: [],
    });
    expect(after?.blockDeviceMappings?.map(({ ebs }) => ebs?.encrypted)).toEqual([true]);
    const image = await world.built(imagePipelineArn);
    expect(image.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.Encrypted)).toEqual([true]);
    expect(await world.redress('undo', done.id, '--yes')).toMatchObject({ code: 0 });
    await world.finding('recipe-encrypted', imageRecipeArn, 'undone');
    expect(await recipeOf()).toBe(imageRecipeArn);
  });

  test('an image of a distribution that was public points there, and the next one is private by itself', async () => {
    const arn = distributionConfigurationArn();
    const { imagePipeline } = await world.builder.send(
      new GetImagePipelineCommand({
        imagePipelineArn: `arn:aws:imagebuilder:${world.cloud.region}:${world.cloud.account}:image-pipeline/nightly`,
      }),
    );
    const { imageRecipeArn, infrastructureConfigurationArn } = imagePipeline ?? {};
    const { imagePipelineArn = '' } = await world.builder.send(
      new CreateImagePipelineCommand({ name: 'public', imageRecipeArn, infrastructureConfigurationArn, distributionConfigurationArn: arn }),
    );
    // what was undone is left public for a week
    const image = await world.built(imagePipelineArn);
    const waiting = await world.finding('image-private', image.ImageId ?? '', 'awaiting-approval');
    expect(waiting.says).toContain('EC2 Image Builder shared it');
    expect(waiting.advice.map(({ says }) => says).join(' ')).toContain('aws imagebuilder get-image --image-build-version-arn');
    expect(world.told('image-encrypted', image.ImageId ?? '').at(-1)?.says).toMatch(/names the recipe .*image-recipe\/web\/1\.0\.0/);
    const late = arn.replace('/world', '/late');
    const again = await world.builder.send(
      new CreateImagePipelineCommand({
        name: 'private',
        imageRecipeArn,
        infrastructureConfigurationArn,
        distributionConfigurationArn: late,
      }),
    );
    const next = await world.built(again.imagePipelineArn ?? '');
    await world.quiet();
    expect(next.Public).toBe(false);
    expect(world.told('image-private', next.ImageId ?? '')).toEqual([]);
  });

  test('a component with a token is reported, and the token is nowhere else', async () => {
    const data = `name: clone\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: Clone\n        action: ExecuteBash\n        inputs:\n          commands:\n            - git clone https://x:${token}@github.com/shop/app\n`;
    const { componentBuildVersionArn = '' } = await world.builder.send(
      new CreateComponentCommand({ name: 'clone', semanticVersion: '1.0.0', platform: 'Linux', data }),
    );
    const { says } = await world.finding('component-no-secrets', componentBuildVersionArn, 'open');
    expect(says).toContain('github-token in line 10');
    expect(JSON.stringify(world.cloud.announcements())).not.toContain(token);
    expect(world.logs.join('\n')).not.toContain(token);
  });
});
