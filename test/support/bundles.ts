import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Bundle, bundleFunctions, functionNames } from '../../infra/bundle.ts';
import { startMotoNursery } from './moto-nursery.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Every function's bundle, made once for all tests of a layer: it takes seconds, and no config changes it. */
    readonly bundles: readonly Bundle[];
  }
}

/** Bundles all functions and loads moto before the first test of a layer. */
export default async function bundleOnce(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'redress-bundles-'));
  project.provide('bundles', await bundleFunctions(await functionNames(), folder));
  const stopNursery = await startMotoNursery(folder);
  return async () => {
    await stopNursery();
    await rm(folder, { recursive: true, force: true });
  };
}
