import { viaParameterStore } from '#shared/aws/secrets.ts';
import type { AnyControl, Permission } from '#shared/control/control.ts';
import { slackSecretsOf } from '#shared/finding/alerts-config.ts';
import { isSetSomewhere, modesOf, type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';

/** A policy statement as IAM writes it, still with `{partition}`, `{region}` and `{account}`. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly conditions?: NonNullable<Permission['conditions']>;
}

/** Whether a control does anything anywhere under this config. */
export function isOn(config: RedressConfig, control: AnyControl): boolean {
  const isIdle = settingsEverywhere(config, control).every((settings) => control.isIdle?.(settings));
  return !isIdle && [...modesOf(config, control)].some((mode) => mode !== 'off');
}

/** Whether a control may write somewhere under this config: only then does its role hold the writes. */
export function isWriting(config: RedressConfig, control: AnyControl): boolean {
  return isOn(config, control) && [...modesOf(config, control)].some((mode) => mode === 'approve' || mode === 'fix');
}

/** What a kind's role may do to the account's resources: its controls' reads, and the writes of those that may write. */
export function statementsOf(controls: readonly AnyControl[], config: RedressConfig): Statement[] {
  const permissions = controls.flatMap((control) => [
    ...(isOn(config, control) ? control.permissions.reads : []),
    ...(isWriting(config, control) ? writesOf(control, config) : []),
  ]);
  // one statement for all actions of equal resource and conditions: an inline policy has 10,240 characters
  const groups = Map.groupBy(permissions, ({ resource = '*', conditions }) => JSON.stringify([resource, conditions]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const actions = [...new Set(group.map(({ action }) => action))].sort();
    return [{ actions, resource: first.resource ?? '*', ...(first.conditions && { conditions: first.conditions }) }];
  });
}

/**
 * What a kind's role denies itself, whatever a resource's own policy allows: to decrypt through Parameter Store unless a control that
 * may write needs it, and in every mode the parameters that the config names for Slack.
 */
export function denialsOf(controls: readonly AnyControl[], config: RedressConfig): Statement[] {
  const decrypts = controls.some((control) => isWriting(config, control) && control.permissions.writes.some(isSecureString));
  const secrets = slackSecretsOf(config.alerts).map((name) => `arn:{partition}:ssm:{region}:{account}:parameter${name}`);
  return [
    ...(decrypts ? [] : [{ actions: [SECURE_STRING.action], resource: '*', conditions: SECURE_STRING.conditions }]),
    ...secrets.map((resource) => ({ actions: VALUES, resource })),
  ];
}

/**
 * The policy of the AWS managed key lets every principal of the account decrypt through Parameter Store, so that reading is enough.
 * Not more than that is denied: Lambda decrypts the function's own environment as this role, by a grant that a denial would override.
 * https://www.lastweekinaws.com/blog/the-sneaky-weakness-behind-aws-managed-kms-keys/
 */
export const SECURE_STRING = { action: 'kms:Decrypt', conditions: viaParameterStore } as const;

/** All that reads or writes a parameter's values and versions. */
export const VALUES = ['ssm:GetParameter*', 'ssm:PutParameter', 'ssm:DeleteParameter*', 'ssm:LabelParameterVersion'] as const;

function isSecureString({ action, conditions }: Permission): boolean {
  return action === SECURE_STRING.action && JSON.stringify(conditions) === JSON.stringify(SECURE_STRING.conditions);
}

/**
 * The writes that the settings ask for, with `{settings.…}` filled in; a permission for which there is no value is left out, for it
 * would allow nothing, or everything.
 */
function writesOf(control: AnyControl, config: RedressConfig): Permission[] {
  const settings = settingsEverywhere(config, control);
  const wanted = control.permissions.writes.filter(({ onlyIf }) => !onlyIf || isSetSomewhere(config, control, onlyIf));
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
