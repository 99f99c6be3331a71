import { callEvent } from '../../fixtures/events.ts';
import { place } from '../harness.ts';

type Fields = { readonly [key: string]: unknown };

/** PutParameter: the value is always hidden, and `resources` has the ARN. */
export function putParameter(name: string, request: Fields = {}, fields: Fields = {}) {
  const { type = 'String', ...others } = request;
  return callEvent(
    'PutParameter',
    {
      requestParameters: { name, value: 'HIDDEN_DUE_TO_SECURITY_REASONS', overwrite: false, ...(type !== null && { type }), ...others },
      responseElements: { version: 1, tier: 'Standard' },
      resources: [{ accountId: place.account, ARN: arn(name) }],
      ...fields,
    },
    'ssm.amazonaws.com',
  );
}

/** A parameter's ARN as AWS writes it. */
export function arn(name: string): string {
  return `arn:aws:ssm:${place.region}:${place.account}:parameter/${name.replace(/^\//, '')}`;
}

/** A read as CloudTrail's event history holds it, by a role. */
export function readBy(role: string, eventName: string, requestParameters: object, fields: Fields = {}): object {
  const sessionIssuer = { type: 'Role', arn: `arn:aws:iam::${place.account}:role/${role}`, userName: role };
  const userIdentity = {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${place.account}:assumed-role/${role}/session`,
    sessionContext: { sessionIssuer },
  };
  return callEvent(eventName, { userIdentity, requestParameters, readOnly: true, ...fields }, 'ssm.amazonaws.com').detail;
}
