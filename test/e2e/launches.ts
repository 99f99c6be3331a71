import {
  AutoScalingClient,
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateLaunchConfigurationCommand,
  type CreateLaunchConfigurationCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
  type LaunchConfiguration,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  EC2Client,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplateVersions,
  RegisterImageCommand,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { expect, vi } from 'vitest';
import { stringAt } from '../../local/json.ts';
import { everyField } from '../local/launch-template-data.ts';
import { patience } from '../support/patience.ts';
import { World, type WorldOptions } from './world.ts';

/** The controls of launches, by what they judge. */
export const controls = {
  template: 'launch-template-encrypted',
  group: 'auto-scaling-group-encrypted',
  configuration: 'launch-configuration-encrypted',
} as const;

const config = {
  controls: {
    'ebs-default-encryption': { mode: 'off' },
    'volume-encrypted': { mode: 'off' },
    'launch-template-owner-tag': { mode: 'off' },
    'auto-scaling-group-owner-tag': { mode: 'off' },
    [controls.template]: { mode: 'fix' },
    [controls.group]: { mode: 'fix', allowGroupUpdates: true },
    [controls.configuration]: { mode: 'approve', allowGroupUpdates: true },
  },
} as const;

/** A local cloud in which tests make what launches. */
class LaunchesWorld extends World {
  readonly ec2 = new EC2Client(this.user);
  readonly behindEc2 = new EC2Client(this.moto);

  static async start(options: WorldOptions): Promise<LaunchesWorld> {
    return new LaunchesWorld(await World.make('launch-templates', options));
  }
}

/** A local cloud in which what groups launch is fixed, with what an ordinary user makes there and sees. */
export class Launches {
  readonly world: LaunchesWorld;
  readonly scaling: AutoScalingClient;
  #image: string | undefined;
  #made = 0;

  private constructor(world: LaunchesWorld) {
    this.world = world;
    this.scaling = new AutoScalingClient(world.user);
  }

  static async start(): Promise<Launches> {
    return new Launches(await LaunchesWorld.start({ config, functions: ['launch-templates', 'auto-scaling-groups'] }));
  }

  /** Waits until the functions have nothing to do. */
  async calm(): Promise<void> {
    const queues = [this.world.output('LaunchTemplatesQueueUrl'), this.world.output('AutoScalingGroupsQueueUrl')];
    await vi.waitFor(async () => expect(await Promise.all(queues.map((url) => this.world.depth(url)))).toEqual([0, 0]), patience);
  }

  /** The names of the calls by which Redress changed anything that has one of these ids, in order. */
  writes(...ids: readonly string[]): string[] {
    const isWrite = /^(Create|Modify|Update|Delete|Start)/;
    return this.world.cloud
      .records()
      .filter((record) => {
        const isTaken = isWrite.test(record.eventName) && record['errorCode'] === undefined;
        const isOurs = stringAt(record, 'userIdentity', 'arn')?.includes(':assumed-role/redress-');
        return isTaken && isOurs && ids.some((id) => JSON.stringify(record).includes(`"${id}"`));
      })
      .map(({ eventName }) => eventName);
  }

  name(of: string): string {
    this.#made += 1;
    return `${of}-${this.#made}`;
  }

  /** An AMI whose root device is `/dev/xvda`, of a snapshot that is not encrypted. */
  async image(): Promise<string> {
    this.#image ??= (await this.world.ec2.send(new RegisterImageCommand({ Name: 'golden', RootDeviceName: '/dev/xvda' }))).ImageId ?? '';
    return this.#image;
  }

  /** A value in every field of a template, with two volumes that are not encrypted among its devices. */
  async data(): Promise<RequestLaunchTemplateData> {
    const BlockDeviceMappings = everyField.BlockDeviceMappings?.filter(({ Ebs }) => !Ebs?.SnapshotId);
    return { ...everyField, ImageId: await this.image(), BlockDeviceMappings };
  }

  /** The id of a new template, not encrypted unless what is given says so. */
  async template(data?: RequestLaunchTemplateData): Promise<string> {
    const LaunchTemplateData = data ?? (await this.data());
    const { LaunchTemplate } = await this.world.ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: this.name('web'), LaunchTemplateData }),
    );
    return LaunchTemplate?.LaunchTemplateId ?? expect.fail('no template');
  }

  /** The id of a new template whose volumes are encrypted. */
  async goodTemplate(): Promise<string> {
    return await this.template(encrypted(await this.data()));
  }

  /** All versions of a template, oldest first; none if it is gone. */
  async versions(LaunchTemplateId: string): Promise<LaunchTemplateVersion[]> {
    const found: LaunchTemplateVersion[] = [];
    const pages = paginateDescribeLaunchTemplateVersions({ client: this.world.ec2 }, { LaunchTemplateId });
    for await (const page of pages) found.push(...(page.LaunchTemplateVersions ?? []));
    return found.sort((a, b) => Number(a.VersionNumber) - Number(b.VersionNumber));
  }

  /** The name of a new group that runs nothing. */
  async group(input: Partial<CreateAutoScalingGroupCommandInput>): Promise<string> {
    const AutoScalingGroupName = this.name('group');
    const sizes = { MinSize: 0, MaxSize: 4, DesiredCapacity: 0, AvailabilityZones: ['us-east-1a'] };
    await this.scaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, ...sizes, ...input }));
    return AutoScalingGroupName;
  }

  /** A group as it is now. */
  async shown(name: string): Promise<AutoScalingGroup> {
    const { AutoScalingGroups } = await this.scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    return AutoScalingGroups?.[0] ?? expect.fail(`there is no ${name}`);
  }

  /** The name of a new launch configuration whose volumes are not encrypted. */
  async configuration(input: Partial<CreateLaunchConfigurationCommandInput> = {}): Promise<string> {
    const LaunchConfigurationName = this.name('configuration');
    const launch = { ImageId: await this.image(), InstanceType: 't3.micro' };
    await this.scaling.send(new CreateLaunchConfigurationCommand({ LaunchConfigurationName, ...launch, ...input }));
    return LaunchConfigurationName;
  }

  /** The launch configurations there are of a name. */
  async configurations(name: string): Promise<LaunchConfiguration[]> {
    const found = await this.scaling.send(new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }));
    return found.LaunchConfigurations ?? [];
  }
}

/** A template's data with encryption set on each of its volumes, and nothing else changed. */
export function encrypted<Data extends RequestLaunchTemplateData | ResponseLaunchTemplateData>(data: Data): Data {
  return {
    ...data,
    BlockDeviceMappings: data.BlockDeviceMappings?.map(({ Ebs, ...mapping }) => ({
      ...mapping,
      ...(Ebs && { Ebs: { ...Ebs, Encrypted: true } }),
    })),
  };
}

/** Expects that of a template's two versions the second is the first with encryption, field by field. */
export function expectEncryptedCopy(versions: readonly LaunchTemplateVersion[], where = ''): void {
  expect(versions, where).toHaveLength(2);
  const [first = {}, second = {}] = versions.map(({ LaunchTemplateData }) => LaunchTemplateData);
  expect(second, where).toEqual(encrypted(first));
  expect(second, where).not.toEqual(first);
}
