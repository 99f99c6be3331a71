import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { SLACK_ACTIONS } from '#shared/finding/names.ts';
import { bundleEntry, bundleFunctions, entryOf, functionNames } from '../infra/bundle.ts';

const variantNames = ['bare', 'five-calls', 'redress', 'module-main', 'cdk-default'] as const;

/** How a handler was bundled; `bare` is one that does nothing, and `five-calls` one that makes five calls to AWS and nothing else. */
export type VariantName = (typeof variantNames)[number];

/** One bundle of one function. */
export interface Variant {
  readonly function: string;
  readonly name: VariantName;
  /** The file that Lambda's runtime would import. */
  readonly file: string;
  /** All JavaScript of the bundle. */
  readonly bytes: number;
  readonly files: number;
}

/** The functions that queues feed; the one behind a URL waits for people. */
export async function queueFunctions(): Promise<readonly string[]> {
  return (await functionNames()).filter((name) => name !== SLACK_ACTIONS);
}

/**
 * Bundles every function that works through a queue in every way, under `folder`.
 * What `NodejsFunction` hands to esbuild for `nodejs24.x`: bundle, target, platform, and nothing else, so CommonJS and not minified.
 * It would leave the SDK to the runtime's own copy; here every bundle carries it (`bundleAwsSDK`), so that like is compared with like.
 */
export async function makeVariants(folder: string): Promise<readonly Variant[]> {
  const names = await queueFunctions();
  const redress = await bundleFunctions(names, join(folder, 'redress'));
  await bundleEntry(join(import.meta.dirname, 'five-calls.ts'), join(folder, 'five-calls'));
  const variants = names.map(async (name): Promise<Variant[]> => {
    const entry = await entryOf(name);
    const bare = join(folder, 'bare', name, 'index.mjs');
    await mkdir(join(bare, '..'), { recursive: true });
    await writeFile(bare, 'export const handler = async () => ({ batchItemFailures: [] });\n');
    const esbuild = async (variant: VariantName, mainFields: string[] | undefined): Promise<string> => {
      const outfile = join(folder, variant, name, 'index.js');
      const fields = mainFields === undefined ? {} : { mainFields };
      await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node24', logLevel: 'error', ...fields });
      return outfile;
    };
    const files: { readonly [name in VariantName]: string } = {
      bare,
      'five-calls': join(folder, 'five-calls', 'index.mjs'),
      redress: join(redress.find((bundle) => bundle.name === name)?.folder ?? '', 'index.mjs'),
      'module-main': await esbuild('module-main', ['module', 'main']),
      'cdk-default': await esbuild('cdk-default', undefined),
    };
    return Promise.all(variantNames.map(async (variant) => ({ function: name, name: variant, ...(await fileFacts(files[variant])) })));
  });
  return (await Promise.all(variants)).flat();
}

async function fileFacts(file: string): Promise<Pick<Variant, 'file' | 'bytes' | 'files'>> {
  const folder = join(file, '..');
  const names = (await readdir(folder)).filter((name) => /\.m?js$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { file, bytes: sizes.reduce((sum, size) => sum + size, 0), files: names.length };
}
