import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A copy of the project in a temporary folder, with the same node_modules. */
export interface Copy {
  readonly folder: string;
  /** Runs Node in the copy; never throws. */
  node(...args: readonly string[]): Promise<Ran>;
  remove(): Promise<void>;
}

/** How a program ended, and what it printed. */
interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Copies those files and folders of the project that are named. */
export async function copyProject(...names: readonly string[]): Promise<Copy> {
  // the real path, as programs report it: a temporary folder can be behind a link
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'redress-scripts-')));
  // what Redress costs is computed of what the bench counted, and what its code is of the lock file too
  for (const name of ['package.json', 'package-lock.json', 'bench/results.json', 'bench/sweeps.json', ...names]) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    node: (...args) => run(process.execPath, args, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function run(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  // what this test runner tells its own children must not reach another one
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST|NODE_OPTIONS)/.test(name)));
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...env, NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: stdout + stderr });
    });
  });
}
