import type { Permission } from './control.ts';

/** A tag permission with a condition on the keys, beside the conditions that it has. */
export function withKeys(permission: Permission, operator: string, keys: readonly string[]): Permission {
  return { ...permission, conditions: { ...permission.conditions, [operator]: { 'aws:TagKeys': keys } } };
}
