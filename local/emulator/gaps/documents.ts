import { jsonAnswer } from '../../http.ts';
import type { Additions } from './addition.ts';

/** What moto lacks beside its documents of Systems Manager: the nodes, of which there are none here. */
export const documents: Additions = {
  async 'ssm:DescribeInstanceInformation'() {
    return jsonAnswer({ InstanceInformationList: [] }, 200, 'application/x-amz-json-1.1');
  },
};
