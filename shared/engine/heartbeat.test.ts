import type { Context, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HEARTBEAT } from '#shared/finding/names.ts';
import { answeringHeartbeats } from './heartbeat.ts';

beforeEach(() => vi.stubEnv('REDRESS_HEARTBEATS_URL', 'https://heartbeats'));
afterEach(() => vi.unstubAllEnvs());

const record = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;
const context = { functionName: 'redress-volumes' } as Context;

function world(send: (url: string, body: string) => Promise<void> = async () => undefined) {
  const handle = vi.fn(async ({ Records }: { Records: SQSRecord[] }) => ({
    batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  }));
  const sent = vi.fn(send);
  const log = vi.fn();
  const answering = answeringHeartbeats(handle, sent, log);
  return { handle, sent, log, run: (...Records: SQSRecord[]) => answering({ Records }, context) };
}

test('each heartbeat is answered once, and the handler sees none', async () => {
  const { handle, sent, run } = world();
  expect(await run(record('1', HEARTBEAT), record('2', ' { "heartbeat": true } '))).toEqual({ batchItemFailures: [] });
  expect(sent.mock.calls).toEqual([
    ['https://heartbeats', 'redress-volumes'],
    ['https://heartbeats', 'redress-volumes'],
  ]);
  expect(handle).not.toHaveBeenCalled();
});

test.each(['not JSON', '{"heartbeat":false}', '"heartbeat"', 'null', JSON.stringify({ heartbeat: true, event: { id: 'x'.repeat(40) } })])(
  'the message %s is for the handler, whose answer stands',
  async (body) => {
    const { handle, sent, run } = world();
    expect(await run(record('1', HEARTBEAT), record('2', body))).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(handle.mock.calls.map(([{ Records }]) => Records)).toEqual([[record('2', body)]]);
    expect(sent).toHaveBeenCalledTimes(1);
  },
);

test('a heartbeat that cannot be answered comes back, and stops nothing else', async () => {
  const { handle, log, run } = world(() => Promise.reject(new Error('no queue')));
  expect(await run(record('1', HEARTBEAT), record('2', 'x'))).toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }],
  });
  expect(handle).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith('error', 'a heartbeat could not be answered', {
    messageId: '1',
    error: expect.stringContaining('no queue'),
  });
});
