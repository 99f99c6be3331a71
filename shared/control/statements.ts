import type { AnyControl } from './control.ts';
import type { Permission } from './types.ts';

/** A policy statement as IAM writes it, still with `{partition}`, `{region}` and `{account}`. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly conditions?: NonNullable<Permission['conditions']>;
}

/** The statements that allow permissions: one for all actions of equal resource and conditions, for policies are short. */
export function statementsFor(permissions: readonly Permission[]): Statement[] {
  const groups = Map.groupBy(permissions, ({ resource = '*', conditions }) => JSON.stringify([resource, conditions]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const actions = [...new Set(group.map(({ action }) => action))].sort();
    return [{ actions, resource: first.resource ?? '*', ...(first.conditions && { conditions: first.conditions }) }];
  });
}

/**
 * The writes that the settings ask for, with `{settings.…}` filled in; a permission for which there is no value is left out, for it
 * would allow nothing, or everything.
 */
export function writesUnder(control: AnyControl, settings: readonly unknown[], isSet: (setting: string) => boolean): Permission[] {
  const wanted = control.permissions.writes.filter(({ onlyIf }) => !onlyIf || isSet(onlyIf));
  return wanted.flatMap((permission) => {
    const conditions = filledIn(permission.conditions, settings);
    const isEmpty = Object.values(conditions ?? {}).some((keys) => Object.values(keys).some((values) => values.length === 0));
    if (isEmpty) return [];
    const resources = permission.resource === undefined ? [undefined] : unique(valuesOf(permission.resource, settings));
    return resources.map((resource) => ({ ...permission, ...(conditions && { conditions }), ...(resource && { resource }) }));
  });
}

function filledIn(conditions: Permission['conditions'], settings: readonly unknown[]): Permission['conditions'] {
  if (!JSON.stringify(conditions ?? {}).includes('{settings.')) return conditions;
  const filled = Object.entries(conditions ?? {}).map(([operator, keys]) => {
    const each = Object.entries(keys).map(([key, values]) => [
      key,
      Array.isArray(values) ? unique(values.flatMap((value: string) => valuesOf(value, settings))) : values,
    ]);
    return [operator, Object.fromEntries(each)] as const;
  });
  return Object.fromEntries(filled);
}

/** A text, or its copies with each value that the path of its `{settings.…}` has; none where it has none. */
export function valuesOf(text: string, settings: readonly unknown[]): string[] {
  const [placeholder, path = ''] = /\{settings\.([\w.*]+)\}/.exec(text) ?? [];
  if (!placeholder) return [text];
  return settings.flatMap((one) => leavesAt(one, path.split('.'))).map((leaf) => text.replace(placeholder, () => leaf));
}

/** The strings at a path; `*` stands for every entry. */
export function leavesAt(value: unknown, [key, ...rest]: readonly string[]): string[] {
  if (key === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const inner: unknown[] = key === '*' ? Object.values(value) : [Reflect.get(value, key)];
  return inner.flatMap((one) => leavesAt(one, rest));
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Fills `{partition}`, `{region}` and `{account}` in every string of a value. */
export function fill<Value>(value: Value, place: { readonly partition: string; readonly region: string; readonly account: string }): Value {
  const replaced = JSON.stringify(value).replace(/\{(partition|region|account)\}/g, (_all, name: keyof typeof place) => place[name]);
  return JSON.parse(replaced);
}
