import { errorAnswer } from '../aws-error.ts';
import type { Additions } from './addition.ts';

/** CloudWatch's metrics, of which there are none here: an empty answer would pass for functions that never ran. */
export const measures: Additions = {
  async 'cloudwatch:GetMetricData'(call, { requestId }) {
    return errorAnswer(call, { code: 'NotMeasured', message: 'The local cloud measures nothing.' }, requestId);
  },
};
