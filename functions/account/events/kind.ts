import { GetQueueUrlCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { accountSetting } from '#shared/control/setting.ts';
import type { Permission } from '#shared/control/types.ts';
import { functionOf, HEARTBEAT_TAG } from '#shared/finding/names.ts';

const QueueName = functionOf('account');
const resource = `arn:{partition}:sqs:{region}:{account}:${QueueName}`;
const queueReads: readonly Permission[] = ['sqs:GetQueueUrl', 'sqs:ListQueueTags'].map((action) => ({ action, resource }));

/** When Redress last made its daily call, whose event has to come back; null before the first one. */
export type OwnCall = { readonly sentAt: string | null };

/** Whether calls in this Region reach Redress as events: once a day it makes one, which tags its own queue with the time. */
export const events = accountSetting<OwnCall>({
  noun: 'events',
  plural: 'Events of CloudTrail',
  eventSource: 'sqs.amazonaws.com',
  console: '/cloudtrailv2/home?region={region}#/trails',
  changed: ['TagQueue'],
  unwatched: { 'Without its tag the next hour brings another call.': ['UntagQueue'] },
  reads: queueReads,
  async read(read) {
    const { QueueUrl } = await read(new GetQueueUrlCommand({ QueueName }));
    const { Tags = {} } = await read(new ListQueueTagsCommand({ QueueUrl }));
    return { state: { sentAt: Tags[HEARTBEAT_TAG] ?? null } };
  },
  // it only reports: the engine makes the call
  restore: () => [],
});
