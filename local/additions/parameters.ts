import { jsonAnswer } from '../http.ts';
import type { Additions } from './addition.ts';

/** Resource policies of parameters, which moto has none of: nothing is shared here. */
export const parameterPolicies: Additions = {
  async 'ssm:GetResourcePolicies'() {
    return jsonAnswer({ Policies: [] }, 200, 'application/x-amz-json-1.1');
  },
};
