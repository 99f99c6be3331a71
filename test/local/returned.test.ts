import { expect, test } from 'vitest';
import { MotoClient } from '../../local/emulator/moto-client.ts';
import type { JsonObject } from '../../local/json.ts';
import { FirstQueues } from '../../local/runtime/first-queues.ts';
import { FunctionProcess, type Outcome } from '../../local/runtime/function-process.ts';
import { poll } from '../../local/runtime/poller.ts';
import { Senders } from '../../local/runtime/senders.ts';
import { Telemetry } from '../../local/runtime/telemetry.ts';
import { Callers } from '../../local/trail/callers.ts';

const region = 'us-east-1';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:a';
const mapping = { functionName: 'a', queueUrl: 'http://q/a', queueArn, batchSize: 10, windowSeconds: 0, reportsFailures: true };
const ids = ['m-1', 'm-2'];

/** A queue that hands out two messages, once. */
class OneBatch extends MotoClient {
  #batches = [ids];

  override async json(_service: string, action: string): Promise<JsonObject> {
    const batch = action === 'ReceiveMessage' ? this.#batches.shift() : undefined;
    return { Messages: (batch ?? []).map((MessageId) => ({ MessageId, Body: '{}' })) };
  }
}

class Ending extends FunctionProcess {
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    const definition = { name: 'a', roleArn: 'arn:aws:iam::123456789012:role/a', environment: {}, folder: '', handler: '' };
    super({ ...definition, memoryMegabytes: 128, timeoutSeconds: 1 }, '', region, new Callers(), () => undefined);
    this.#outcome = outcome;
  }

  override prepare(): void {}

  override async invoke(): Promise<Outcome> {
    return this.#outcome;
  }
}

/** Which messages are reported to come back, and why, if an invocation ends like this; the call that looks for more of its batch may break. */
async function returnedBy(outcome: Outcome, isBreaking = false): Promise<string[]> {
  const ending = new AbortController();
  const moto = new OneBatch();
  const returned: string[] = [];
  let received = 0;
  const receives = moto.json.bind(moto);
  moto.json = async (service, action) => {
    if (action === 'ReceiveMessage') received += 1;
    // two gather the batch; the next comes when its invocation is over
    if (received > 2) ending.abort();
    if (received === 2 && isBreaking) throw new Error('socket hang up');
    return receives(service, action);
  };
  const quiet = { onInvocation: () => undefined, onTrouble: () => undefined };
  const parts = {
    mapping,
    moto,
    region,
    signal: ending.signal,
    senders: new Senders(),
    firstQueues: new FirstQueues(),
    telemetry: new Telemetry(),
    disabled: new Set<string>(),
    ...quiet,
  };
  await poll({ ...parts, process: new Ending(outcome), onReturned: (back, why) => returned.push(...back.map((id) => `${id} ${why}`)) });
  return returned;
}

test('messages that come back are reported with the reason', async () => {
  expect(await returnedBy({ is: 'crash', says: 'its process ended' })).toEqual(['m-1 crash', 'm-2 crash']);
  expect(await returnedBy({ is: 'timeout', says: 'timed out' })).toEqual(['m-1 timeout', 'm-2 timeout']);
  expect(await returnedBy({ is: 'result', result: { batchItemFailures: [{ itemIdentifier: 'm-2' }] } })).toEqual(['m-2 failed']);
  expect(await returnedBy({ is: 'result', result: { batchItemFailures: [] } })).toEqual([]);
});

test('what was received is worked on, though the next call to the queue fails', async () => {
  expect(await returnedBy({ is: 'crash', says: 'its process ended' }, true)).toEqual(['m-1 crash', 'm-2 crash']);
});
