import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployed, redress } from './world.ts';

let cloud: ReturnType<typeof deployed>;

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloud = deployed();
});

afterEach(() => {
  cloud.restore();
  vi.unstubAllEnvs();
});

describe('redrive', () => {
  const letters = Array.from({ length: 57 }, (_one, at) => ({
    body: `secret ${at}`,
    attributes: { RULE_ARN: { DataType: 'String', StringValue: 'arn' } },
  }));

  beforeEach(() => {
    cloud.queues.get('volumes-dlq')?.push(...letters);
    cloud.queues.get('alerts-dlq')?.push({ body: 'told' });
  });

  test('puts every dead letter back whole, and shows no body', async () => {
    const said = await redress(['redrive']);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/volumes +57\nalerts +1$/);
    expect(said.out + said.err).not.toContain('secret');
    expect(cloud.queues.get('volumes')?.toSorted((a, b) => a.body.localeCompare(b.body))).toEqual(
      letters.toSorted((a, b) => a.body.localeCompare(b.body)),
    );
    expect(cloud.inHand.size).toBe(0);
  });

  test('takes one kind alone', async () => {
    expect(JSON.parse((await redress(['redrive', 'alerts', '--json'])).out)).toEqual({
      type: 'redrive',
      kind: 'alerts',
      moved: 1,
      failed: 0,
    });
    expect(cloud.queues.get('volumes-dlq')).toHaveLength(57);
    expect((await redress(['redrive', 'buckets'])).code).toBe(2);
  });

  test('deletes nothing that was not sent', async () => {
    let count = 0;
    cloud.sqs.on(SendMessageCommand).callsFake(() => {
      count += 1;
      if (count > 20) throw Object.assign(new Error('not now'), { name: 'AccessDenied' });
    });
    const said = await redress(['redrive', 'volumes']);
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/volumes +20$/);
    expect(said.err).toContain('still in its dead-letter queue');
    expect(cloud.inHand.size + (cloud.queues.get('volumes-dlq')?.length ?? 0)).toBe(37);
  });

  test('ends on Ctrl-C with nothing in hand', async () => {
    cloud.sqs.on(ReceiveMessageCommand).callsFakeOnce(({ QueueUrl }) => {
      process.emit('SIGINT');
      expect(QueueUrl).toContain('volumes-dlq');
      return { Messages: [] };
    });
    const said = await redress(['redrive']);
    expect(said.code).toBe(1);
    expect(said.err).toContain('Stopped before the end');
    expect(cloud.inHand.size).toBe(0);
    expect((cloud.queues.get('volumes')?.length ?? 0) + (cloud.queues.get('volumes-dlq')?.length ?? 0)).toBe(57);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});
