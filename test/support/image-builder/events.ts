import { callEvent } from '../../fixtures/events.ts';

type Fields = { readonly [key: string]: unknown };
const BUILDER = 'imagebuilder.amazonaws.com';

/** A call of EC2 Image Builder; a shape inferred from the API, for no record of one is public. */
export function builderCall(eventName: string, request: Fields | null, response: Fields | null = null, fields: Fields = {}) {
  return callEvent(eventName, { requestParameters: request, responseElements: response, ...fields }, BUILDER);
}

/** A call that made a resource, which AWS answers by its ARN. */
export function made(eventName: string, member: string, arn: string, fields: Fields = {}) {
  return builderCall(eventName, { name: 'Web' }, { requestId: 'r', [member]: arn }, fields);
}

/** A call that updated one. */
export function updated(eventName: string, member: string, arn: string, fields: Fields = {}) {
  return builderCall(eventName, { [member]: arn }, { requestId: 'r', [member]: arn }, fields);
}
