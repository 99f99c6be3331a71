import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import type { ControlFunction } from '#shared/control/control.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { MEMBERS_FILE } from '#shared/finding/names.ts';
import { membersOf } from '#shared/finding/organization.ts';
import { smallerSdk } from './bundle-sdk.ts';
import { noSources } from './bundle-sources.ts';
import { functionsFolder } from './catalog.ts';

/** One function's bundle: a folder with `index.mjs`, its chunks and `config.json`. */
export interface Bundle {
  readonly name: string;
  readonly folder: string;
  /** All JavaScript of the folder, in bytes. */
  readonly bytes: number;
  readonly files: number;
}

/** The modules that a function's folder may export its handler from: its own, or the one that is generated of its controls. */
const ENTRIES = ['handler.ts', 'generated.ts'];

/** The names of all functions: the folders under `functions/` that have a handler. */
export async function functionNames(folder = functionsFolder): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = await Promise.all(names.map((name) => findEntry(join(folder, name))));
  return names.filter((_name, index) => found[index] !== undefined).sort();
}

/** The module that exports a function's handler; throws `TypeError` if it has none. */
export async function entryOf(name: string): Promise<string> {
  const entry = await findEntry(join(functionsFolder, name));
  if (!entry) throw new TypeError(`functions/${name} has no handler`);
  return entry;
}

async function findEntry(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const entry = ENTRIES.find((name) => names.includes(name));
  return entry && join(folder, entry);
}

/** Bundles functions into `outdir/<name>/`, each as Lambda runs it once `writeConfig` was called. */
export async function bundleFunctions(names: readonly string[], outdir: string): Promise<readonly Bundle[]> {
  return Promise.all(
    names.map(async (name) => {
      const folder = join(outdir, name);
      await rm(folder, { recursive: true, force: true });
      await bundleEntry(await entryOf(name), folder);
      return { name, folder, ...(await sizeOf(folder)) };
    }),
  );
}

/** Makes folders `outdir/<name>/` where configs can be put, whose code stays where it is: nothing is copied, and Node knows what it has compiled before. */
export async function linkBundles(bundles: readonly Bundle[], outdir: string): Promise<readonly Bundle[]> {
  return Promise.all(
    bundles.map(async (bundle) => {
      const folder = join(outdir, bundle.name);
      await mkdir(folder, { recursive: true });
      const code = pathToFileURL(resolve(bundle.folder, 'index.mjs')).href;
      await writeFile(join(folder, 'index.mjs'), `export * from ${JSON.stringify(code)};\n`);
      return { ...bundle, folder };
    }),
  );
}

/** Puts the validated config into a bundle, where its handler reads it. */
export async function writeConfig(folder: string, config: RedressConfig): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

/** Puts into a bundle of a hub whom it serves. */
export async function writeMembers(folder: string, { organization = {} }: RedressConfig): Promise<void> {
  await writeFile(join(folder, MEMBERS_FILE), JSON.stringify(membersOf(organization)));
}

/** Puts into a bundle which function runs each control, because its queue takes the orders. */
export async function writeControls(folder: string, functions: readonly ControlFunction[]): Promise<void> {
  const functionOf = functions.flatMap(({ id: name, controls }) => controls.map(({ id }) => [id, name]));
  await writeFile(join(folder, 'controls.json'), JSON.stringify(Object.fromEntries(functionOf)));
}

/** Bundles one entry file into `folder/index.mjs` and its chunks, with the settings that Redress deploys. */
export async function bundleEntry(entry: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const bundle = await rolldown({
    // whatever folder this is called from: a stand-in has none of its own to look for packages from
    cwd: dirname(functionsFolder),
    input: { index: resolve(entry) },
    platform: 'node',
    // the SDK's ES modules; CDK's default takes its CommonJS ones, which cannot be shaken
    resolve: { mainFields: ['module', 'main'] },
    // neither our modules nor the SDK's do anything when loaded, so what is not used goes
    treeshake: { moduleSideEffects: false },
    plugins: [lazyBuiltins, ...smallerSdk, noSources],
    // what one function loads when it is needed, another always needs
    checks: { ineffectiveDynamicImport: false },
    logLevel: 'warn',
    // what is not found would be left for Lambda to find
    onLog: (level, log, handle) => handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log),
  });
  try {
    // chunks let Node skip what a path does not need; their hashes keep the folder's own hash honest
    await bundle.write({
      dir: resolve(folder),
      format: 'esm',
      minify: true,
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      // each file more is one more that Node has to find and read: what every start needs stands in one, and what several controls share
      codeSplitting: {
        groups: [
          { name: 'start', tags: ['$initial'] },
          { name: 'detect', test: /[\\/]shared[\\/]detect[\\/]/ },
          { name: 'common', test: /[\\/](shared|functions)[\\/]/, minShareCount: 2 },
        ],
      },
    });
  } finally {
    await bundle.close();
  }
}

const BUILTIN = '\0builtin:';
// each plugin says by pattern what it wants, so that rolldown asks it of nothing else
const isBuiltin = new RegExp(`^(node:.+|${builtinModules.join('|')})$`);

/**
 * Takes Node's own modules as `require` would. An ES import reads every export at once and so runs their lazy getters:
 * of `node:http`, that loads all of undici, which nothing here uses. https://github.com/nodejs/node/issues/59686
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  resolveId: { filter: { id: isBuiltin }, handler: (source) => `${BUILTIN}${source}` },
  load: {
    filter: { id: /^\0builtin:/ },
    handler: (id) => `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(BUILTIN.length))});`,
  },
};

/** A line for people about bundles, such as `volumes 358 KB in 33 files`. */
export function describeBundles(bundles: readonly Bundle[]): string {
  return bundles
    .map(({ name, bytes, files }) => `${name} ${Math.round(bytes / 1024)} KB in ${files} ${files === 1 ? 'file' : 'files'}`)
    .join(', ');
}

async function sizeOf(folder: string): Promise<{ bytes: number; files: number }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: names.length };
}
