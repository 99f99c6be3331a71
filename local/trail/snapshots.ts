import type { AwsCall } from '../emulator/aws-call.ts';
import { type Json, type JsonObject, listAt } from '../json.ts';
import type { Exchange } from './resources.ts';
import { flat, lowerFirst, nest } from './styles.ts';

/** [U] No record of CopySnapshot is public: it is written as CreateSnapshot, which is as old, and whose answer holds more than the id. */
export const snapshotShapes = {
  'ec2:CopySnapshot': {
    request({ query }: AwsCall): Json {
      const { TagSpecification, PresignedUrl: _, ...others } = nest(query);
      const tags =
        TagSpecification === undefined
          ? {}
          : { tagSpecificationSet: { items: listAt(TagSpecification).map((one) => flat(lowerFirst(one))) } };
      return { ...(flat(lowerFirst(others)) as JsonObject), ...tags };
    },
    response: ({ answer, requestId }: Exchange): Json => ({ ...(flat(answer) as JsonObject), requestId }),
  },
};
