import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installPackages } from '../../local/emulator/install.ts';

const venv = join(import.meta.dirname, '..', '..', '.venv-detect-secrets');

/** Which texts detect-secrets (PyPI) finds a secret in, as it comes; installs it first where it is absent, and throws `LocalCloudError` if it cannot. */
export async function scanWithDetectSecrets(texts: readonly string[], onProgress: (text: string) => void): Promise<readonly boolean[]> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const python = await installPackages({ name: 'detect-secrets', requirements, venv }, onProgress);
  const answer: unknown = JSON.parse(
    execFileSync(python, [join(import.meta.dirname, 'scan.py')], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    }),
  );
  if (!Array.isArray(answer) || answer.length !== texts.length) throw new TypeError('detect-secrets answered of other texts');
  return answer.map((found) => found === true);
}
