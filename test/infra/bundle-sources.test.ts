import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretFormats } from '#shared/detect/formats.ts';
import type { SecretFormat } from '#shared/detect/forms.ts';
import { bundleEntry } from '../../infra/bundle.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const knownBy = ({ detector, hints, pattern }: SecretFormat) => ({ detector, hints, pattern: String(pattern) });

test('a bundle knows each format of a secret as the source does, without where it is from', async () => {
  await bundleEntry(join(import.meta.dirname, '../../shared/detect/formats.ts'), folder);
  const bundle: { readonly secretFormats: readonly SecretFormat[] } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
  expect(bundle.secretFormats.map(knownBy)).toEqual(secretFormats.map(knownBy));
  expect(bundle.secretFormats.filter(({ source }) => source !== '')).toEqual([]);
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  expect(texts.join('').match(/https:\/\/(?!github)[\w.-]+\/\S+/g)).toBeNull();
});
