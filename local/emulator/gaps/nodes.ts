import { jsonAnswer } from '../../http.ts';
import type { Additions } from './addition.ts';

/** The nodes that Systems Manager manages, of which moto knows nothing: there are none here. */
export const nodes: Additions = {
  async 'ssm:DescribeInstanceInformation'() {
    return jsonAnswer({ InstanceInformationList: [] }, 200, 'application/x-amz-json-1.1');
  },
};
