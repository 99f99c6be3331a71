import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalCloud } from '../cloud.ts';

const exec = promisify(execFile);

/** Runs a command of the CLI as the user of the local cloud, who is asked nothing. */
export async function redress({ env }: LocalCloud, ...command: readonly string[]): Promise<void> {
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  await exec(process.execPath, [main, ...command, '--yes', '--json'], { env: { ...process.env, ...env } });
}
