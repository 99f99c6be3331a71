import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Bundle, bundleFunctions, functionNames } from '../../infra/bundle.ts';
import { startMotoNursery } from './moto-nursery.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Every function's bundle, made once for all tests: it takes seconds, and no config changes it. */
    readonly bundles: readonly Bundle[];
  }
}

/** Bundles all functions and loads moto before the first test of a layer, once for all layers. */
export default async function bundleOnce({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const all = vitest.getRootProject();
  if (all.getProvidedContext().bundles) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'redress-bundles-'));
  // what one process of a test compiles, the next finds
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  all.provide('bundles', await bundleFunctions(await functionNames(), folder));
  const stopNursery = await startMotoNursery(folder);
  return async () => {
    await stopNursery();
    // a process that ends may still write what it compiled
    await rm(folder, { recursive: true, force: true, maxRetries: 9 });
  };
}
