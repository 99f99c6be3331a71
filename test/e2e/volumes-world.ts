import { CreateVolumeCommand, type CreateVolumeCommandInput, DescribeVolumesCommand, EC2Client, type Volume } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { World, type WorldOptions } from './world.ts';

/** The least that a volume needs. */
export const sizes = { AvailabilityZone: 'us-east-1a', Size: 1 } as const;

/** A local cloud in which tests make volumes. */
export class VolumesWorld extends World {
  /** The client of an ordinary user. */
  readonly ec2 = new EC2Client(this.user);
  /** A client of moto itself, whose calls nobody sees. */
  readonly behindEc2 = new EC2Client(this.moto);

  static async start(options: WorldOptions = {}): Promise<VolumesWorld> {
    return new VolumesWorld(await World.make('volumes', options));
  }

  /** An unencrypted volume, made by the user. */
  async openVolume(input: Partial<CreateVolumeCommandInput> = {}, client = this.ec2): Promise<string> {
    const { VolumeId, Encrypted } = await client.send(new CreateVolumeCommand({ ...sizes, ...input }));
    expect(Encrypted).toBe(false);
    return VolumeId ?? expect.fail('no volume');
  }

  /** An unencrypted volume of which no event tells. */
  behindVolume(): Promise<Volume> {
    return this.behindEc2.send(new CreateVolumeCommand(sizes));
  }

  /** A user whose calls look like those of another tool. */
  userOf(customUserAgent: string): EC2Client {
    return new EC2Client({ ...this.user, customUserAgent });
  }

  async volumes(): Promise<Volume[]> {
    return (await this.ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  }

  async volume(id: string): Promise<Volume> {
    return (await this.volumes()).find(({ VolumeId }) => VolumeId === id) ?? expect.fail(`there is no ${id}`);
  }

  async copiesOf(id: string): Promise<Volume[]> {
    return (await this.volumes()).filter(({ SourceVolumeId }) => SourceVolumeId === id);
  }
}
