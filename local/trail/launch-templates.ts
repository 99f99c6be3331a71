import type { AwsCall } from '../emulator/aws-call.ts';
import { at, isObject, type Json, type JsonObject } from '../json.ts';
import { masked } from './masked.ts';
import { nest, wrappedRequest, wrappedResponse } from './styles.ts';

/** What a record says of a request about a launch template: wrapped, user data hidden. */
export function launchTemplateRequest({ action, query }: AwsCall): Json {
  return wrappedRequest(action, hidden(nest(query), 'LaunchTemplateData', 'UserData'));
}

/** What a record says of an answer about a launch template: wrapped, user data hidden. */
export function launchTemplateResponse(action: string, answer: JsonObject, requestId: string): Json {
  const version = at(answer, 'launchTemplateVersion');
  if (!isObject(version)) return wrappedResponse(action, answer, requestId);
  const shown = { ...answer, launchTemplateVersion: hidden(version, 'launchTemplateData', 'userData') };
  return wrappedResponse(action, shown, requestId);
}

function hidden(content: JsonObject, member: string, secret: string): JsonObject {
  const data = content[member];
  return isObject(data) && secret in data ? { ...content, [member]: { ...data, [secret]: masked } } : content;
}
