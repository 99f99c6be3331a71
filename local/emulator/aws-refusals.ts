import { invokingService } from '../trail/identity.ts';
import type { AwsCall } from './aws-call.ts';
import type { AwsError } from './aws-error.ts';

/** What AWS refuses and moto would take: tags under `aws:` from anyone but a service, and every dry run. */
export function refusal({ protocol, action, query, userAgent }: AwsCall): AwsError | undefined {
  if (protocol !== 'ec2') return undefined;
  const setsTags = action === 'CreateTags' || action === 'DeleteTags';
  const keys = [...query].filter(([name]) => (setsTags ? /^Tag\.\d+\.Key$/ : /^TagSpecification\.\d+\.Tag\.\d+\.Key$/).test(name));
  if (keys.some(([, key]) => key.startsWith('aws:')) && invokingService(userAgent) === undefined) {
    return { code: 'InvalidParameterValue', message: "Tag keys starting with 'aws:' are reserved for internal use" };
  }
  if (query.get('DryRun') === 'true') {
    return { code: 'DryRunOperation', message: 'Request would have succeeded, but DryRun flag is set.', status: 412 };
  }
  return undefined;
}
