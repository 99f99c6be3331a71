import type { AnyControl, Json, Trigger } from '#shared/control/control.ts';

/** An EventBridge event pattern, as JSON. */
export type Pattern = { readonly [key: string]: Json };

/** The longest pattern that EventBridge takes, in characters. */
export const MAX_PATTERN = 2048;

/** The detail type of a CloudTrail management event on EventBridge. */
const API_CALL = 'AWS API Call via CloudTrail';

/** Parts of a record that CloudTrail replaces by `omitted: true` when they are over 100 KB. */
const TRUNCATED = ['requestParameters', 'responseElements'];

/** Fields of the detail that the pattern itself decides, so that a trigger's `where` may not. */
const RESERVED = ['eventSource', 'eventName', 'errorCode', 'userIdentity', '$or'];

/**
 * The pattern of a control's rule: its triggers, without failed calls, dry runs and what Redress did itself.
 * @param roles the ARNs of every role of Redress, which may be CDK tokens
 */
export function patternOf(control: AnyControl, roles: readonly string[]): Pattern {
  const sources = unique(control.triggers.map(({ eventSource }) => eventSource));
  const branches = joinAlike(control.triggers).flatMap((trigger) => branchesOf(trigger, sources.length > 1));
  const [only] = branches;
  return {
    source: sources.map((source) => `aws.${source.replace(/\.amazonaws\.com$/, '')}`),
    'detail-type': [API_CALL],
    detail: {
      // present on every failed call, a dry run (`Client.DryRunOperation`) included
      errorCode: [{ exists: false }],
      ...notBy(roles),
      ...(branches.length === 1 ? only : { $or: branches }),
    },
  };
}

/** The pattern of our own stack's deployments. */
export function deploymentPattern(stackId: string): Pattern {
  return {
    source: ['aws.cloudformation'],
    'detail-type': ['CloudFormation Stack Status Change'],
    detail: { 'stack-id': [stackId], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] } },
  };
}

/**
 * Leaves out the exact roles. `anything-but` does not match a field that is missing, as it is for IAM users and
 * root, so a missing issuer is a branch of its own. Never a name prefix: anyone could take such a name.
 */
function notBy(roles: readonly string[]): Pattern {
  const issuer = (filter: Json): Json => ({ sessionContext: { sessionIssuer: { arn: [filter] } } });
  return { userIdentity: { $or: [issuer({ 'anything-but': roles }), issuer({ exists: false })] } };
}

function branchesOf({ eventSource, eventNames, where = {} }: Trigger, namesSource: boolean): Pattern[] {
  const reserved = Object.keys(where).find((key) => RESERVED.includes(key));
  if (reserved) throw new TypeError(`a trigger on ${eventNames.join(', ')} may not filter by ${reserved}`);
  const calls = { ...(namesSource && { eventSource: [eventSource] }), eventName: [...eventNames] };
  const truncated = TRUNCATED.filter((part) => part in where).map((part) => ({ ...calls, ...where, [part]: { omitted: [true] } }));
  return [{ ...calls, ...where }, ...truncated];
}

/** Joins triggers that differ only in the calls they name. */
function joinAlike(triggers: readonly Trigger[]): Trigger[] {
  const groups = Map.groupBy(triggers, ({ eventSource, where }) => JSON.stringify([eventSource, where]));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    return [{ ...first, eventNames: unique([first, ...others].flatMap(({ eventNames }) => eventNames)) }];
  });
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
