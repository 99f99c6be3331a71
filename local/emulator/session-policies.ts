import { at, type Json, listAt, stringAt } from '../json.ts';
import type { Caller } from '../trail/identity.ts';
import { type AwsCall, iamAction, permissionFor } from './aws-call.ts';
import type { AwsError } from './aws-error.ts';

/**
 * What AWS refuses to a session for its own policy, and moto would take. Only actions and the Region are looked at, so it is never
 * stricter than AWS: the tests judge the rest.
 */
export function sessionRefusal(call: AwsCall, caller: Caller): AwsError | undefined {
  if (caller.kind !== 'role' || !caller.policy) return undefined;
  const action = permissionFor(iamAction(call));
  if (action === undefined) return undefined;
  const about = (effect: string) => (caller.policy ?? []).filter((one) => stringAt(one, 'Effect') === effect && isAbout(one, action));
  const isDenied = about('Deny').some((one) => isElsewhere(one, call.region));
  if (!isDenied && about('Allow').length > 0) return undefined;
  const message = `The policy of the session ${caller.name} does not allow ${action} in ${call.region}.`;
  return { code: call.protocol === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException', message, status: 403 };
}

function isAbout(statement: Json, action: string): boolean {
  return listOf(at(statement, 'Action')).some((one) => matches(String(one), action));
}

/** Whether a denial holds in a Region: one without a condition does everywhere. */
function isElsewhere(statement: Json, region: string): boolean {
  if (at(statement, 'Condition') === undefined) return true;
  const here = at(statement, 'Condition', 'StringNotEquals', 'aws:RequestedRegion');
  return here !== undefined && !listOf(here).includes(region);
}

/** Whether a pattern of IAM, with `*` and `?`, stands for a text, small and capital letters alike. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(text);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** The statements of a policy that came with a request; undefined where none did. */
export function statementsIn(policy: string | null | undefined): readonly Json[] | undefined {
  if (!policy) return undefined;
  return listAt(JSON.parse(policy) as Json, 'Statement');
}
