import { createHash } from 'node:crypto';
import { compact, type Json, type JsonObject } from '../json.ts';

/** The account that the local cloud plays, and of an organization the hub's. */
export const account = '123456789012';

/** A session under a role; `name` is the session's, and whoever began it may have said who they are. */
interface Session {
  readonly name: string;
  readonly roleArn: string;
  readonly since: Date;
  readonly sourceIdentity?: string | undefined;
  /** The statements of the policy that narrows it. */
  readonly policy?: readonly Json[] | undefined;
}

/** Who makes a call: a person with an IAM user, a function under its role, or whoever assumed a role. */
export type Caller =
  | { readonly kind: 'user'; readonly name: string; readonly account?: string }
  | ({ readonly kind: 'function' } & Session)
  | ({ readonly kind: 'role' } & Session);

/** The account that a caller is of. */
export function accountOf(caller: Caller): string {
  return (caller.kind === 'user' ? caller.account : caller.roleArn.split(':')[4]) || account;
}

/** The role that a service made for itself, under which it calls. */
export function serviceRole(service: string, role: string, of = account): string {
  return `arn:aws:iam::${of}:role/aws-service-role/${service}/${role}`;
}

/** The name that a caller goes by in `/_local/calls`: the user's, or the role's. */
export function callerName(caller: Caller): string {
  return caller.kind === 'user' ? caller.name : roleName(caller.roleArn);
}

/** The caller's ARN, as STS answers it. */
export function callerArn(caller: Caller): string {
  if (caller.kind === 'user') return `arn:aws:iam::${accountOf(caller)}:user/${caller.name}`;
  return `arn:aws:sts::${accountOf(caller)}:assumed-role/${roleName(caller.roleArn)}/${caller.name}`;
}

/** The unique id that IAM gives a user or a role's session. */
export function principalId(caller: Caller): string {
  return caller.kind === 'user' ? idOf('AIDA', `${caller.account ?? ''}${caller.name}`) : `${idOf('AROA', caller.roleArn)}:${caller.name}`;
}

/** The record's `userIdentity`; a service that acts for the caller, such as CloudFormation, is `invokedBy`. */
export function userIdentity(caller: Caller, accessKeyId: string, invokedBy: string | undefined): JsonObject {
  const accountId = accountOf(caller);
  const common = { principalId: principalId(caller), arn: callerArn(caller), accountId, accessKeyId };
  if (caller.kind === 'user') return compact({ type: 'IAMUser', ...common, userName: caller.name, invokedBy });
  return compact({
    type: 'AssumedRole',
    ...common,
    sessionContext: compact({
      sessionIssuer: {
        type: 'Role',
        principalId: idOf('AROA', caller.roleArn),
        arn: caller.roleArn,
        accountId,
        userName: roleName(caller.roleArn),
      },
      attributes: { creationDate: caller.since.toISOString().replace(/\.\d+/, ''), mfaAuthenticated: 'false' },
      sourceIdentity: caller.sourceIdentity,
    }),
    invokedBy,
  });
}

/** The service in whose name a client calls, by its user agent, such as `cloudformation.amazonaws.com`. */
export function invokingService(userAgent: string): string | undefined {
  return /(?:^|[\s/])([a-z][a-z0-9-]*\.amazonaws\.com)(?:$|[\s/])/.exec(userAgent)?.[1];
}

function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function idOf(prefix: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').toUpperCase();
  return prefix + hash.slice(0, 17);
}
