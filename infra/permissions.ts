import { viaParameterStore } from '#shared/aws/secrets.ts';
import type { AnyControl, Permission } from '#shared/control/control.ts';
import { type Statement, statementsFor } from '#shared/control/statements.ts';
import { slackSecretsOf } from '#shared/finding/alerts-config.ts';
import { modesOf, type RedressConfig, settingsEverywhere } from '#shared/finding/config.ts';
import { writesEverywhere } from '#shared/finding/writes.ts';

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
  return statementsFor(
    controls.flatMap((control) => [
      ...(isOn(config, control) ? control.permissions.reads : []),
      ...(isWriting(config, control) ? writesEverywhere(config, control) : []),
    ]),
  );
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
