import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateVolumeCommand, type CreateVolumeCommandInput, DescribeVolumesCommand, EC2Client, type Volume } from '@aws-sdk/client-ec2';
import { SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import { run } from '../../cli/program.ts';
import { synth } from '../../infra/synth.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../local/cloud.ts';
import { at } from '../../local/json.ts';
import type { OnCall } from '../../local/proxy.ts';
import type { RedressConfig } from '../../shared/config.ts';
import { dynamoLedger } from '../../shared/dynamo-ledger.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Ledger } from '../../shared/ledger.ts';
import { keepingTerminal } from '../cli/world.ts';
import { hasten, type Pace, shortenDelays } from './pace.ts';

/** The function whose calls the tests watch, and its role. */
export const FUNCTION = 'redress-volumes';
export const ROLE = 'redress-volumes-us-east-1';

// a loaded machine takes several times as long
vi.setConfig({ testTimeout: 150_000 });
/** How long to wait for what takes a second or two on a quiet machine. */
export const patience = { timeout: 45_000, interval: 100 };
export const sizes = { AvailabilityZone: 'us-east-1a', Size: 1 } as const;

/** What differs from what would be deployed. */
export interface WorldOptions extends Pick<LocalCloudOptions, 'concurrency' | 'slack'> {
  /** The config; absent means what the project ships. */
  readonly config?: RedressConfig;
  readonly queue?: Pace;
}

/** A local cloud with clients, and what tests ask of it. */
export class World {
  readonly cloud: LocalCloud;
  /** An ordinary user's clients: nothing but an endpoint and keys. */
  readonly ec2: EC2Client;
  readonly sqs: SQSClient;
  /** Clients of moto itself, whose calls nobody sees. */
  readonly behind: { readonly ec2: EC2Client; readonly sqs: SQSClient; readonly sns: SNSClient; readonly dynamo: DynamoDBClient };
  readonly ledger: Ledger;
  readonly #folder: string;
  /** What the functions wrote, and what went wrong around them. */
  readonly logs: readonly string[];
  /** The delays, in seconds, with which the function put messages back, as AWS would have kept them. */
  readonly delays: number[] = [];

  private constructor(cloud: LocalCloud, folder: string, logs: readonly string[]) {
    this.cloud = cloud;
    this.logs = logs;
    this.#folder = folder;
    const settings = { region: cloud.region, credentials: this.credentials };
    this.ec2 = new EC2Client({ ...settings, endpoint: cloud.endpoint });
    this.sqs = new SQSClient({ ...settings, endpoint: cloud.endpoint });
    const moto = { ...settings, endpoint: cloud.motoEndpoint };
    this.behind = {
      ec2: new EC2Client(moto),
      sqs: new SQSClient({ ...moto, useQueueUrlAsEndpoint: false }),
      sns: new SNSClient(moto),
      dynamo: new DynamoDBClient(moto),
    };
    this.ledger = dynamoLedger(this.output('LedgerTable'), this.behind.dynamo);
    this.watch();
  }

  static async start({ config, queue, concurrency, slack }: WorldOptions = {}): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'redress-e2e-'));
    const configFile = join(folder, 'config.json');
    if (config) await writeFile(configFile, JSON.stringify(config));
    const { templateFile } = await synth({ outdir: join(folder, 'out'), check: false, ...(config && { configFile }) });
    if (queue) await hasten(templateFile, FUNCTION, queue);
    const logs: string[] = [];
    const cloud = await startLocalCloud({
      template: templateFile,
      concurrency,
      slack,
      onLog: (name, line) => logs.push(`${name}: ${line}`),
      onTrouble: (text) => logs.push(text),
    });
    for (const [name, value] of Object.entries(cloud.env)) vi.stubEnv(name, value);
    return new World(cloud, folder, logs);
  }

  async stop(): Promise<void> {
    vi.unstubAllEnvs();
    await this.cloud.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get credentials() {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = this.cloud.env;
    return { accessKeyId, secretAccessKey };
  }

  output(name: string): string {
    return this.cloud.stack.outputs[name] ?? expect.fail(`the stack has no output ${name}`);
  }

  /** Watches calls; whatever `hook` does, a message that the function puts back comes within a second, not within minutes. */
  watch(hook?: OnCall): void {
    this.cloud.onCall((seen) => {
      if (seen.when === 'before' && seen.function === FUNCTION && seen.api === 'sqs:SendMessageBatch')
        this.delays.push(...shortenDelays(seen));
      return hook?.(seen);
    });
  }

  /** An unencrypted volume, made by the user. */
  async openVolume(input: Partial<CreateVolumeCommandInput> = {}, client = this.ec2): Promise<string> {
    const { VolumeId, Encrypted } = await client.send(new CreateVolumeCommand({ ...sizes, ...input }));
    expect(Encrypted).toBe(false);
    return VolumeId ?? expect.fail('no volume');
  }

  /** An unencrypted volume of which no event tells. */
  behindVolume(): Promise<Volume> {
    return this.behind.ec2.send(new CreateVolumeCommand(sizes));
  }

  /** A user whose calls look like those of another tool. */
  userOf(customUserAgent: string): EC2Client {
    return new EC2Client({ endpoint: this.cloud.endpoint, region: this.cloud.region, credentials: this.credentials, customUserAgent });
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

  /** Every announcement about a resource, oldest first. */
  told(control: string, resource: string): Finding[] {
    const announced: unknown[] = this.cloud.announcements();
    return announced.filter(isFinding).filter((one) => one.control === control && one.resource.id === resource);
  }

  /** The finding on a resource once it was announced with a status. */
  async finding(control: string, resource: string, status: Finding['status']): Promise<Finding> {
    return await vi.waitFor(() => {
      const latest = this.told(control, resource).at(-1);
      return latest?.status === status
        ? latest
        : expect.fail(`${resource} is ${latest?.status ?? 'not known'}, not ${status}: ${latest?.says}`);
    }, patience);
  }

  /** How many calls of an API the function's role has made. */
  calls(api: string): number {
    return this.cloud.calls().find((one) => one.caller === ROLE && one.api === api)?.count ?? 0;
  }

  invocations(): number {
    return this.cloud.invocations()[FUNCTION] ?? 0;
  }

  /** How many messages are on a queue, those in hand and those delayed among them. */
  async depth(queueUrl = this.output('VolumesQueueUrl')): Promise<number> {
    const { Attributes } = await this.behind.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
  }

  /** Waits until the function has nothing to do. */
  async calm(): Promise<void> {
    await vi.waitFor(async () => expect(await this.depth()).toBe(0), patience);
  }

  /** Longer than the window of 1 s in which a batch is gathered, so that an invocation would show. */
  async quiet(): Promise<void> {
    await pause(1800);
  }

  /** Puts bodies on the function's queue in one call, as they are. */
  async put(...bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
    await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.output('VolumesQueueUrl'), Entries }));
  }

  /** The bodies of a queue's messages, which are taken off it. */
  async take(queueUrl: string): Promise<string[]> {
    const { Messages = [] } = await this.behind.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await this.behind.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    return Messages.map(({ Body }) => Body ?? '');
  }

  /** Runs a command of the CLI as the user; answers its exit code and what it said. */
  async redress(...argv: string[]): Promise<{ code: number; out: string }> {
    const { terminal, out, err } = keepingTerminal();
    const code = await run(argv, terminal);
    return { code, out: [...out, ...err].join('\n') };
  }

  /** Lets the lease of a volume's case run out, as the 65 seconds of a killed invocation's would. */
  async expireLease(volume: string): Promise<void> {
    const expired = {
      Key: { pk: { S: `CASE#volume-encrypted#AWS::EC2::Volume#${volume}` }, sk: { S: 'CASE' } },
      UpdateExpression: 'SET leaseUntil = :then',
      ConditionExpression: 'attribute_exists(leaseOwner)',
      ExpressionAttributeValues: { ':then': { N: '0' } },
    };
    await this.behind.dynamo.send(new UpdateItemCommand({ TableName: this.output('LedgerTable'), ...expired })).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }

  /** Forgets how many fixes were made, as the next window does. */
  async nextWindow(): Promise<void> {
    for (const { pk, sk } of await this.#items()) {
      if (pk?.S?.startsWith('WINDOW#') && sk)
        await this.behind.dynamo.send(new DeleteItemCommand({ TableName: this.output('LedgerTable'), Key: { pk, sk } }));
    }
  }

  async #items(): Promise<Record<string, AttributeValue>[]> {
    return (await this.behind.dynamo.send(new ScanCommand({ TableName: this.output('LedgerTable'), ConsistentRead: true }))).Items ?? [];
  }
}

function isFinding(value: unknown): value is Finding {
  return at(value, 'type') === 'finding';
}
