import {
  type AdvancedEventSelector,
  CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { Failure, trying } from '../../failure.ts';
import { answer, type Check, other, type Problem } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';

/** What is known of one trail: a Failure where AWS does not show it, as it may of an organization's trail. */
type Known = { readonly name: string; readonly arn: string } & (
  | { readonly failure: Failure }
  | { readonly isLogging: boolean; readonly takesCalls: boolean; readonly deliveryError: string | undefined }
);

/**
 * Whether a trail logs management events here: without one EventBridge gets no calls.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const trail: Check = {
  id: 'trail',
  asks: 'Does a trail log the management events of this Region?',
  needs: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
  async look({ client, region }) {
    const cloudTrail = new CloudTrailClient(client);
    const { trailList = [] } = await trying('list the trails', () =>
      cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
    );
    const here = trailList.filter(({ HomeRegion, IsMultiRegionTrail }) => IsMultiRegionTrail || HomeRegion === region);
    const known = await sideBySide(here, ({ Name = '', TrailARN = Name, HomeRegion = region }) =>
      ask(new CloudTrailClient({ ...client, region: HomeRegion }), Name, TrailARN),
    );
    const good = known.filter((one) => !('failure' in one) && one.isLogging && one.takesCalls);
    const details = known.map((one) => `${one.arn}: ${stateOf(one)}`);
    if (good.length > 0) {
      const failing = good.flatMap((one) => ('failure' in one || !one.deliveryError ? [] : [`${one.name} (${one.deliveryError})`]));
      const says = `${good.map(({ name }) => name).join(', ')} logs the management events of this Region.`;
      if (failing.length < good.length) return answer(says, [], details);
      return other(
        'note',
        `${says} It cannot deliver its files: ${failing.join(', ')}.`,
        'EventBridge gets calls all the same. Set the bucket or its policy right: a trail that cannot deliver keeps no record.',
        details,
      );
    }
    const unseen = known.flatMap((one) => ('failure' in one ? [one.failure] : []));
    if (unseen[0])
      return other('unknown', `No other trail logs here, and AWS does not show one of them. ${unseen[0].message}`, unseen[0].next, details);
    return answer('', known.length === 0 ? [NO_TRAIL] : known.map((one) => problemOf(one, region)), details);
  },
};

const NO_TRAIL: Problem = {
  says: 'There is no trail in this Region, so EventBridge gets no calls, and only sweeps find anything.',
  next: 'Set `trail: true` in redress.config.ts and deploy, or make a trail for all accounts of your organization.',
};

async function ask(cloudTrail: CloudTrailClient, name: string, arn: string): Promise<Known> {
  try {
    // in its own Region, where alone all is known of it, and by its ARN, because it may be of another account
    const [status, selectors] = await trying(`ask how the trail ${arn} is`, () =>
      Promise.all([
        cloudTrail.send(new GetTrailStatusCommand({ Name: arn })),
        cloudTrail.send(new GetEventSelectorsCommand({ TrailName: arn })),
      ]),
    );
    return {
      name,
      arn,
      isLogging: status.IsLogging === true,
      takesCalls: takesCalls(selectors),
      deliveryError: status.LatestDeliveryError,
    };
  } catch (error) {
    if (error instanceof Failure) return { name, arn, failure: error };
    throw error;
  }
}

function takesCalls({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsCommandOutput): boolean {
  return EventSelectors.some(isOfWrites) || AdvancedEventSelectors.some(isOfAllWrites);
}

function isOfWrites({ IncludeManagementEvents, ReadWriteType }: EventSelector): boolean {
  return IncludeManagementEvents === true && ReadWriteType !== 'ReadOnly';
}

/** A selector that asks for more, such as single sources, leaves out calls that some control needs. */
function isOfAllWrites({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  const isManagement = FieldSelectors.some(({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management'));
  const isNarrow = FieldSelectors.some(
    ({ Field, Equals, NotEquals }) =>
      !(
        Field === 'eventCategory' ||
        (Field === 'readOnly' && Equals?.includes('false')) ||
        (Field === 'eventSource' && !Equals && NotEquals)
      ),
  );
  return isManagement && !isNarrow;
}

function stateOf(one: Known): string {
  if ('failure' in one) return one.failure.message;
  const of = one.takesCalls ? 'management events' : 'not every writing management event';
  return `${one.isLogging ? 'logs' : 'stopped; it would log'} ${of}`;
}

function problemOf(one: Known, region: string): Problem {
  if (!('failure' in one) && one.takesCalls)
    return {
      says: `The trail ${one.name} is stopped, so EventBridge gets no calls.`,
      next: `Start it: \`aws cloudtrail start-logging --name ${one.arn} --region ${region}\`. CloudTrail's record of StopLogging says who stopped it.`,
    };
  return {
    says: `The trail ${one.name} does not log every management event that writes.`,
    next: `Let it: \`aws cloudtrail put-event-selectors --trail-name ${one.arn} --region ${region} --event-selectors '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'\` replaces what it logs, so keep its data events; or make another trail.`,
  };
}
