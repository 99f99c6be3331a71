import {
  type AdvancedEventSelector,
  type EventSelector,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { classify } from '#shared/aws/errors.ts';
import type { Json, Permission, Reader } from '#shared/control/types.ts';
import { visibleTrails } from './kind.ts';

/** What is read of a trail besides its list. */
export const statusReads: readonly Permission[] = [{ action: 'cloudtrail:GetTrailStatus' }, { action: 'cloudtrail:GetEventSelectors' }];

/** Which events a trail logs, as AWS's API takes them: of one sort only. */
export type Selectors = { readonly event: Json | null; readonly advanced: Json | null };

/** How a trail does. */
export interface Seen {
  readonly isLogging: boolean;
  /** Why it cannot write its files, in AWS's words; null if it can. */
  readonly error: string | null;
  /** Whether it logs every management event that changes something; those of a few noisy services may be left out. */
  readonly isWhole: boolean;
  readonly selectors: Selectors;
  /** When it began to log last, and when it stopped, in milliseconds. */
  readonly startedAt?: number | undefined;
  readonly stoppedAt?: number | undefined;
}

/** Reads how a trail does; it is asked for by its ARN, as another Region wants it. */
export async function seenOf({ TrailARN }: Trail, read: Reader): Promise<Seen> {
  const [status, selected] = await Promise.all([
    read(new GetTrailStatusCommand({ Name: TrailARN })),
    read(new GetEventSelectorsCommand({ TrailName: TrailARN })),
  ]);
  return {
    isLogging: status.IsLogging === true,
    error: status.LatestDeliveryError || null,
    isWhole: isWhole(selected),
    selectors: { event: plain(selected.EventSelectors), advanced: plain(selected.AdvancedEventSelectors) },
    startedAt: status.StartLoggingTime?.getTime(),
    stoppedAt: status.StopLoggingTime?.getTime(),
  };
}

/** The trails that cover this Region beside one: they log, deliver, and leave out no change; by their names. */
export async function coverOf(read: Reader, except?: string): Promise<readonly string[]> {
  const others = (await visibleTrails(read)).filter(({ TrailARN }) => TrailARN !== except);
  const names = others.map(async (trail) => ((await covers(trail, read)) ? nameOf(trail) : []));
  return (await Promise.all(names)).flat().sort();
}

/** Whether a trail covers the Regions where it shows; what cannot be read of its state does not count. */
async function covers(trail: Trail, read: Reader): Promise<boolean> {
  const { TrailARN, HasCustomEventSelectors, IsOrganizationTrail } = trail;
  const status = await ifAllowed(read(new GetTrailStatusCommand({ Name: TrailARN })));
  if (!status?.IsLogging || status.LatestDeliveryError) return false;
  const selected = await ifAllowed(read(new GetEventSelectorsCommand({ TrailName: TrailARN })));
  // [U] AWS may refuse that outside the home Region and the owner's account; there the organization is trusted with its choice
  return selected ? isWhole(selected) : HasCustomEventSelectors !== true || IsOrganizationTrail === true;
}

/** What a read answers; undefined where AWS does not answer it about this trail. */
async function ifAllowed<Output>(reading: Promise<Output>): Promise<Output | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (['denied', 'missing', 'refused'].includes(classify(error))) return undefined;
    throw error;
  }
}

/** A trail as a sentence names it. */
export function nameOf({ Name, TrailARN, IsOrganizationTrail }: Trail): string {
  return `${IsOrganizationTrail ? 'the trail of the organization ' : ''}${Name ?? TrailARN ?? 'without a name'}`;
}

/** Whether these events include every management event that writes; AWS shows no selectors where nobody chose any, and then logs all. */
function isWhole({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): boolean {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return true;
  return EventSelectors.some(isOfWrites) || AdvancedEventSelectors.some(isOfAllWrites);
}

function isOfWrites({ IncludeManagementEvents = true, ReadWriteType = 'All' }: EventSelector): boolean {
  return IncludeManagementEvents && ReadWriteType !== 'ReadOnly';
}

function isOfAllWrites({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  const isManagement = FieldSelectors.some(({ Field, Equals = [] }) => Field === 'eventCategory' && Equals.includes('Management'));
  return (
    isManagement &&
    FieldSelectors.every(({ Field, Equals, NotEquals }) => {
      if (Field === 'eventCategory') return true;
      if (Field === 'readOnly') return Equals?.includes('false') === true || NotEquals?.join() === 'true';
      // AWS KMS and the RDS Data API, which are the only two that the older sort can leave out
      return Field === 'eventSource' && NotEquals !== undefined && NotEquals.every((one) => NOISY.includes(one));
    })
  );
}

const NOISY = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

/** An answer of AWS as JSON; an empty list is none. */
function plain(list: readonly object[] | undefined): Json | null {
  return list === undefined || list.length === 0 ? null : JSON.parse(JSON.stringify(list));
}
