import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { upgraded } from '#shared/finding/upgrade.ts';
import { AlertWorld } from '../../test/support/alerts/world.ts';
import { oldFindings } from '../../test/support/first-version.ts';
import { dynamoStore } from './store.ts';

const waiting = oldFindings['waiting-for-approval'];
if (!waiting) throw new Error('the old findings have none that waits');

test('a finding of version 1 that is pending for a channel is read as one of version 2', async () => {
  const dynamo = mockClient(DynamoDBClient);
  dynamo
    .on(QueryCommand)
    .resolves({ Items: [{ body: { S: JSON.stringify(waiting) } }, { body: { S: JSON.stringify(upgraded(waiting)) } }] });
  expect(await dynamoStore('t', new DynamoDBClient({})).pending('bot', 10)).toEqual([upgraded(waiting), upgraded(waiting)]);
  dynamo.restore();
});

test('a message about one is updated, and the same announcement in version 2 is not told again', async () => {
  const world = new AlertWorld();
  await world.arrive('bot', upgraded(waiting));
  expect(world.posts).toHaveLength(1);
  await world.arrive('bot', upgraded(waiting));
  expect([world.posts.length, world.posts[0]?.updates]).toEqual([1, 0]);
  const decidedAt = '2026-11-21T09:05:00.000Z';
  const fixed = { ...upgraded(waiting), status: 'superseded', announcement: `${waiting.id}-2-superseded` } as const;
  await world.arrive('bot', { ...fixed, timings: { ...waiting.timings, decidedAt, doneAt: decidedAt } });
  expect([world.posts.length, world.posts[0]?.updates]).toEqual([1, 1]);
  expect(world.posts[0]?.text).toMatch(/^Replaced: /);
});
