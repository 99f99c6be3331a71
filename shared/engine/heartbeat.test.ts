import type { Context, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answeringHeartbeats } from './heartbeat.ts';

beforeEach(() => vi.stubEnv('REDRESS_HEARTBEATS_URL', 'https://heartbeats'));
afterEach(() => vi.unstubAllEnvs());

const wake = JSON.stringify({ wake: true, event: { id: 'e-1' } });
const record = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;
const context = { functionName: 'redress-volumes' } as Context;

function world(failing: readonly string[] = [], send: (url: string, body: string) => Promise<void> = async () => undefined) {
  const handle = vi.fn(async () => ({ batchItemFailures: failing.map((itemIdentifier) => ({ itemIdentifier })) }));
  const sent = vi.fn(send);
  const log = vi.fn();
  const answering = answeringHeartbeats(handle, sent, log);
  return { handle, sent, log, run: (...Records: SQSRecord[]) => answering({ Records }, context) };
}

test("the schedule's wake is handled, and answered once", async () => {
  const { handle, sent, run } = world();
  expect(await run(record('1', wake), record('2', 'x'))).toEqual({ batchItemFailures: [] });
  expect(handle).toHaveBeenCalledTimes(1);
  expect(sent.mock.calls).toEqual([['https://heartbeats', 'redress-volumes']]);
});

test.each(['not JSON', '{"wake":true}', '{"wake":"bot"}', '{"wake":true,', '{"control":"volume-encrypted","event":{}}'])(
  'the message %s is no heartbeat',
  async (body) => {
    const { sent, run } = world(['1']);
    expect(await run(record('1', body))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(sent).not.toHaveBeenCalled();
  },
);

test('a wake that could not be handled is not answered', async () => {
  const { sent, run } = world(['1']);
  expect(await run(record('1', wake))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(sent).not.toHaveBeenCalled();
});

test('a wake that cannot be answered comes back', async () => {
  const { log, run } = world([], () => Promise.reject(new Error('no queue')));
  expect(await run(record('1', wake), record('2', 'x'))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(log).toHaveBeenCalledWith('error', 'a heartbeat could not be answered', {
    messageId: '1',
    error: expect.stringContaining('no queue'),
  });
});
