import type { Image } from '@aws-sdk/client-ec2';
import type { HistoryEvent } from '#shared/aws/history.ts';
import { type Made, madeWith } from '#shared/control/actor.ts';
import type { Permission, Reader, Target } from '#shared/control/control.ts';
import type { Notice } from '#shared/control/detail-types.ts';
import { stringAt } from '#shared/control/record.ts';
import { openDevices } from './copies.ts';
import { IMAGE } from './images.ts';
import { images } from './kind.ts';

/** Not a type of AWS's: an image that EC2 reports as available, in messages only. */
const AVAILABLE = 'AWS::EC2::Image::Available';
const HOUR = 3_600_000;

/** What it takes to look up who made an image. */
export const makerReads: readonly Permission[] = [{ action: 'cloudtrail:LookupEvents' }];

/** The image that a notice of its state is about. */
export function availableIn({ detail, resources }: Notice): Target<Made>[] {
  const id =
    stringAt(detail, 'ImageId') ??
    resources
      .find((arn) => arn.includes(':image/'))
      ?.split('/')
      .at(-1);
  return id ? [{ type: AVAILABLE, id }] : [];
}

/**
 * The images that notices are about, each with who made it as far as CloudTrail's event history tells: a notice names nobody, and
 * without a maker a person would be asked. Only for what is not encrypted, since LookupEvents takes two calls a second.
 */
export async function imagesBehind(targets: readonly Target<Made>[], read: Reader): Promise<Map<string, Target<Made>[]>> {
  const found = await read.many(
    images.items,
    targets.map(({ id }) => id),
  );
  const open = [...found].filter(([, one]) => openDevices(one).length > 0);
  const events = open.length > 0 ? await eventsOf(open, read) : new Map<string, readonly HistoryEvent[]>();
  return new Map(
    targets
      .filter(({ id }) => found.has(id))
      .map((target): [string, Target<Made>[]] => {
        const making = events.get(target.id)?.find(({ record }) => isMaking(target.id, record));
        const hint = making && madeWith(making.record);
        return [target.id, [{ ...target, type: IMAGE, ...(hint && { hint }) }]];
      }),
  );
}

/** [U] By which name CloudTrail finds the call is not documented; where it does not, the maker stays unknown. */
async function eventsOf(open: readonly (readonly [string, Image])[], read: Reader): Promise<Map<string, readonly HistoryEvent[]>> {
  // few events need the client of CloudTrail
  const { histories, idOf } = await import('#shared/aws/history.ts');
  const lookups = open.map(([id, { CreationDate = '' }]) => {
    const made = Date.parse(CreationDate) || 0;
    return [id, idOf({ key: 'ResourceName', value: id, start: Math.floor(made / HOUR) * HOUR, pages: 1 })] as const;
  });
  const known = await read.many(
    histories,
    lookups.map(([, lookup]) => lookup),
  );
  return new Map(lookups.map(([id, lookup]) => [id, known.get(lookup)?.events ?? []]));
}

function isMaking(id: string, record: Parameters<typeof madeWith>[0]): boolean {
  const isCreation = images.created.some(({ eventNames }) => eventNames.includes(record.eventName));
  return isCreation && !record.errorCode && images.targets(record, nowhere).some((one) => one.id === id);
}

/** The ids in a record do not depend on it. */
const nowhere = { account: '', region: '', partition: '' };
