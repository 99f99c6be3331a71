import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretFormats } from '#shared/detect/formats.ts';
import { personalForms } from '#shared/detect/personal.ts';
import { bundleEntry } from '../../infra/bundle.ts';

/** A form of whatever is looked for, and where it is from. */
type Form = { readonly detector: string; readonly pattern: RegExp; readonly hints?: readonly string[]; readonly source: string };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const knownBy = ({ detector, hints, pattern }: Form) => ({ detector, hints, pattern: String(pattern) });

test('a bundle knows each form of what is looked for as its source does, without where it is from', async () => {
  const detect = join(import.meta.dirname, '../../shared/detect');
  const entry = join(folder, 'entry.ts');
  const modules = { secretFormats: 'formats.ts', personalForms: 'personal.ts' };
  const lines = Object.entries(modules).map(([name, file]) => `export { ${name} } from ${JSON.stringify(join(detect, file))};`);
  await writeFile(entry, lines.join('\n'));
  await bundleEntry(entry, join(folder, 'out'));
  const bundle: { readonly [name in keyof typeof modules]: readonly Form[] } = await import(
    pathToFileURL(join(folder, 'out/index.mjs')).href
  );
  for (const [ours, theirs] of [
    [bundle.secretFormats, secretFormats],
    [bundle.personalForms, personalForms],
  ] as const) {
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.map(knownBy)).toEqual(theirs.map(knownBy));
    expect(ours.filter(({ source }) => source !== '')).toEqual([]);
  }
  const names = await readdir(join(folder, 'out'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 'out', name), 'utf8')));
  // the places of lists are left
  expect(texts.join('').match(/https:\/\/(?!github)[\w.-]+\/\S+/g)).toBeNull();
});
