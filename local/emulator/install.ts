import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LocalCloudError } from '../local-cloud-error.ts';
import { startProgram } from '../runtime/processes.ts';

const pythons = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const checkVersion = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';

/** A Python program from PyPI: what it is, the file that pins it with all it needs, and the virtual environment for it. */
interface Packages {
  /** Its name. */
  readonly name: string;
  readonly requirements: string;
  readonly venv: string;
}

/** Installs a program into a virtual environment of the project's own, unless it is there; answers the environment's Python. */
export async function installPackages({ name, requirements, venv }: Packages, onProgress: (text: string) => void): Promise<string> {
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const marker = join(venv, 'redress-requirements');
  const isThere = async (): Promise<boolean> => (await readFile(marker, 'utf8').catch(() => '')) === wanted;
  if (await isThere()) return pythonOf(venv);

  const python = await findPython(name);
  // Built beside and renamed when whole, so that an interrupted install is never taken for one that works.
  const fresh = `${venv}-${process.pid}`;
  await removeLeftovers(venv);
  try {
    onProgress(`${name} is being installed into ${basename(venv)}; this happens once and takes about a minute`);
    await run(python, ['-m', 'venv', fresh]);
    // Compiling everything beforehand would take as long as the download; what is used is compiled then.
    await run(pythonOf(fresh), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-compile',
      '--disable-pip-version-check',
      '--no-input',
      '-r',
      requirements,
    ]);
    await writeFile(join(fresh, 'redress-requirements'), wanted);
    if (await isThere()) return pythonOf(venv);
    await rm(venv, { recursive: true, force: true });
    await rename(fresh, venv).catch(async (cause) => {
      if (!(await isThere())) throw cause;
    });
    onProgress(`${name} is installed`);
    return pythonOf(venv);
  } catch (cause) {
    throw new LocalCloudError(
      `${name} could not be installed with ${python}: ${cause instanceof Error ? cause.message : String(cause)}\nCheck that pip can reach its package index, then start again.`,
      { cause },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}

async function findPython(name: string): Promise<string> {
  for (const python of pythons) {
    const usable = await run(python, ['-c', checkVersion]).then(
      () => true,
      () => false,
    );
    if (usable) return python;
  }
  throw new LocalCloudError(
    `This takes ${name}, which is written in Python, and neither that nor Python 3.10 or newer with venv is on the PATH.\n` +
      'Install Python (https://www.python.org/downloads/; on Debian and Ubuntu: apt-get install python3 python3-venv) and start again.',
  );
}

// Folders of installations that were interrupted.
async function removeLeftovers(venv: string): Promise<void> {
  const prefix = `${basename(venv)}-`;
  for (const name of await readdir(dirname(venv))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(dirname(venv), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Guarded, so that neither Ctrl-C nor a crash leaves an installer behind.
async function run(command: string, args: readonly string[]): Promise<void> {
  const program = startProgram(command, args, process.env);
  if ((await program.exited) !== 0) throw new Error(program.lastWords().split('\n').slice(-5).join('\n') || `${command} failed`);
}
