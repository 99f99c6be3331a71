import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, DefaultStackSynthesizer, type IStackSynthesizer } from 'aws-cdk-lib/core';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { ConfigError, parseConfig, type RedressConfig } from '../shared/config.ts';
import type { Kind } from '../shared/control.ts';
import { type Bundle, bundleFunctions } from './bundle.ts';
import { controlsOf, discoverKinds } from './catalog.ts';
import { RedressStack } from './redress-stack.ts';

/** The name of the stack, and so of its template: `Redress.template.json`. */
export const STACK = 'Redress';

const root = join(import.meta.dirname, '..');

/** What `synth` takes. */
export interface SynthOptions {
  /** A config as TypeScript (default export) or JSON; absent means `redress.config.ts`. */
  readonly configFile?: string;
  /** Where the template and the bundles go; absent means `cdk.out`. */
  readonly outdir?: string;
  /** Whether the template is also checked against CloudFormation's schemas and cdk-nag's rules; absent means yes. */
  readonly check?: boolean;
}

/** What `synth` made. */
export interface Synthesised {
  readonly templateFile: string;
  readonly outdir: string;
  readonly config: RedressConfig;
  readonly kinds: readonly Kind[];
  /** The functions' bundles: names and sizes; their folders are gone, copied into `outdir`. */
  readonly bundles: readonly Bundle[];
}

/** Bundles every function and writes the CloudFormation template; throws `ConfigError` or `NagError`, made to be shown. */
export async function synth({ configFile, outdir = join(root, 'cdk.out'), check = true }: SynthOptions = {}): Promise<Synthesised> {
  const kinds = await discoverKinds();
  const config = await loadConfig(configFile ?? join(root, 'redress.config.ts'), kinds);
  const temporary = await mkdtemp(join(tmpdir(), 'redress-'));
  try {
    const bundles = await Promise.all([
      bundleFunctions(kinds.map(({ id }) => id), temporary, config),
      bundleFunctions(['alerts'], temporary),
    ]);
    await synthesise(kinds, config, resolve(outdir), (name) => join(temporary, name), check);
    return { templateFile: join(resolve(outdir), `${STACK}.template.json`), outdir: resolve(outdir), config, kinds, bundles: bundles.flat() };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Reads and checks a config file; throws `ConfigError`, whose message names the file. */
export async function loadConfig(file: string, kinds: readonly Kind[]): Promise<RedressConfig> {
  let value: unknown;
  try {
    value = file.endsWith('.json') ? JSON.parse(await readFile(file, 'utf8')) : (await import(pathToFileURL(resolve(file)).href)).default;
  } catch (error) {
    throw new ConfigError(`The config ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    return parseConfig(value, controlsOf(kinds));
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${file}: ${error.message}`, { cause: error }) : error;
  }
}

async function synthesise(kinds: readonly Kind[], config: RedressConfig, outdir: string, codeOf: (name: string) => string, check: boolean): Promise<void> {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    // the same template whether the CDK's command or another of ours asks for it
    postCliContext: {
      // what `cdk init` would write into cdk.json, 80 lines of it
      ...CURRENTLY_RECOMMENDED_FLAGS,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': false,
      '@aws-cdk/core:target-partitions': ['aws', 'aws-us-gov', 'aws-cn'],
    },
    builtinCloudFormationValidation: check,
  });
  const stack = new RedressStack(app, STACK, {
    kinds,
    config,
    codeOf,
    description: 'Redress: sets right what was created wrong in this account and Region.',
    terminationProtection: false,
    // the CDK's command checks the bootstrap version by itself; without the rule the template has no parameter
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
  });
  app.synth();
  // loaded here, because it brings all of the CDK and takes half a second
  if (check) (await import('./nag-check.ts')).checkWithNag(stack);
}
