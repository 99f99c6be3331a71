import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  type Parameter,
  type ParameterHistory,
  type ParameterMetadata,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
  type Tag,
} from '@aws-sdk/client-ssm';
import { World, type WorldOptions } from './world.ts';

/** A parameter as its user sees it. */
export interface Live extends Parameter {
  readonly metadata: ParameterMetadata | undefined;
  readonly history: readonly ParameterHistory[];
  readonly tags: readonly Tag[];
}

/** A local cloud in which tests put parameters. */
export class ParametersWorld extends World {
  /** The client of an ordinary user. */
  readonly ssm = new SSMClient(this.user);
  /** A client of moto itself, whose calls nobody sees. */
  readonly behindSsm = new SSMClient(this.moto);

  static async start(options: WorldOptions): Promise<ParametersWorld> {
    return new ParametersWorld(await World.make('parameters', options));
  }

  /** Puts a value as a String, as a user who does not know better. */
  async plain(name: string, value: string, more: Partial<PutParameterCommandInput> = {}): Promise<string> {
    await this.ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', ...more }));
    return name;
  }

  /** Everything of a parameter; undefined where there is none. */
  async live(name: string): Promise<Live | undefined> {
    const { Parameters: [metadata] = [] } = await this.ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [name] }] }),
    );
    if (!metadata) return undefined;
    const { Parameter: parameter } = await this.ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const { Parameters: history = [] } = await this.ssm.send(new GetParameterHistoryCommand({ Name: name, WithDecryption: true }));
    const { TagList: tags = [] } = await this.ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }));
    return { ...parameter, metadata, history, tags };
  }

  /** All that there is under a path, with its value. */
  async under(path: string): Promise<Parameter[]> {
    const { Parameters = [] } = await this.behindSsm.send(
      new GetParametersByPathCommand({ Path: path, Recursive: true, WithDecryption: true }),
    );
    return Parameters;
  }
}
