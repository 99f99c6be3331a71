import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalCloudError } from './local-cloud-error.ts';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt');
const pythons = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const checkVersion = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';

/** Installs moto into a virtual environment of the project's own, unless it is there; answers the environment's Python. */
export async function installMoto(venv: string, onProgress: (text: string) => void): Promise<string> {
  const wanted = createHash('sha256').update(await readFile(requirements)).digest('hex');
  const marker = join(venv, 'redress-requirements');
  const isThere = async (): Promise<boolean> => (await readFile(marker, 'utf8').catch(() => '')) === wanted;
  if (await isThere()) return pythonOf(venv);

  const python = await findPython();
  // Built beside and renamed when whole, so that an interrupted install is never taken for one that works.
  const fresh = `${venv}-${process.pid}`;
  try {
    onProgress('moto, the AWS emulator, is being installed into .venv; this happens once and takes about a minute');
    await run(python, ['-m', 'venv', fresh]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check', '--no-input', '-r', requirements];
    await run(pythonOf(fresh), pip, { maxBuffer: 2 ** 24 });
    await writeFile(join(fresh, 'redress-requirements'), wanted);
    if (await isThere()) return pythonOf(venv);
    await rm(venv, { recursive: true, force: true });
    await rename(fresh, venv).catch(async (cause) => {
      if (!(await isThere())) throw cause;
    });
    onProgress('moto is installed');
    return pythonOf(venv);
  } catch (cause) {
    throw new LocalCloudError(`moto could not be installed with ${python}: ${reason(cause)}\nCheck that pip can reach its package index, then start again.`, { cause });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}

async function findPython(): Promise<string> {
  for (const python of pythons) {
    const usable = await run(python, ['-c', checkVersion]).then(
      () => true,
      () => false,
    );
    if (usable) return python;
  }
  throw new LocalCloudError(
    'The local cloud runs moto, an AWS emulator written in Python, and found neither `moto_server` nor Python 3.10 or newer with venv on the PATH.\n' +
      'Install Python (https://www.python.org/downloads/; on Debian and Ubuntu: apt-get install python3 python3-venv) and start again.',
  );
}

function reason(cause: unknown): string {
  const stderr = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : '';
  return stderr === '' ? String(cause) : stderr.split('\n').slice(-5).join('\n');
}
