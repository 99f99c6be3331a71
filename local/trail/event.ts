import type { MotoClient } from '../emulator/moto-client.ts';
import type { JsonObject } from '../json.ts';
import { findable } from './level-event.ts';

/** An event as a service puts it on the bus; its detail may be a CloudTrail record. */
export interface LocalEvent {
  readonly source: string;
  readonly type: string;
  readonly resources: string[];
  readonly detail: JsonObject;
}

/** The event of a stack that is complete. */
export function deploymentOf(stackId: string): LocalEvent {
  const detail = { 'stack-id': stackId, 'status-details': { status: 'CREATE_COMPLETE', 'status-reason': '' }, 'client-request-token': '' };
  return { source: 'aws.cloudformation', type: 'CloudFormation Stack Status Change', resources: [stackId], detail };
}

/** Puts an event on the default bus of a Region, past the rule that only AWS writes as AWS. */
export function putEvent(event: LocalEvent, moto: MotoClient, region: string): Promise<void> {
  return putEvents([event], moto, region);
}

/** Puts up to ten there at once. */
export async function putEvents(events: readonly LocalEvent[], moto: MotoClient, region: string): Promise<void> {
  const Entries = events.map(({ source, type, resources, detail }) => ({
    Source: source,
    DetailType: type,
    Resources: resources,
    Detail: JSON.stringify(findable(detail)),
    Time: Date.now() / 1000,
  }));
  await moto.json('events', 'PutEvents', { Entries }, region);
}
