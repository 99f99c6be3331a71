import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { partitionOf } from '#shared/aws/partition.ts';
import type { Place } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { MEMBERS_VARIABLE } from '#shared/finding/names.ts';

/** A variable of the function's environment; throws if the stack did not set it. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set: the stack sets it`);
  return value;
}

/** The config in the bundle, which was validated when it was bundled; an unreadable one must stop everything, so nothing catches this. */
export function bundledConfig(): RedressConfig {
  return JSON.parse(readFileSync(`${environment('LAMBDA_TASK_ROOT')}/config.json`, 'utf8'));
}

/** The list of a hub's members in the bundle, as JSON; undefined where the stack names none, and the function serves its own place alone. */
export function bundledMembers(): string | undefined {
  const file = process.env[MEMBERS_VARIABLE];
  return file ? readFileSync(join(environment('LAMBDA_TASK_ROOT'), file), 'utf8') : undefined;
}

/** The place that a function itself is in, by its ARN and Region. */
export function ownPlace(functionArn: string, region: string): Place {
  const account = functionArn.split(':')[4];
  if (!account) throw new Error(`the function's ARN has no account: ${functionArn}`);
  return { account, region, partition: partitionOf(region) };
}
