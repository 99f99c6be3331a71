import * as v from 'valibot';
import type { Permission } from './types.ts';

const role = v.pipe(
  v.string(),
  v.regex(
    /^[\w+=,.@-]+(\/[\w+=,.@-]+)*(\/\*)?$/,
    'is not a role’s name behind its path, such as web or batch/web, nor a path such as batch/*',
  ),
);

/** Roles that Redress may pass, by name or path; without any it passes none. */
export const roleNames = v.optional(v.pipe(v.array(role), v.maxLength(10)), []);

/** The permission to pass the roles that a setting names to a service, where AWS checks that although no call of ours names it. */
export function passing(setting: string, services: readonly string[], impliedBy: string): Permission {
  return {
    action: 'iam:PassRole',
    // by name or path: tags of the role do not narrow this action reliably
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    resource: `arn:{partition}:iam::{account}:role/{settings.${setting}.*}`,
    conditions: { StringEquals: { 'iam:PassedToService': services } },
    impliedBy,
  };
}
