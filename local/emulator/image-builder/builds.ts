import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import type { Additions, Around } from '../gaps/addition.ts';
import { amazonsAmi, makeImage, type Target } from './amis.ts';
import { BuilderEc2 } from './ec2.ts';
import { only } from './model.ts';
import { Refusal } from './refusal.ts';
import { type Item, partsOf, type Table } from './table.ts';

/** The states of a build before it is done, in order. */
const states = ['CREATING', 'BUILDING', 'TESTING', 'DISTRIBUTING', 'INTEGRATING'];

/** So many times as long takes a container: nobody waits for it here, and whoever cancels it must find it at work. */
const CONTAINER_TIMES = 40;

/** What builds work with. */
interface BuildsOptions {
  readonly base: Additions;
  readonly table: Table;
  readonly stepMs: number;
  now(): number;
}

/** Builds images: a build begins when it is asked for, goes through its states with their notices, and leaves AMIs in EC2. */
export class Builds {
  readonly #options: BuildsOptions;

  constructor(options: BuildsOptions) {
    this.#options = options;
  }

  /** Runs a pipeline; answers the ARN of the image. */
  run(pipeline: Item, tags: JsonObject, call: AwsCall, around: Around): string {
    const { content } = pipeline;
    if (content['status'] === 'DISABLED')
      // [U] the code and the text
      throw new Refusal('InvalidRequestException', `The pipeline '${pipeline.arn}' is disabled.`);
    const { imageTags } = content;
    const sent = {
      ...content,
      tags: { ...(isObject(imageTags) && imageTags), ...tags },
      sourcePipelineArn: pipeline.arn,
      sourcePipelineName: content['name'] ?? '',
    };
    return this.start(sent, call, around, pipeline);
  }

  /** Starts a build from a recipe and configurations; answers the ARN of the image. */
  start(input: JsonObject, call: AwsCall, around: Around, pipeline?: Item): string {
    const { table, now } = this.#options;
    const at = (member: string): Item | undefined => (typeof input[member] === 'string' ? table.get(input[member]) : undefined);
    const isAmi = input['imageRecipeArn'] !== undefined;
    const recipe = table.get(stringAt(input, isAmi ? 'imageRecipeArn' : 'containerRecipeArn') ?? '');
    const { version = '' } = partsOf(recipe.arn);
    const base = partsOf(recipe.arn).base.replace(/:[a-z-]+-recipe\//, ':image/');
    const arn = table.nextBuild(base, version);
    const { name = '', platform = '' } = recipe.content;
    const image: Item = {
      arn,
      type: 'image',
      at: now(),
      content: {
        ...only('Image', input),
        ...{ arn, name, version, platform, tags: input['tags'] ?? {}, owner: call.account, dateCreated: this.#iso() },
        ...{ type: isAmi ? 'AMI' : 'DOCKER', state: { status: 'PENDING' }, buildType: 'USER_INITIATED', imageSource: 'CUSTOM' },
        [isAmi ? 'imageRecipe' : 'containerRecipe']: only(isAmi ? 'ImageRecipe' : 'ContainerRecipe', recipe.content),
        infrastructureConfiguration: only('InfrastructureConfiguration', at('infrastructureConfigurationArn')?.content ?? {}),
        ...(at('distributionConfigurationArn') && {
          distributionConfiguration: only('DistributionConfiguration', at('distributionConfigurationArn')?.content ?? {}),
        }),
      },
    };
    table.add(image);
    if (pipeline) pipeline.content = { ...pipeline.content, dateLastRun: this.#iso(), lastRunStatus: 'PENDING' };
    void this.#build(image, new BuilderEc2(this.#options.base, call, around), call.region, pipeline);
    return arn;
  }

  /** Stops a build that is not done. */
  cancel(image: Item): void {
    if (isOver(image)) throw new Refusal('InvalidRequestException', `The image '${image.arn}' is not being built.`);
    image.content = { ...image.content, state: { status: 'CANCELLED' } };
  }

  /** Gives an image of Amazon's the AMI that it stands for. */
  async fill(image: Item, call: AwsCall, around: Around): Promise<void> {
    if (image.content['owner'] === 'Amazon') await amazonsAmi(image, new BuilderEc2(this.#options.base, call, around), call.region);
  }

  async #build(image: Item, ec2: BuilderEc2, region: string, pipeline: Item | undefined): Promise<void> {
    const { stepMs } = this.#options;
    const step = image.content['type'] === 'DOCKER' ? stepMs * CONTAINER_TIMES : stepMs;
    try {
      for (const status of states) {
        await this.#move(image, { status }, ec2, region, pipeline);
        const outputResources = status === 'DISTRIBUTING' ? await this.#distribute(image, ec2, region) : undefined;
        if (outputResources) image.content = { ...image.content, outputResources };
        await pause(step, undefined, { ref: false });
        if (isOver(image)) return;
      }
      await this.#move(image, { status: 'AVAILABLE' }, ec2, region, pipeline);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      // the cloud may have stopped by then
      await this.#move(image, { status: 'FAILED', reason }, ec2, region, pipeline).catch(() => undefined);
    }
  }

  async #distribute(image: Item, ec2: BuilderEc2, region: string): Promise<JsonObject> {
    const { content } = image;
    const given = listAt(content, 'distributionConfiguration', 'distributions').map((one): Target => {
      const own = isObject(one) ? one : {};
      return {
        region: stringAt(own, 'region') ?? region,
        ami: own['amiDistributionConfiguration'],
        container: own['containerDistributionConfiguration'],
      };
    });
    const targets = given.length > 0 ? given : [{ region, ami: {}, container: content['containerRecipe'] }];
    if (content['type'] === 'DOCKER') return { containers: targets.map((target) => containerOf(target, content, ec2.account)) };
    const amis: Json[] = [];
    for (const target of targets) if (target.ami !== undefined) amis.push(await makeImage(image, target, ec2, region, this.#options.table));
    return { amis };
  }

  async #move(image: Item, state: JsonObject, ec2: BuilderEc2, region: string, pipeline: Item | undefined): Promise<void> {
    const { status } = isObject(image.content['state']) ? image.content['state'] : {};
    image.content = { ...image.content, state };
    if (pipeline) {
      const failures = state['status'] === 'FAILED' ? Number(pipeline.content['consecutiveFailures'] ?? 0) + 1 : 0;
      pipeline.content = { ...pipeline.content, lastRunStatus: state['status'] ?? null, consecutiveFailures: failures };
    }
    // https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-eventbridge.html
    const detail = { 'previous-state': { status: status ?? null }, state };
    await ec2.notice('aws.imagebuilder', 'EC2 Image Builder Image State Change', image.arn, detail, region);
  }

  #iso(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

function isOver({ content }: Item): boolean {
  return ['AVAILABLE', 'CANCELLED', 'FAILED', 'DEPRECATED', 'DELETED', 'DISABLED'].includes(stringAt(content, 'state', 'status') ?? '');
}

function containerOf({ region, container }: Target, { version }: JsonObject, account: string): JsonObject {
  const repository = stringAt(container, 'targetRepository', 'repositoryName') ?? '';
  const tags = [...listAt(container, 'containerTags'), String(version)];
  return { region, imageUris: tags.map((tag) => `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:${tag}`) };
}
