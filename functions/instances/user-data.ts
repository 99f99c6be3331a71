import { DescribeInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { ifThere } from '#shared/aws/loaders.ts';
import type { Loader } from '#shared/control/control.ts';
import { Secret } from '#shared/control/secret.ts';

/** So many calls run at once: each instance takes one, and EC2 throttles what reads many attributes. */
const AT_ONCE = 5;

/** The user data of instances by id, as the API has it; an instance without any is absent. */
export const userDataById: Loader<Secret> = {
  name: 'user data of instances',
  max: Number.MAX_SAFE_INTEGER,
  async load(ids, read) {
    const found = new Map<string, Secret>();
    const left = ids.values();
    // each takes the next one that nobody has taken
    const reading = Array.from({ length: AT_ONCE }, async () => {
      for (const id of left) {
        const answer = await ifThere(read(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'userData' })));
        const value = answer?.UserData?.Value;
        if (value) found.set(id, new Secret(value, `user data of ${id}`));
      }
    });
    await Promise.all(reading);
    return found;
  },
};
