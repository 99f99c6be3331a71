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

test.each([
  'not JSON',
  '{"wake":true}',
  '{"wake":"bot"}',
  '{"wake":true,',
  '{"wake":true,"more":1}',
  '{"event":{"id":"e-1"},"wake":true}',
  '{"control":"volume-encrypted","event":{}}',
])('the message %s is no heartbeat, whether it could be handled or not', async (body) => {
  for (const failing of [['1'], []]) {
    const { sent, log, run } = world(failing);
    expect(await run(record('1', body))).toEqual({ batchItemFailures: failing.map((itemIdentifier) => ({ itemIdentifier })) });
    expect(sent).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
  }
});

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

test('the hour of a wake is told before it is answered; a deployment wakes at no hour', async () => {
  const also = vi.fn(async () => undefined);
  const sent = vi.fn(async () => undefined);
  const answering = answeringHeartbeats(async () => ({ batchItemFailures: [] }), sent, vi.fn(), also);
  const at = (time: unknown, detailType: string) => JSON.stringify({ wake: true, event: { id: 'e', time, 'detail-type': detailType } });
  const bodies = [
    at('2026-11-21T09:00:00Z', 'Scheduled Event'),
    at('2026-11-21T09:10:00Z', 'CloudFormation Stack Status Change'),
    at('soon', 'Scheduled Event'),
    wake,
  ];
  await answering({ Records: bodies.map((body, n) => record(String(n), body)) }, context);
  expect(also.mock.calls).toEqual([[new Date('2026-11-21T09:00:00Z'), context]]);
  expect(sent).toHaveBeenCalledTimes(4);
});

test('a wake whose call fails comes back, and is not answered', async () => {
  const sent = vi.fn(async () => undefined);
  const answering = answeringHeartbeats(
    async () => ({ batchItemFailures: [] }),
    sent,
    vi.fn(),
    () => Promise.reject(new Error('denied')),
  );
  const body = JSON.stringify({ wake: true, event: { time: '2026-11-21T09:00:00Z', 'detail-type': 'Scheduled Event' } });
  expect(await answering({ Records: [record('1', body)] }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(sent).not.toHaveBeenCalled();
});
