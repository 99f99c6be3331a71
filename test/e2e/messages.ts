import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { isObject } from '../../local/json.ts';
import type { TrailRecord } from '../../local/trail/record.ts';
import type { World } from './world.ts';

/** The message that a rule makes of the last call of a name, as the queue holds it. */
export function messageOf(world: World, eventName: string): string {
  const record = world.cloud.records().findLast((one) => one.eventName === eventName) ?? expect.fail(`no ${eventName} was recorded`);
  return asMessage(world, record);
}

/** The message of a volume's creation, made from the record of another one's. */
export function messageAbout(world: World, volumeId: string): string {
  const record = world.cloud.records().findLast(({ eventName }) => eventName === 'CreateVolume') ?? expect.fail('no volume was created');
  const responseElements = isObject(record['responseElements']) ? { ...record['responseElements'], volumeId } : { volumeId };
  return asMessage(world, { ...record, eventID: randomUUID(), responseElements });
}

function asMessage({ cloud }: World, record: TrailRecord): string {
  const event = {
    id: record.eventID,
    account: cloud.account,
    region: cloud.region,
    time: record.eventTime,
    source: 'aws.ec2',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: record,
  };
  return JSON.stringify({ control: 'volume-encrypted', event });
}
