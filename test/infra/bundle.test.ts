import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bundleEntry, bundleFunctions, writeConfig } from '../../infra/bundle.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-bundle-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  return rm(folder, { recursive: true, force: true });
});

test("a bundle takes Node's own modules without running their lazy getters, and loads", async () => {
  const [alerts] = await bundleFunctions(['alerts'], folder);
  const files = (await readdir(alerts?.folder ?? '')).filter((name) => name.endsWith('.mjs'));
  const code = await Promise.all(files.map((name) => readFile(join(folder, 'alerts', name), 'utf8')));
  expect(code.join('\n')).toContain('getBuiltinModule(`node:http`)');
  expect(code.join('\n')).not.toMatch(/(from|import\(?)\s*["'`]node:/);
  // Lambda gives credentials in the environment: what asks STS and SSO for them stays at home. A hub loads a client of STS, which names calls
  const always = code.filter((_, n) => !files[n]?.startsWith('members-'));
  expect(always).toHaveLength(code.length - 1);
  expect(always.join('\n')).not.toMatch(/AssumeRoleWithWebIdentity|GetRoleCredentials|CreateOAuth2Token/);
  await writeConfig(join(folder, 'alerts'), {});
  vi.stubEnv('LAMBDA_TASK_ROOT', join(folder, 'alerts'));
  vi.stubEnv('REDRESS_TABLE', 'x');
  const bundle: object = await import(pathToFileURL(join(folder, 'alerts', 'index.mjs')).href);
  expect(bundle).toHaveProperty('handler');
});

test('a bundle that would lack a package is none', async () => {
  const entry = join(folder, 'entry.ts');
  await writeFile(entry, "import { handler } from 'redress-has-no-such-package';\nexport { handler };\n");
  await expect(bundleEntry(entry, join(folder, 'out'))).rejects.toThrow('redress-has-no-such-package');
});

test('a bundle is the same from whatever folder it is made', async () => {
  const code = `await (await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../infra/bundle.ts')).href)}))
    .bundleFunctions(['slack-actions'], process.argv[1]);`;
  const made = async (cwd: string, name: string) => {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, join(folder, name)], { cwd });
    const files = await readdir(join(folder, name, 'slack-actions'));
    return await Promise.all(files.map(async (file) => [file, await readFile(join(folder, name, 'slack-actions', file), 'utf8')]));
  };
  expect(await made(folder, 'elsewhere')).toEqual(await made(join(import.meta.dirname, '../..'), 'here'));
});
