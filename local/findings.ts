import { setTimeout } from 'node:timers/promises';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '#shared/finding/names.ts';
import type { MotoClient } from './emulator/moto-client.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from './json.ts';

const queueName = 'redress-local-findings';
const longPollSeconds = 20;

/** A finding as it was announced on the event bus. */
export interface LocalFinding extends JsonObject {
  id: string;
}

/** The findings that were announced on the event bus. */
export interface Findings {
  /** The latest state of each, in the order of their first announcement. */
  latest(): LocalFinding[];
  /** Every announcement, oldest first. */
  all(): LocalFinding[];
  readonly queueUrl: string;
  stop(): Promise<void>;
}

/** Collects findings by a rule and a queue beside the stack's own. */
export async function collectFindings(
  moto: MotoClient,
  busName: string,
  account: string,
  region: string,
  onFinding: (finding: LocalFinding) => void,
): Promise<Findings> {
  const announced: LocalFinding[] = [];
  const latest = new Map<string, LocalFinding>();
  const ending = new AbortController();
  const { signal } = ending;
  await moto.json('sqs', 'CreateQueue', { QueueName: queueName }, region);
  const rule = { Name: queueName, EventBusName: busName };
  await moto.json(
    'events',
    'PutRule',
    { ...rule, EventPattern: JSON.stringify({ source: [FINDING_SOURCE], 'detail-type': [FINDING_DETAIL_TYPE] }) },
    region,
  );
  const transformer = { InputPathsMap: { detail: '$.detail' }, InputTemplate: '{"detail":<detail>}' };
  const target = { Id: 'findings', InputTransformer: transformer, Arn: `arn:aws:sqs:${region}:${account}:${queueName}` };
  await moto.json('events', 'PutTargets', { Rule: queueName, EventBusName: busName, Targets: [target] }, region);

  const queue = { QueueUrl: `${moto.endpoint}/${account}/${queueName}` };
  function note(finding: LocalFinding): void {
    announced.push(finding);
    latest.set(finding.id, finding);
    onFinding(finding);
  }
  async function receive(): Promise<void> {
    const request = { ...queue, MaxNumberOfMessages: 10, WaitTimeSeconds: longPollSeconds };
    const messages = listAt(await moto.json('sqs', 'ReceiveMessage', request, region, signal), 'Messages').filter(isObject);
    for (const message of messages) {
      const event = parseJson(stringAt(message, 'Body') ?? '');
      const detail = isObject(event) ? event['detail'] : undefined;
      const id = stringAt(detail, 'id');
      if (isObject(detail) && id !== undefined) note({ ...detail, id });
      // last, so that an empty queue means that every announcement is known
      await moto.json('sqs', 'DeleteMessage', { ...queue, ReceiptHandle: message['ReceiptHandle'] ?? '' }, region);
    }
  }
  async function loop(): Promise<void> {
    while (!signal.aborted) await receive().catch(() => setTimeout(200, undefined, { signal }).catch(() => undefined));
  }
  const running = loop();
  return {
    latest: () => [...latest.values()],
    all: () => [...announced],
    queueUrl: queue.QueueUrl,
    async stop() {
      ending.abort();
      await running;
    },
  };
}
