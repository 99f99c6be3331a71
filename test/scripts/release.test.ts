import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checksums } from '../../scripts/release-files.ts';

test('the checksums of a release name every file, as sha256sum reads them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redress-release-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'b'));
  await writeFile(join(folder, 'b', 'one.mjs'), 'abc');
  await writeFile(join(folder, 'a.json'), '');
  expect(await checksums(folder)).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.json\n' +
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b/one.mjs\n',
  );
});
