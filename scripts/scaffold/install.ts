import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { ScaffoldError } from './error.ts';

/** What adds a package to the project. */
export interface Installer {
  /** Whether the registry has it. */
  has(packageName: string): Promise<boolean>;
  /** Adds it, pinned to its version, and updates the lockfile; throws if it could not. */
  add(root: string, packageName: string): Promise<void>;
}

/** npm itself, which shows its own progress. */
export const npm: Installer = {
  async has(packageName) {
    try {
      await promisify(execFile)('npm', ['view', packageName, 'version']);
      return true;
    } catch (error) {
      if (String(error).includes('E404')) return false;
      throw new ScaffoldError(
        `npm cannot tell whether there is a package ${packageName}: ${lastLine(error)}. Nothing was written. When npm reaches its registry again, run the command once more.`,
        { cause: error },
      );
    }
  },
  async add(root, packageName) {
    console.log(`Adding ${packageName}, the client of the service:`);
    const child = spawn('npm', ['install', '--save-exact', '--no-audit', '--no-fund', packageName], { cwd: root, stdio: 'inherit' });
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`npm install ended with code ${code}`);
  },
};

/** Adds the first of these packages that there is, and says which; throws `ScaffoldError`. */
export async function addFirst(root: string, packages: readonly string[], installer: Installer): Promise<string> {
  for (const packageName of packages) {
    if (!(await installer.has(packageName))) continue;
    try {
      await installer.add(root, packageName);
    } catch (error) {
      throw new ScaffoldError(
        `${packageName} could not be added: ${error instanceof Error ? error.message : String(error)}. Nothing else was written. Run npm install --save-exact ${packageName} yourself, and then this command again.`,
        { cause: error },
      );
    }
    return packageName;
  }
  throw new ScaffoldError(
    `npm knows no package ${packages.join(' or ')}. Add the client of the service yourself, with npm install --save-exact, and choose its type with --type.`,
  );
}

function lastLine(error: unknown): string {
  return String(error).trim().split('\n').at(-1) ?? '';
}
