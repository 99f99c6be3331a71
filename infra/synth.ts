import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ControlFunction } from '#shared/control/control.ts';
import type { Json } from '#shared/control/types.ts';
import { type RedressConfig, withDefaultModes } from '#shared/finding/config.ts';
import { ConfigError, parseConfig } from '#shared/finding/config-schema.ts';
import { ALERTS, SLACK_ACTIONS } from '#shared/finding/names.ts';
import { hubOf } from '#shared/finding/organization.ts';
import { type Bundle, bundleFunctions, functionNames, linkBundles, writeConfig, writeControls, writeMembers } from './bundle.ts';
import { controlsOf, discoverFunctions } from './catalog.ts';

const root = join(import.meta.dirname, '..');

/** The config of this project, where no other is named. */
export const PROJECT_CONFIG = join(root, 'redress.config.ts');

/** What `synth` takes. */
export interface SynthOptions {
  /** A config as TypeScript (default export) or JSON; absent means `redress.config.ts`. */
  readonly configFile?: string;
  /** Where the template and the bundles go; absent means `cdk.out`. */
  readonly outdir?: string;
  /** Whether the template is also checked against CloudFormation's schemas and cdk-nag's rules; absent means yes. */
  readonly check?: boolean;
  /** What `bundleFunctions` made of all functions before, which the template's assets then load from there; absent means that they are bundled now. */
  readonly bundles?: readonly Bundle[];
}

/** What `synth` made. */
export interface Synthesised {
  readonly templateFile: string;
  readonly outdir: string;
  readonly config: RedressConfig;
  readonly functions: readonly ControlFunction[];
  /** The functions' bundles: names and sizes; their folders are gone, but what they hold stands in `outdir`. */
  readonly bundles: readonly Bundle[];
}

/** Bundles every function and writes the CloudFormation template; throws `ConfigError` or `NagError`, made to be shown. */
export async function synth({
  configFile = PROJECT_CONFIG,
  outdir = join(root, 'cdk.out'),
  check = true,
  bundles: made,
}: SynthOptions = {}): Promise<Synthesised> {
  const temporary = await mkdtemp(join(tmpdir(), 'redress-'));
  // the bundler works in threads of its own, while this one loads the controls and the CDK
  const bundling = made ? linkBundles(made, temporary) : bundleFunctions(await functionNames(), temporary);
  bundling.catch(() => undefined);
  try {
    const functions = await discoverFunctions();
    const config = await loadConfig(configFile, functions);
    const { assemble, STACK } = await import('./assembly.ts');
    const bundles = await bundling;
    const codeOf = (name: string) => join(temporary, name);
    const complete = withDefaultModes(config, controlsOf(functions));
    const configured = [...functions.map(({ id }) => id), ALERTS, SLACK_ACTIONS];
    await Promise.all([
      ...configured.map((name) => writeConfig(codeOf(name), complete)),
      writeControls(codeOf(SLACK_ACTIONS), functions),
      ...(hubOf(config) ? functions.map(({ id }) => writeMembers(codeOf(id), config)) : []),
    ]);
    await assemble({ functions, config, codeOf }, resolve(outdir), check);
    return { templateFile: join(resolve(outdir), `${STACK}.template.json`), outdir: resolve(outdir), config, functions, bundles };
  } finally {
    await bundling.catch(() => undefined);
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The template that this version makes of a config, without the code of its functions; nothing of it stays on disk. */
export async function templateOf(config: RedressConfig, functions: readonly ControlFunction[]): Promise<Json> {
  const { assemble, STACK } = await import('./assembly.ts');
  const temporary = await mkdtemp(join(tmpdir(), 'redress-'));
  try {
    const code = join(temporary, 'code');
    await mkdir(code);
    await assemble({ functions, config, codeOf: () => code }, temporary, false);
    return JSON.parse(await readFile(join(temporary, `${STACK}.template.json`), 'utf8'));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Reads and checks a config file; throws `ConfigError`, whose message names the file. */
export async function loadConfig(file: string, functions: readonly ControlFunction[]): Promise<RedressConfig> {
  let value: unknown;
  try {
    value = file.endsWith('.json') ? JSON.parse(await readFile(file, 'utf8')) : (await import(pathToFileURL(resolve(file)).href)).default;
  } catch (error) {
    throw new ConfigError(`The config ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    return parseConfig(value, controlsOf(functions));
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${file}: ${error.message}`, { cause: error }) : error;
  }
}
