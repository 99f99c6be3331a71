import { type JsonObject, stringAt } from '../../json.ts';
import { deploymentOf, putEvent } from '../../trail/event.ts';
import { createStack, filledIn } from '../members.ts';
import type { MotoClient } from '../moto-client.ts';
import { childObjects } from '../template.ts';
import type { Deployer } from './stack-sets.ts';

/** Makes the stacks of StackSets as plain stacks of moto, and sends the event of each that is complete. */
export function motoDeployer(motoIn: (account: string) => MotoClient): Deployer {
  let made = 0;
  return {
    async create({ account, region, set, template, parameters }) {
      const moto = motoIn(account);
      const resources = childObjects(template['Resources']);
      const taken = await firstTaken(resources, moto, region);
      if (taken !== undefined) return { reason: taken };
      made += 1;
      const whole = filledIn({ ...template, Resources: resources } as unknown as Parameters<typeof filledIn>[0], account, parameters);
      const stackId = await createStack(`StackSet-${set}-${made}`, whole, moto, region);
      await putEvent(deploymentOf(stackId), moto, region);
      return { stackId };
    },
    async delete(stackId) {
      const [, , , region = '', account = ''] = stackId.split(':');
      const answer = await motoIn(account).query('cloudformation', 'DeleteStack', { StackName: stackId }, region);
      return answer.status < 400 ? undefined : answer.body.toString('utf8');
    },
  };
}

/** Why the first of the roles that is there already cannot be made, as StackSets say it; moto would leave half a stack. */
async function firstTaken(resources: { readonly [id: string]: JsonObject }, moto: MotoClient, region: string): Promise<string | undefined> {
  for (const [id, resource] of Object.entries(resources)) {
    const RoleName = stringAt(resource, 'Properties', 'RoleName');
    if (resource['Type'] !== 'AWS::IAM::Role' || RoleName === undefined) continue;
    const { status } = await moto.query('iam', 'GetRole', { Version: '2010-05-08', RoleName }, region);
    if (status < 400) return `ResourceLogicalId:${id}, ResourceType:AWS::IAM::Role, ResourceStatusReason:${RoleName} already exists.`;
  }
  return undefined;
}
