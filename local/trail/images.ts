import type { AwsCall } from '../emulator/aws-call.ts';
import type { Json, JsonObject } from '../json.ts';
import { listAt } from '../json.ts';
import type { Exchange } from './resources.ts';
import { flat, lowerFirst, nest } from './styles.ts';

/** What is made of an instance or copied is written flat, as recorded for CreateImage; [U] no record of CopyImage is public. */
const made = { request: requestOf, response: responseOf };

/** The records of calls that make images. */
export const imageShapes = { 'ec2:CreateImage': made, 'ec2:CopyImage': made };

function requestOf({ query }: AwsCall): Json {
  const { TagSpecification, BlockDeviceMapping, ...others } = nest(query);
  const lists = { blockDeviceMapping: BlockDeviceMapping, tagSpecificationSet: TagSpecification };
  const given = Object.entries(lists).filter(([, list]) => list !== undefined);
  return {
    ...(flat(lowerFirst(others)) as JsonObject),
    ...Object.fromEntries(given.map(([name, list]) => [name, { items: listAt(list).map((one) => flat(lowerFirst(one))) }])),
  };
}

function responseOf({ answer, requestId }: Exchange): Json {
  return { ...(flat(answer) as JsonObject), requestId };
}
