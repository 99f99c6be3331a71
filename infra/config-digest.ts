import { createHash } from 'node:crypto';
import type { ControlFunction } from '#shared/control/control.ts';
import { type RedressConfig, withDefaultModes } from '#shared/finding/config.ts';
import { controlsOf } from './catalog.ts';

/** A digest of a config with the modes that it leaves to the controls; the order of its entries does not count. */
export function configDigest(config: RedressConfig, functions: readonly ControlFunction[]): string {
  const complete = withDefaultModes(config, controlsOf(functions));
  return createHash('sha256')
    .update(JSON.stringify(complete, (_key, value: unknown) => sorted(value)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
