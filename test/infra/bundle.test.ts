import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bundleFunctions, writeConfig } from '../../infra/bundle.ts';

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
