import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { type Item, MemoryTable } from '../../support/table.ts';
import { keepingTerminal, redress, type Said } from '../world.ts';
import { hubOf } from './run.ts';
import { A, HUB } from './world.ts';

/** Where the hub is, and what it adopts; each is reached by its Region. */
export const hubPlace = { account: HUB, region: 'eu-west-1' };
export const from = { account: A, region: 'us-east-1' };

/** A hub and a stack alone behind mocked clients, each with a ledger of its own. */
export function adoption(items: readonly Item[]) {
  const [hub, alone] = [new MemoryTable(), new MemoryTable(items)];
  const world = {
    hub,
    alone,
    /** Whether the stack is still there. */
    hasStack: true,
    rules: new Map([
      ['redress-volume-encrypted', 'ENABLED'],
      ['redress-volumes-sweep-1-day', 'ENABLED'],
      ['redress-forward-ec2', 'ENABLED'],
    ]),
    mapping: 'Enabled',
    /** Bodies on the queue of volumes, and how many dead letters there are. */
    queue: [] as string[],
    deadLetters: 0,
    inFlight: 0,
    /** Called when the rules are looked at, which is when the stack is about to stop. */
    onStop: () => {},
    folder: '',
    restore: async () => {
      vi.restoreAllMocks();
      for (const one of [cloudFormation, sts, events, lambda, sqs]) one.restore();
      await rm(world.folder, { recursive: true, force: true });
    },
    /** Runs the command for the place that is adopted, without a question. */
    async adopt(...more: string[]): Promise<Said> {
      return await world.run(`${from.account}/${from.region}`, '--yes', ...more);
    },
    async run(...argv: string[]): Promise<Said> {
      world.folder ||= await mkdtemp(join(tmpdir(), 'redress-adopt-'));
      const file = join(world.folder, 'config.json');
      await writeFile(file, JSON.stringify(hubOf()));
      return await redress(['org', 'adopt', ...argv, '--region', hubPlace.region, '--config', file, '--timeout', '1'], keepingTerminal());
    },
  };
  const isHub = async (client: { config: { region: unknown } }) => {
    const { region } = client.config;
    return (typeof region === 'function' ? await region() : region) === hubPlace.region;
  };
  const url = (name: string) => `https://sqs.${from.region}.amazonaws.com/${A}/${name}`;
  const outputs = {
    LedgerTable: 'redress-ledger',
    VolumesQueueUrl: url('redress-volumes'),
    AlertsQueueUrl: url('redress-alerts'),
    DeadLetterQueueUrl: url('redress-dead-letters'),
  };

  vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async function (this: DynamoDBClient, command: object) {
    const table = (await isHub(this)) ? hub : alone;
    if (command instanceof DescribeTableCommand)
      return { Table: { TableArn: `arn:aws:dynamodb:${from.region}:${A}:table/redress-ledger` } };
    return await table.client.send(command as never);
  } as never);
  const cloudFormation = mockClient(CloudFormationClient);
  cloudFormation.on(DescribeStacksCommand).callsFake(async (_input, getClient) => {
    const of = (await isHub(getClient())) ? hubPlace : from;
    if (of === from && !world.hasStack) throw Object.assign(new Error('Stack with id Redress does not exist'), { name: 'ValidationError' });
    const all = { ...outputs, ...(of === hubPlace && { MembersBusArn: 'arn:bus' }) };
    const Outputs = Object.entries(all).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    const StackId = `arn:aws:cloudformation:${of.region}:${of.account}:stack/Redress/0f00`;
    return { Stacks: [{ StackName: 'Redress', StackId, StackStatus: 'CREATE_COMPLETE', Outputs }] };
  });
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).callsFake(async (_input, getClient) => {
    const { account } = (await isHub(getClient())) ? hubPlace : from;
    return { Arn: `arn:aws:iam::${account}:user/sam`, Account: account };
  });
  const events = mockClient(EventBridgeClient);
  events.on(ListRulesCommand).callsFake(() => {
    world.onStop();
    return { Rules: [...world.rules].map(([Name, State]) => ({ Name, State })) };
  });
  events.on(DisableRuleCommand).callsFake(({ Name }) => void world.rules.set(Name, 'DISABLED'));
  events.on(EnableRuleCommand).callsFake(({ Name }) => void world.rules.set(Name, 'ENABLED'));
  const lambda = mockClient(LambdaClient);
  lambda.on(ListEventSourceMappingsCommand).callsFake(({ FunctionName }) => ({
    EventSourceMappings: [{ UUID: FunctionName, State: world.mapping }],
  }));
  lambda.on(UpdateEventSourceMappingCommand).callsFake(({ Enabled }) => {
    world.mapping = Enabled ? 'Enabled' : 'Disabled';
    return {};
  });
  lambda.on(GetEventSourceMappingCommand).callsFake(() => ({ State: world.mapping }));
  const sqs = mockClient(SQSClient);
  /** What was received is not shown for a time. */
  const inHand = new Set<string>();
  const shown = () => {
    const now = world.queue.filter((body) => !inHand.has(body));
    for (const body of now) inHand.add(body);
    return now;
  };
  const isVolumes = (queueUrl: string) => queueUrl.endsWith('redress-volumes');
  sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }) => ({
    Attributes: {
      ApproximateNumberOfMessages: String(isVolumes(QueueUrl) ? world.queue.length : QueueUrl.endsWith('letters') ? world.deadLetters : 0),
      ApproximateNumberOfMessagesNotVisible: String(isVolumes(QueueUrl) ? world.inFlight : 0),
    },
  }));
  sqs.on(ReceiveMessageCommand).callsFake(({ QueueUrl }) => ({
    Messages: isVolumes(QueueUrl)
      ? shown().map((Body) => ({ Body, MessageId: `m-${world.queue.indexOf(Body)}`, ReceiptHandle: Body }))
      : [],
  }));
  sqs.on(DeleteMessageCommand).callsFake(({ ReceiptHandle }) => {
    world.queue = world.queue.filter((body) => body !== ReceiptHandle);
  });
  return world;
}
