import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import pc from 'picocolors';
import { type Finding, saysOf } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { DEAD_LETTERS } from '#shared/finding/names.ts';
import { withBody } from '#shared/ledger/dynamo.ts';
import { keysOf } from '#shared/ledger/items.ts';
import type { FindingRow, StoredRow } from '#shared/ledger/ledger.ts';
import { run } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { watched } from '../support/watched.ts';

type Item = Record<string, AttributeValue>;
interface Held {
  readonly body: string;
  readonly attributes?: Record<string, MessageAttributeValue> | undefined;
  /** The queue that SQS moved it from. */
  readonly source?: string;
}

/** Who runs the commands. */
export const ARN = 'arn:aws:sts::111122223333:assumed-role/operator/sam';
/** When they are run. */
export const NOW = new Date('2027-01-31T12:00:00.000Z');

/** What a command said, where, and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps what is written, and is watched for secrets; `answer` is what a person says to every question. */
export function keepingTerminal({ width, answer }: { width?: number; answer?: boolean } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const questions: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return answer === true;
  };
  watched.add({ left: async () => [{ by: 'cli', text: [...out, ...err, ...questions].join('\n') }] });
  const plainPaint = pc.createColors(false);
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => undefined,
    showsProgress: true,
    confirm: answer === undefined ? undefined : confirm,
    width,
    paint: plainPaint,
    paintError: plainPaint,
  };
  return { terminal, out, err, questions };
}

/** A deployed Redress behind mocked clients: a stack, the ledger's table and queues; `answer` plays the engine. */
export function deployed({
  answer,
  isHub = false,
}: {
  answer?: (order: Order, row: FindingRow) => FindingRow | undefined;
  isHub?: boolean;
} = {}) {
  const items = new Map<string, Item>();
  const queues = new Map<string, Held[]>(
    ['redress-volumes', 'redress-alerts', DEAD_LETTERS, 'redress-volumes-dlq'].map((name) => [name, []]),
  );
  const metrics = new Map<string, number[]>();
  const keyOf = (item: Item | undefined) => `${item?.['pk']?.S} ${item?.['sk']?.S}`;
  const url = (name: string) => `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`;
  const queue = (queueUrl = ''): Held[] => queues.get(queueUrl.split('/').at(-1) ?? '') ?? [];
  const put = (row: StoredRow) => {
    const item = { ...keysOf(row.finding, 'redress-volumes').finding(row.finding.id), ...withBody(row) };
    items.set(keyOf(item), item);
  };
  const get = (id: string): FindingRow | undefined => {
    const body = [...items.values()].find((item) => item['sk']?.S === id)?.['body']?.S;
    return body === undefined ? undefined : JSON.parse(body);
  };
  const outputs = {
    LedgerTable: 'redress-ledger',
    VolumesQueueUrl: url('redress-volumes'),
    AlertsQueueUrl: url('redress-alerts'),
    DeadLetterQueueUrl: url(DEAD_LETTERS),
    // of the version before
    VolumesDeadLetterQueueUrl: url('redress-volumes-dlq'),
    ...(isHub && { MembersBusArn: 'arn:aws:events:eu-west-1:111122223333:event-bus/redress-events' }),
  };

  const cloudFormation = mockClient(CloudFormationClient);
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: 'Redress',
        StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Redress/0f00',
        CreationTime: NOW,
        StackStatus: 'CREATE_COMPLETE',
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Arn: ARN, Account: '111122223333' });
  const dynamo = mockClient(DynamoDBClient);
  dynamo.on(GetItemCommand).callsFake(({ Key }) => ({ Item: items.get(keyOf(Key)) }));
  dynamo
    .on(QueryCommand)
    .callsFake(({ ExpressionAttributeValues: values }) => ({ Items: [...items.values()].filter(({ pk }) => pk?.S === values[':pk']?.S) }));
  dynamo.on(PutItemCommand).callsFake(({ Item }) => void items.set(keyOf(Item), Item));
  dynamo.on(DeleteItemCommand).callsFake(({ Key }) => void items.delete(keyOf(Key)));
  dynamo.on(BatchGetItemCommand).callsFake(({ RequestItems }) => ({
    Responses: { 'redress-ledger': RequestItems['redress-ledger'].Keys.flatMap((key: Item) => items.get(keyOf(key)) ?? []) },
  }));
  const sqs = mockClient(SQSClient);
  const handles = new Map<string, Held>();
  let received = 0;
  sqs.on(SendMessageCommand).callsFake(({ QueueUrl, MessageBody, MessageAttributes }) => {
    queue(QueueUrl).push({ body: MessageBody, attributes: MessageAttributes });
    const order: Order | undefined = MessageBody.startsWith('{') ? JSON.parse(MessageBody).order : undefined;
    const row = order && get(order.finding);
    const answered = order && row && answer?.(order, row);
    if (answered) put(answered);
    return { MessageId: 'm' };
  });
  // what was received is no longer shown, as while it is in hand
  sqs.on(ReceiveMessageCommand).callsFake(({ QueueUrl, MaxNumberOfMessages }) => ({
    Messages: queue(QueueUrl)
      .splice(0, MaxNumberOfMessages)
      .map((held) => {
        received += 1;
        const ReceiptHandle = String(received);
        handles.set(ReceiptHandle, held);
        const Attributes = held.source && { DeadLetterQueueSourceArn: `arn:aws:sqs:eu-west-1:111122223333:${held.source}` };
        return { MessageId: `m-${ReceiptHandle}`, Body: held.body, MessageAttributes: held.attributes, Attributes, ReceiptHandle };
      }),
  }));
  sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(async ({ QueueUrl, Entries }) => {
    for (const { ReceiptHandle } of Entries) {
      const held = handles.get(ReceiptHandle);
      if (held) queue(QueueUrl).push(held);
      handles.delete(ReceiptHandle);
    }
  });
  sqs.on(DeleteMessageCommand).callsFake(({ ReceiptHandle }) => void handles.delete(ReceiptHandle));
  sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }) => ({
    Attributes: { ApproximateNumberOfMessages: String(queue(QueueUrl).length), ApproximateNumberOfMessagesNotVisible: '0' },
  }));

  const cloudWatch = mockClient(CloudWatchClient);
  cloudWatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries }: GetMetricDataCommandInput) => ({
    MetricDataResults: MetricDataQueries?.map(({ Id, MetricStat }) => ({
      Id,
      Values: metrics.get(`${MetricStat?.Metric?.MetricName} ${MetricStat?.Metric?.Dimensions?.[0]?.Value}`) ?? [],
    })),
  }));

  return {
    put,
    get,
    queues,
    /** Values by metric and function, such as `Errors redress-volumes`, the latest first. */
    metrics,
    cloudWatch,
    items,
    /** Received and not deleted. */
    inHand: handles,
    sqs,
    cloudFormation,
    sts,
    restore: () => {
      for (const mock of [cloudFormation, sts, dynamo, sqs, cloudWatch]) mock.restore();
    },
  };
}

/** Runs a command line. */
export async function redress(argv: readonly string[], on: ReturnType<typeof keepingTerminal> = keepingTerminal()): Promise<Said> {
  const code = await run(argv, on.terminal, () => NOW);
  return { code, out: on.out.join('\n'), err: on.err.join('\n') };
}

/** A finding of `volume-encrypted` that waits for approval, with what a case changes. */
export function finding(changes: Partial<Omit<Finding, 'says'>> = {}): Finding {
  const all = {
    type: 'finding',
    schemaVersion: '2',
    id: 'f-20270131-0123456789ab',
    announcement: 'f-20270131-0123456789ab-1-awaiting-approval',
    control: 'volume-encrypted',
    title: 'EBS volumes are encrypted',
    status: 'awaiting-approval',
    mode: 'approve',
    severity: 'high',
    account: '111122223333',
    region: 'eu-west-1',
    resource: { type: 'AWS::EC2::Volume', id: 'vol-1', arn: 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1' },
    actor: { arn: 'arn:aws:iam::111122223333:user/dana', name: 'dana', via: 'boto3', sourceIp: '203.0.113.7' },
    event: { is: 'call', id: 'e-1', name: 'CreateVolume', time: '2027-01-31T11:50:00.000Z' },
    count: 1,
    found: 'The volume is not encrypted, and not attached.',
    now: null,
    changes: [{ api: 'ec2:CopyVolumes', says: 'Copy vol-1 to an encrypted volume.' }],
    later: [{ api: 'ec2:CreateTags', says: 'Tag vol-1 with the copy that replaces it.' }],
    advice: [{ says: 'Create volumes encrypted.' }],
    timings: {
      eventTime: '2027-01-31T11:50:00.000Z',
      receivedAt: '2027-01-31T11:50:01.500Z',
      decidedAt: '2027-01-31T11:50:02.000Z',
      doneAt: null,
    },
    ...changes,
  } satisfies Omit<Finding, 'says'>;
  return { ...all, says: saysOf(all) };
}
