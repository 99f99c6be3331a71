import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedressConfig } from '#shared/finding/config.ts';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloudOptions } from '../../local/options.ts';
import { resolveLocalhost } from '../../local/runtime/localhost-names.ts';

/** Two run of each function, as many as a machine of two cores has room for. */
const CONCURRENCY = 2;

/** Runs work in a local cloud of a config, which ends with it, and with Ctrl-C. */
export async function inCloud<Result>(
  config: RedressConfig,
  options: LocalCloudOptions,
  work: (cloud: LocalCloud) => Promise<Result>,
): Promise<Result> {
  resolveLocalhost();
  const folder = await mkdtemp(join(tmpdir(), 'redress-storm-'));
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const cloud = await startLocalCloud({ configFile, concurrency: CONCURRENCY, ...options });
  const stop = async (): Promise<void> => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    return await work(cloud);
  } finally {
    await stop();
  }
}
