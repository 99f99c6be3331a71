import type { AwsCall } from '../emulator/aws-call.ts';
import { at, isObject, type Json, type JsonObject } from '../json.ts';
import { masked } from './masked.ts';
import { flat, lowerFirst, nest } from './styles.ts';

/** What a record says of a request to change an attribute of an instance: flat, and user data hidden, as the value of any attribute is. */
export function instanceAttributeRequest({ query }: AwsCall): Json {
  const { UserData, Value, GroupId, ...others } = nest(query);
  const entries = Object.entries(flat(lowerFirst(others)) as JsonObject);
  return {
    ...Object.fromEntries(entries.map(([name, one]) => [name, switched(one)])),
    ...(UserData === undefined ? {} : { userData: masked }),
    ...(Value === undefined ? {} : { value: masked }),
    ...(Array.isArray(GroupId) ? { groupSet: { items: GroupId.map((groupId) => ({ groupId })) } } : {}),
  };
}

/** A switch stands a level deeper than elsewhere. */
function switched(one: Json): Json {
  const value = at(one, 'value');
  return value === 'true' || value === 'false' ? { value: value === 'true' } : one;
}

/** An instance as the record of its launch has it: no volumes are attached yet, and the options of its metadata service not in force. */
export function launched(instance: Json): JsonObject {
  const options = at(instance, 'metadataOptions');
  return {
    ...(isObject(instance) ? instance : {}),
    blockDeviceMapping: {},
    ...(isObject(options) && { metadataOptions: { ...options, state: 'pending', httpProtocolIpv4: 'enabled' } }),
  };
}
