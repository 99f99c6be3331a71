import { expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AwsCommand } from '#shared/control/control.ts';
import { makeOwnCall } from './own-call.ts';

const QueueUrl = 'https://sqs.example/redress-account';

/** A queue with its tags; answers what is called at each of these hours. */
async function called(hours: readonly string[], Tags: Record<string, string> = {}) {
  const calls: string[] = [];
  const send = async (command: AwsCommand) => {
    calls.push(actionOf(command));
    if (actionOf(command) === 'sqs:ListQueueTags') return Object.keys(Tags).length > 0 ? { Tags } : {};
    expect(command.input).toMatchObject({ QueueUrl });
    Object.assign(Tags, Reflect.get(command.input, 'Tags'));
    return {};
  };
  const writes: string[] = [];
  for (const hour of hours) {
    await makeOwnCall(QueueUrl, new Date(hour), send);
    if (calls.at(-1) === 'sqs:TagQueue') writes.push(hour);
  }
  return { writes, Tags };
}

test('the first hour makes a call, and the next one comes a day later', async () => {
  const hours = ['2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00.000Z', '2026-11-22T08:00:00.000Z', '2026-11-22T08:59:58.000Z'];
  expect(await called(hours)).toEqual({ writes: [hours[0], hours[3]], Tags: { 'redress:heartbeat': hours[3] } });
});

test('what is no time in its tag counts as none, and other tags stay', async () => {
  const { writes, Tags } = await called(['2026-11-21T09:00:00.000Z'], { 'redress:heartbeat': 'soon', team: 'audit' });
  expect(writes).toHaveLength(1);
  expect(Tags).toEqual({ 'redress:heartbeat': '2026-11-21T09:00:00.000Z', team: 'audit' });
});
