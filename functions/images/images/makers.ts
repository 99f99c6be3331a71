import type { Image } from '@aws-sdk/client-ec2';
import { histories, idOf } from '#shared/aws/history.ts';
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
export const makerReads: readonly Permission[] = [{ action: 'cloudtrail:LookupEvents', isRare: true }];

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
  const lookups = new Map([...found].filter(([, one]) => openDevices(one).length > 0).map(([id, one]) => [id, lookupOf(id, one)]));
  const known = await read.many(histories, [...lookups.values()]);
  return new Map(
    targets
      .filter(({ id }) => found.has(id))
      .map((target): [string, Target<Made>[]] => {
        const events = known.get(lookups.get(target.id) ?? '')?.events ?? [];
        const making = events.find(({ record }) => isMaking(target.id, record));
        const hint = making && madeWith(making.record);
        return [target.id, [{ ...target, type: IMAGE, ...(hint && { hint }) }]];
      }),
  );
}

/** [U] By which name CloudTrail finds the call is not documented; where it does not, the maker stays unknown. */
function lookupOf(id: string, { CreationDate = '' }: Image): string {
  const made = Date.parse(CreationDate) || 0;
  return idOf({ key: 'ResourceName', value: id, start: Math.floor(made / HOUR) * HOUR, pages: 1 });
}

function isMaking(id: string, record: Parameters<typeof madeWith>[0]): boolean {
  const isCreation = images.created.some(({ eventNames }) => eventNames.includes(record.eventName));
  return isCreation && !record.errorCode && images.targets(record, nowhere).some((one) => one.id === id);
}

/** The ids in a record do not depend on it. */
const nowhere = { account: '', region: '', partition: '' };
