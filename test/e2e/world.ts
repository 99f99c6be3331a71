import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { run } from '../../cli/program.ts';
import type { OnCall } from '../../local/emulator/proxy.ts';
import { at } from '../../local/json.ts';
import type { LocalCloudOptions } from '../../local/options.ts';
import { hasten, type Pace, shortenDelays } from '../../local/pace.ts';
import { keepingTerminal } from '../cli/world.ts';
import { patience } from '../support/patience.ts';
import { offBut, synthesised } from '../support/synthesised.ts';
import { startWatchedCloud, type WatchedCloud } from '../support/watched-cloud.ts';

/** What differs from what would be deployed. */
export interface WorldOptions extends Pick<LocalCloudOptions, 'concurrency'> {
  /** The config; absent means what the project ships. */
  readonly config?: RedressConfig;
  readonly queue?: Pace;
  /** The functions that the tests are about, the kind's own by default: the controls of all others are off, and no event starts them. */
  readonly functions?: readonly string[];
}

/** What an SDK's client needs to find an endpoint and be known there. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a world is made from. */
export interface Parts {
  readonly kind: string;
  readonly cloud: WatchedCloud;
  readonly folder: string;
  readonly logs: readonly string[];
}

/** A local cloud with clients, and what tests ask of it. */
export class World {
  readonly cloud: WatchedCloud;
  /** The settings of an ordinary user's clients: nothing but an endpoint and keys. */
  readonly user: ClientSettings;
  /** Those of clients of moto itself, whose calls nobody sees. */
  readonly moto: ClientSettings;
  readonly sqs: SQSClient;
  readonly behind: { readonly sqs: SQSClient; readonly sns: SNSClient; readonly dynamo: DynamoDBClient };
  /** What stands in the ledger, and its table. */
  readonly ledger: Ledger;
  readonly table: string;
  /** The function that the tests are about, and its role. */
  readonly function: string;
  readonly role: string;
  readonly #kind: string;
  readonly #folder: string;
  /** What the functions wrote, and what went wrong around them. */
  readonly logs: readonly string[];
  /** The delays, in seconds, with which the function put messages back, as AWS would have kept them. */
  readonly delays: number[] = [];

  protected constructor({ kind, cloud, folder, logs }: Parts) {
    this.#kind = kind;
    this.function = functionOf(kind);
    this.role = `${this.function}-${cloud.region}`;
    this.cloud = cloud;
    this.logs = logs;
    this.#folder = folder;
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = cloud.env;
    this.user = { region: cloud.region, credentials: { accessKeyId, secretAccessKey }, endpoint: cloud.endpoint };
    this.moto = { ...this.user, endpoint: cloud.motoEndpoint };
    this.sqs = new SQSClient(this.user);
    this.behind = {
      sqs: new SQSClient({ ...this.moto, useQueueUrlAsEndpoint: false }),
      sns: new SNSClient(this.moto),
      dynamo: new DynamoDBClient(this.moto),
    };
    this.table = this.output('LedgerTable');
    this.ledger = dynamoLedger(this.table, this.behind.dynamo, { place: cloud, functions: cloud.stack.functions.map(({ name }) => name) });
    this.watch();
  }

  /** Starts the stack, of which one kind's function is watched. */
  protected static async make(kind: string, { config, queue, concurrency, functions = [kind] }: WorldOptions): Promise<Parts> {
    const folder = await mkdtemp(join(tmpdir(), 'redress-e2e-'));
    const { templateFile } = await synthesised(folder, false, {
      ...config,
      controls: { ...(await offBut(...functions)), ...config?.controls },
    });
    if (queue) await hasten(templateFile, functionOf(kind), queue);
    const logs: string[] = [];
    const cloud = await startWatchedCloud({
      template: templateFile,
      concurrency,
      onLog: (name, line) => logs.push(`${name}: ${line}`),
      onTrouble: (text) => logs.push(text),
    });
    for (const [name, value] of Object.entries(cloud.env)) vi.stubEnv(name, value);
    return { kind, cloud, folder, logs };
  }

  async stop(): Promise<void> {
    vi.unstubAllEnvs();
    await this.cloud.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  output(name: string): string {
    return this.cloud.stack.outputs[name] ?? expect.fail(`the stack has no output ${name}`);
  }

  /** The queue of the function. */
  get queueUrl(): string {
    return this.output(`${capital(this.#kind)}QueueUrl`);
  }

  /** Where messages go that nobody can use. */
  get deadLetterUrl(): string {
    return this.output('DeadLetterQueueUrl');
  }

  /** Watches calls; whatever `hook` does, a message that a function puts back comes within a second, not within minutes. */
  watch(hook?: OnCall): void {
    this.cloud.onCall((seen) => {
      if (seen.when === 'before' && seen.function !== undefined && seen.api === 'sqs:SendMessageBatch') {
        const delays = shortenDelays(seen);
        if (seen.function === this.function) this.delays.push(...delays);
      }
      return hook?.(seen);
    });
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
    return this.cloud.calls().find((one) => one.caller === this.role && one.api === api)?.count ?? 0;
  }

  invocations(): number {
    return this.cloud.invocations()[this.function] ?? 0;
  }

  /** How many messages are on a queue, those in hand and those delayed among them. */
  async depth(queueUrl = this.queueUrl): Promise<number> {
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

  /** Waits until no function has anything to do: what a call starts is on a queue before the call is answered. */
  async quiet(): Promise<void> {
    await vi.waitFor(async () => expect(await this.cloud.queued()).toEqual({ now: 0, later: 0 }), patience);
  }

  /** Puts bodies on the function's queue in one call, as they are. */
  async put(...bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
    await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
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
}

function functionOf(kind: string): string {
  return `redress-${kind}`;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function isFinding(value: unknown): value is Finding {
  return at(value, 'type') === 'finding';
}
