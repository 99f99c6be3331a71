import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalCloud } from '../cloud.ts';

const exec = promisify(execFile);

/** Runs a command of the CLI as the user of the local cloud; answers what it wrote. */
export async function redress({ env }: LocalCloud, ...command: readonly string[]): Promise<string> {
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  const { stdout } = await exec(process.execPath, [main, ...command], { env: { ...process.env, ...env } });
  return stdout;
}
