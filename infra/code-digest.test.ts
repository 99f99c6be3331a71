import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeDigest, digestOf } from './code-digest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-code-'));
  await mkdir(join(folder, 'shared/aws'), { recursive: true });
  await writeFile(join(folder, 'lock.json'), '{}');
  await writeFile(join(folder, 'shared/aws/a.ts'), 'one\ntwo\n');
});
afterEach(() => rm(folder, { recursive: true }));

const digest = () => digestOf(folder, ['shared', 'lock.json']);

test.each([
  ['a source', 'shared/aws/a.ts', 'one\nthree\n'],
  ['another source', 'shared/b.ts', ''],
  ['a list of data', 'shared/aws/list.json', '[]'],
  ['a package', 'lock.json', '{"a":1}'],
])('it changes with %s', async (_name, path, text) => {
  const before = digest();
  await writeFile(join(folder, path), text);
  expect(digest()).not.toBe(before);
});

test.each([
  ['a test', 'shared/aws/a.test.ts', 'test()'],
  ['a note', 'shared/aws/README.md', '# a'],
  ['the way in which lines end', 'shared/aws/a.ts', 'one\r\ntwo\r\n'],
])('it does not change with %s', async (_name, path, text) => {
  const before = digest();
  await writeFile(join(folder, path), text);
  expect(digest()).toBe(before);
});

test('that of the project is one, however often it is asked for', () => {
  expect(codeDigest()).toMatch(/^[0-9a-f]{16}$/);
  expect(codeDigest()).toBe(codeDigest());
});
