import { errorAnswer } from '../aws-error.ts';
import type { Additions } from './addition.ts';

/** What instances would count, and what PutMetricData may stand in for here; the protocol of newer clients is binary, and names it as text. */
const COUNTED = 'MetadataNoToken';

/** CloudWatch's metrics, of which there are no others here: an empty answer would pass for functions that never ran. */
export const measures: Additions = {
  async 'cloudwatch:GetMetricData'(call, { forward, requestId }) {
    if (call.request.body.includes(COUNTED)) return await forward(call);
    return errorAnswer(call, { code: 'NotMeasured', message: 'The local cloud measures nothing.' }, requestId);
  },
};
