import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { type Synthesised, synth } from '../../infra/synth.ts';

/** Synthesises into a folder, with the layer's bundles; the config goes through a JSON file, or is the project's own. */
export async function synthesised(folder: string, check: boolean, config?: RedressConfig): Promise<Synthesised> {
  const configFile = join(folder, 'redress.json');
  if (config) await writeFile(configFile, JSON.stringify(config));
  return await synth({ outdir: join(folder, 'cdk.out'), check, bundles: inject('bundles'), ...(config && { configFile }) });
}

/** What turns the controls of all functions but these off, so that no event starts them. */
export async function offBut(...functions: readonly string[]): Promise<NonNullable<RedressConfig['controls']>> {
  const others = (await discoverFunctions()).filter(({ id }) => !functions.includes(id));
  return Object.fromEntries(controlsOf(others).map(({ id }) => [id, { mode: 'off' } as const]));
}
