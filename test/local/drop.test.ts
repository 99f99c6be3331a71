import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { MotoClient } from '../../local/emulator/moto-client.ts';
import { startProxy } from '../../local/emulator/proxy.ts';
import { FirstQueues } from '../../local/runtime/first-queues.ts';
import { Senders } from '../../local/runtime/senders.ts';
import { Telemetry } from '../../local/runtime/telemetry.ts';
import { Callers } from '../../local/trail/callers.ts';

/** How often AWS was called, and whether the caller got an answer, if the connection is dropped then. */
async function droppedAt(when: 'before' | 'after' | 'never'): Promise<{ calls: number; isAnswered: boolean }> {
  let calls = 0;
  const aws = createServer((_request, response) => {
    calls += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(aws, 'listening');
  onTestFinished(() => void aws.close());
  const address = aws.address();
  const moto = new MotoClient();
  moto.endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  const proxy = await startProxy({
    moto,
    callers: new Callers(),
    senders: new Senders(),
    firstQueues: new FirstQueues(),
    telemetry: new Telemetry(),
    disabled: new Set(),
    organizationOf: () => undefined,
    stackOf: () => ({ resources: [], mappings: [] }),
    port: 0,
    ready: Promise.resolve(),
    onCall: (seen) => (seen.when === when ? 'drop' : undefined),
    onTrouble: () => undefined,
    slack: async () => undefined,
    local: async () => undefined,
  });
  onTestFinished(() => proxy.stop());
  const authorization = 'AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
  const headers = { authorization, 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' };
  const answer = fetch(proxy.endpoint, { method: 'POST', headers, body: '{}' });
  const isAnswered = await answer.then(
    () => true,
    () => false,
  );
  return { calls, isAnswered };
}

test('a connection is dropped before AWS is called, or with its answer', async () => {
  expect(await droppedAt('never')).toEqual({ calls: 1, isAnswered: true });
  expect(await droppedAt('before')).toEqual({ calls: 0, isAnswered: false });
  expect(await droppedAt('after')).toEqual({ calls: 1, isAnswered: false });
});
