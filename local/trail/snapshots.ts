import type { AwsCall } from '../emulator/aws-call.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Exchange } from './resources.ts';
import { flat, lowerFirst, nest, tagSpecifications } from './styles.ts';

/** [U] No record of CopySnapshot is public: it is written as CreateSnapshot, which is as old. */
export const snapshotShapes = {
  'ec2:CopySnapshot': {
    request({ query }: AwsCall): Json {
      // the URL is signed, and CloudTrail hides what is
      const { TagSpecification, PresignedUrl: _, ...others } = nest(query);
      return { ...(flat(lowerFirst(others)) as JsonObject), ...tagSpecifications(TagSpecification) };
    },
    response: ({ answer, requestId }: Exchange): Json => ({ ...(flat(answer) as JsonObject), requestId }),
  },
};
