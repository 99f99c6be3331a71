import { type JsonObject, stringAt } from '../../json.ts';
import { type AwsError, errorAnswer } from '../aws-error.ts';
import { queryAnswer } from '../ec2-xml.ts';
import type { Addition, Additions, Around } from '../gaps/addition.ts';
import type { PlayedOrganization } from '../organization.ts';
import { inputOf, outputOf } from './input.ts';
import { StackSetError } from './stack-set-error.ts';

const CLOUD_FORMATION = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

const calls = [
  'DescribeOrganizationsAccess',
  'CreateStackSet',
  'UpdateStackSet',
  'DescribeStackSet',
  'DeleteStackSet',
  'CreateStackInstances',
  'DeleteStackInstances',
  'ListStackInstances',
  'ListStackSetAutoDeploymentTargets',
  'ListStackSetOperations',
  'DescribeStackSetOperation',
  'ListStackSetOperationResults',
] as const;

/**
 * Service-managed StackSets, where an organization is played with them. moto has some of these calls, but its StackSets neither reach
 * OUs by filters nor update, deploy automatically or fail in one account.
 */
export function stackSets(organizationOf: () => PlayedOrganization | undefined): Additions {
  const answer: Addition = async (call, around) => {
    const { requestId } = around;
    const organization = organizationOf();
    if (!organization) return await around.forward(call);
    const input = inputOf(call.query);
    const refusal = refusalOf(organization, call.account, String(input['CallAs'] ?? 'SELF'));
    if (refusal) return errorAnswer(call, refusal, requestId);
    try {
      const output = organization.stackSetsIn(call.region).answer(call.action, await withTemplate(input, around, call.region));
      return queryAnswer(CLOUD_FORMATION, call.action, Object(outputOf(output)), requestId);
    } catch (error) {
      if (error instanceof StackSetError) return errorAnswer(call, error, requestId);
      throw error;
    }
  };
  return Object.fromEntries(calls.map((call) => [`cloudformation:${call}`, answer]));
}

/** A template that is too long for a request stands in a bucket, whose name is the first of the URL's path. */
async function withTemplate(input: JsonObject, { moto }: Around, region: string): Promise<JsonObject> {
  const url = stringAt(input, 'TemplateURL');
  return url === undefined ? input : { ...input, TemplateBody: (await moto.object(new URL(url).pathname, region)) ?? '' };
}

function refusalOf({ management, administrator }: PlayedOrganization, account: string, callAs: string): AwsError | undefined {
  if (callAs === 'DELEGATED_ADMIN')
    return account === administrator ? undefined : { code: 'ValidationError', message: 'Account used is not a delegated administrator' };
  if (account === management) return undefined;
  const message =
    'You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set';
  return { code: 'ValidationError', message };
}
